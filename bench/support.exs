defmodule Bench do
  # What the benches share: trees, the floor program, interleaved rounds, medians, tables.
  # What is measured and why stands in the benches themselves.

  @root Path.expand("..", __DIR__)

  @doc "Options of a bench, with defaults: `mix run bench/x.exs --rounds 5 --trees real,flat`."
  def options(defaults) do
    switches = for {name, default} <- defaults, do: {name, type(default)}
    {given, _, wrong} = OptionParser.parse(System.argv(), strict: switches)
    known = Enum.map_join(defaults, ", ", &"--#{dashed(elem(&1, 0))}")
    unless wrong == [], do: raise(ArgumentError, "#{inspect(wrong)}: this bench takes #{known}")
    given = for {name, value} <- given, do: {name, list(value, defaults[name])}
    defaults |> Keyword.merge(given) |> Map.new()
  end

  defp type(default) when is_integer(default), do: :integer
  defp type(default) when is_boolean(default), do: :boolean
  defp type(_), do: :string

  defp list(value, default) when is_list(default), do: String.split(value, ",", trim: true)
  defp list(value, _default), do: value

  defp dashed(name), do: name |> Atom.to_string() |> String.replace("_", "-")

  def tree_dir, do: Path.join(System.get_env("TMPDIR") || "/tmp", "aether-bench")

  @doc "The path of a tree, which is made if it is not there."
  def tree(name) do
    {_, 0} = System.cmd(Path.join(__DIR__, "trees.sh"), ["--dir", tree_dir(), name])
    Path.join(tree_dir(), name)
  end

  @doc "How many entries a tree has."
  def entries(name),
    do:
      tree_dir()
      |> Path.join(name <> ".done")
      |> File.read!()
      |> String.trim()
      |> String.to_integer()

  @doc "The floor program, built if need be."
  def floor do
    args = ~w(build --quiet --release --locked -p aether_core --example floor)
    {_, 0} = System.cmd("cargo", args, cd: Path.join(@root, "native"))
    target = System.get_env("CARGO_TARGET_DIR") || Path.join(@root, "native/target")
    Path.join(target, "release/examples/floor")
  end

  @doc "The program with zlob in it, if bench/peers.sh has built it."
  def zlob do
    cache = System.get_env("XDG_CACHE_HOME") || Path.expand("~/.cache")
    cache = System.get_env("AETHER_BENCH_CACHE") || Path.join(cache, "aether-bench")
    path = Path.join(cache, "peers/release/peers")
    if File.exists?(path), do: path
  end

  @doc "Runs a program that prints `name=value` pairs; gives them as a map of integers."
  def program(path, args) do
    {line, 0} = System.cmd(path, args)

    for pair <- String.split(line), into: %{} do
      [name, value] = String.split(pair, "=")
      {name, String.to_integer(value)}
    end
  end

  @doc "What a call takes, in nanoseconds, and what it returned."
  def time(fun) do
    from = System.monotonic_time()
    result = fun.()
    {System.convert_time_unit(System.monotonic_time() - from, :native, :nanosecond), result}
  end

  @doc "Processor time of this VM so far, in ms: hardly minds what else the machine does. Ticks every 10 ms."
  def cpu_ms do
    [_, fields] = String.split(File.read!("/proc/self/stat"), ~r/\)(?=[^)]*$)/)

    [user, system] =
      fields |> String.split() |> Enum.slice(11, 2) |> Enum.map(&String.to_integer/1)

    (user + system) * 10
  end

  @doc "Runs `fun` in a process of its own, as fresh as that of a user, and gives its result."
  def fresh(fun) do
    {pid, monitor} = spawn_monitor(fn -> exit({:shutdown, {:result, fun.()}}) end)

    receive do
      {:DOWN, ^monitor, :process, ^pid, {:shutdown, {:result, result}}} -> result
      {:DOWN, ^monitor, :process, ^pid, reason} -> exit(reason)
    end
  end

  @doc """
  Runs all contestants `rounds` times, one after the other in an order that turns, so that what else the
  machine does hits all alike; one round before is not counted. Each gives a number.
  """
  def rounds(rounds, contestants) do
    for {_name, fun} <- contestants, do: fun.()

    for round <- 1..rounds, reduce: Map.new(contestants, fn {name, _} -> {name, []} end) do
      results ->
        {later, first} = Enum.split(contestants, rem(round, length(contestants)))

        for {name, fun} <- first ++ later, reduce: results do
          results -> Map.update!(results, name, &[fun.() | &1])
        end
    end
  end

  def median(values), do: percentile(values, 50)

  def percentile(values, percent) do
    sorted = Enum.sort(values)
    at = percent / 100 * (length(sorted) - 1)
    low = Enum.at(sorted, floor(at))
    low + (Enum.at(sorted, ceil(at)) - low) * (at - floor(at))
  end

  @doc "The median of the ratios round by round: steadier than the ratio of medians when others use the machine."
  def ratio(values, others),
    do: values |> Enum.zip(others) |> Enum.map(fn {a, b} -> a / b end) |> median()

  def ms(nanoseconds, digits \\ 1), do: number(nanoseconds / 1.0e6, digits)
  def us(nanoseconds, digits \\ 1), do: number(nanoseconds / 1.0e3, digits)
  def number(value, digits \\ 2), do: :erlang.float_to_binary(value / 1, decimals: digits)

  @doc "Prints a markdown table."
  def table(title, head, rows) do
    IO.puts("\n### #{title}\n\n| #{Enum.join(head, " | ")} |")
    IO.puts("|#{String.duplicate("---|", length(head))}")
    for row <- rows, do: IO.puts("| #{Enum.join(row, " | ")} |")
  end

  @doc "What has to be known to read the numbers."
  def machine do
    IO.puts(
      "OTP #{System.otp_release()}, Elixir #{System.version()}, " <>
        "#{System.schedulers_online()} cores, MIX_ENV=#{Mix.env()}, warm cache"
    )
  end

  @doc "Reads all messages of a scan, keeps none, and gives the summary."
  def drain(%Aether.Scan{ref: ref} = scan, more \\ nil) do
    receive do
      {:scan_chunk, ^ref, _slab} ->
        drain(scan, more)

      {:scan_passive, ^ref} ->
        Aether.Scanner.ask(scan, more)
        drain(scan, more)

      {:scan_completed, ^ref, summary} ->
        summary
    end
  end

  def found(summary), do: summary.files + summary.directories + summary.symlinks + summary.others
end
