defmodule Bench.FirstEntry do
  @moduledoc "Time from calling `scan` to the first slab with an entry in the caller's mailbox, and to the first entry by other means."

  alias Aether.{Scanner, Slab}
  alias Bench.{Measure, Ports}

  @doc "Once, in a VM that has never scanned: includes loading the library and starting threads."
  def first(%{"who" => who, "path" => path} = options) do
    [first_ns: Measure.fresh(fn -> once(who, path, options) end)]
  end

  @doc "Many times in one VM, after a run that is not counted."
  def firsts(%{"path" => path, "times" => times} = options) do
    Measure.fresh(fn -> once("aether", path, options) end)

    took =
      for _ <- 1..String.to_integer(times),
          do: Measure.fresh(fn -> once("aether", path, options) end)

    Measure.spread("first", took)
  end

  defp once("aether", path, options) do
    depth = if options["depth"] == "infinity", do: :infinity, else: 2
    from = System.monotonic_time()
    {:ok, scan} = Scanner.scan(path, depth: depth)
    took = first_slab(scan.ref, from)
    :ok = Scanner.cancel(scan, flush: true)
    took
  end

  # Elixir's way to a first entry with metadata reads all names first.
  defp once("File", path, _options) do
    {took, _} =
      Measure.time(fn ->
        {:ok, [name | _]} = File.ls(path)
        File.lstat!(Path.join(path, name))
      end)

    took
  end

  # A process started here ignores SIGPIPE, and would go on after the port is closed.
  defp once(who, path, %{"program" => program}) do
    from = System.monotonic_time()
    port = Ports.open(program, Ports.args(who, path))

    receive do
      {^port, {:data, _}} -> :ok
    end

    took = Measure.ns(System.monotonic_time() - from)

    with {:os_pid, pid} <- Port.info(port, :os_pid),
         do: System.cmd("kill", ["-9", "#{pid}"], stderr_to_stdout: true)

    until_ended(port)
    took
  end

  defp first_slab(ref, from) do
    receive do
      {:scan_chunk, ^ref, slab} ->
        at = System.monotonic_time()
        if Slab.count(slab) > 0, do: Measure.ns(at - from), else: first_slab(ref, from)
    end
  end

  defp until_ended(port) do
    receive do
      {^port, {:exit_status, _}} -> :ok
      {^port, {:data, _}} -> until_ended(port)
    end
  end
end
