# How soon the first entry is there, by the clock of the process that asked: from the call of `scan` to the first
# slab with an entry in its mailbox. Beside it the ways one has without Aether.
#
#     MIX_ENV=prod mix run bench/first_entry.exs [--times N] [--trees empty,small,real,wide,flat,flat1m]
Code.require_file("support.exs", __DIR__)

defmodule FirstEntry do
  alias Aether.{Scanner, Slab}

  def aether(path, opts) do
    from = System.monotonic_time()
    {:ok, scan} = Scanner.scan(path, opts)
    took = first(scan.ref, from)
    :ok = Scanner.cancel(scan, flush: true)
    took
  end

  defp first(ref, from) do
    receive do
      {:scan_chunk, ^ref, slab} ->
        at = System.monotonic_time()
        if Slab.count(slab) > 0, do: ns(at - from), else: first(ref, from)
    end
  end

  # Of an empty directory there is only the end.
  def to_summary(path) do
    {took, _} =
      Bench.time(fn ->
        {:ok, scan} = Scanner.scan(path)
        Bench.drain(scan)
      end)

    took
  end

  # Elixir's way to a first entry with its metadata reads all names first.
  def elixir(path) do
    {took, _} =
      Bench.time(fn ->
        {:ok, [name | _]} = File.ls(path)
        File.lstat!(Path.join(path, name))
      end)

    took
  end

  # A process started here ignores SIGPIPE, and would go on after the port is closed.
  def port(program, args) do
    from = System.monotonic_time()
    port = Port.open({:spawn_executable, program}, [:binary, :exit_status, args: args])

    receive do
      {^port, {:data, _}} -> :ok
    end

    took = ns(System.monotonic_time() - from)

    with {:os_pid, pid} <- Port.info(port, :os_pid),
         do: System.cmd("kill", ["-9", "#{pid}"], stderr_to_stdout: true)

    until_ended(port)
    took
  end

  defp until_ended(port) do
    receive do
      {^port, {:exit_status, _}} -> :ok
      {^port, {:data, _}} -> until_ended(port)
    end
  end

  defp ns(native), do: System.convert_time_unit(native, :native, :nanosecond)

  def small do
    path = Path.join(Bench.tree_dir(), "small")
    for n <- 1..10, do: File.write!(Path.join(mkdir(path), "file-#{n}"), "")
    path
  end

  defp mkdir(path) do
    File.mkdir_p!(path)
    path
  end
end

options = Bench.options(times: 101, trees: ["empty", "small", "real", "wide", "flat", "flat1m"])

Bench.machine()
find = System.find_executable("find")
format = ~S(%y %s %T@ %P\0)

rows =
  for tree <- options.trees do
    path = if tree == "small", do: FirstEntry.small(), else: Bench.tree(tree)
    # Those that read a whole directory first take their time; fewer are enough.
    slow = min(options.times, 7)
    run = fn times, fun -> Bench.rounds(times, [{:it, fn -> Bench.fresh(fun) end}]).it end

    if tree == "empty" do
      times = run.(options.times, fn -> FirstEntry.to_summary(path) end)

      [
        "empty, to the summary",
        Bench.ms(Bench.median(times), 3),
        Bench.ms(Bench.percentile(times, 99), 3)
      ] ++
        List.duplicate("–", 4)
    else
      scan = run.(options.times, fn -> FirstEntry.aether(path, []) end)
      deep = run.(options.times, fn -> FirstEntry.aether(path, depth: :infinity) end)
      elixir = run.(slow, fn -> FirstEntry.elixir(path) end)
      args = [path, "-mindepth", "1", "-maxdepth", "2", "-printf", format]
      port = run.(slow, fn -> FirstEntry.port(find, args) end)

      [tree, Bench.ms(Bench.median(scan), 3), Bench.ms(Bench.percentile(scan, 99), 3)] ++
        [Bench.ms(Bench.median(deep), 3), Bench.ms(Bench.percentile(deep, 99), 3)] ++
        [Bench.ms(Bench.median(elixir), 3), Bench.ms(Bench.median(port), 3)]
    end
  end

Bench.table(
  "First entry, ms (target: median under 1, on a directory of any size)",
  [
    "tree",
    "scan/2",
    "p99",
    "depth: :infinity",
    "p99",
    "File.ls, then lstat",
    "Port to `find -maxdepth 2`"
  ],
  rows
)
