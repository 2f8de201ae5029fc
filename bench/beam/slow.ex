defmodule Bench.Slow do
  @moduledoc "How slow and hung file systems, slow rules and parked scans affect other scans and the VM."

  alias Aether.{Error, Scanner, Slab}
  alias Bench.Measure

  # In ms: long enough to find all hanging threads, and to replace as many as allowed.
  @hanging 4000

  # Received before a scan is parked, so that it is in the middle of its tree.
  @slabs 5

  @doc "Small local scans, one after another, while four scans of a slow mount run."
  def beside(%{"slow" => slow, "path" => path, "scans" => scans}) do
    {:ok, _, _} = Scanner.list(path, depth: 1)
    many = for _ <- 1..4, do: receiver(fn -> Scanner.scan(slow, depth: :infinity, active: 16) end)

    firsts = for _ <- 1..String.to_integer(scans), do: Measure.fresh(fn -> first_entry(path) end)

    # Without the other scans the figure would mean something else.
    true = Enum.all?(many, fn {pid, _} -> Process.alive?(pid) end)
    for {_, scan} <- many, do: :ok = Scanner.cancel(scan)
    Measure.spread("first", firsts)
  end

  defp first_entry(path) do
    from = System.monotonic_time()
    {:ok, %{ref: ref} = scan} = Scanner.scan(path, depth: :infinity)
    took = first_slab(ref, from)
    %{status: :complete} = Measure.drain(scan)
    took
  end

  defp first_slab(ref, from) do
    receive do
      {:scan_chunk, ^ref, slab} ->
        at = System.monotonic_time()
        if Slab.count(slab) > 0, do: Measure.ns(at - from), else: first_slab(ref, from)
    end
  end

  # A process that starts a scan and drops what it receives.
  defp receiver(start) do
    parent = self()

    pid =
      spawn_link(fn ->
        {:ok, scan} = start.()
        send(parent, {:scan, self(), scan})
        Measure.drain(scan, 16)
      end)

    receive do
      {:scan, ^pid, scan} -> {pid, scan}
    end
  end

  @doc """
  How long a local scan takes to open after scans of a hung mount were cancelled: with `where=root`, scans that timed out before
  they opened; with `where=within`, running ones.
  """
  def hung(%{"server" => server, "mount" => mount, "path" => path, "where" => where} = options) do
    {:ok, _, _} = Scanner.list(path, depth: 1)
    scans = String.to_integer(options["scans"])
    # Running scans must not end before the mount hangs.
    port = mount(server, mount, if(where == "root", do: "0", else: "20"))
    if where == "root", do: hang(port)
    cancels = cancelled(where, port, mount, scans)
    opens = opens(path, 10)
    # The VM cannot end before its system calls do.
    Port.close(port)
    Measure.spread("cancel", cancels) ++ Measure.spread("open", opens)
  end

  defp cancelled("root", _port, mount, scans) do
    give_up = fn _ ->
      Measure.time(fn ->
        {:error, %Error{reason: :etimedout}} = Scanner.scan(mount, open_timeout: @hanging)
      end)
    end

    1..scans
    |> Task.async_stream(give_up, max_concurrency: scans, timeout: :infinity)
    |> Enum.map(fn {:ok, {took, _}} -> took end)
  end

  defp cancelled("within", port, mount, scans) do
    opened = for _ <- 1..scans, do: {:ok, _} = Scanner.scan(mount, depth: :infinity)
    hang(port)
    Process.sleep(@hanging)

    for {:ok, scan} <- opened do
      {took, %{status: :cancelled}} = Measure.time(fn -> cancel(scan) end)
      took
    end
  end

  # A scan that is not open after 5 s counts as 5 s, and is the last.
  defp opens(_path, 0), do: []

  defp opens(path, times) do
    scan = fn -> Measure.time(fn -> Scanner.scan(path, open_timeout: 5000) end) end

    case Measure.fresh(scan) do
      {took, {:ok, _}} -> [took | opens(path, times - 1)]
      {took, {:error, %Error{reason: :etimedout}}} -> [took]
    end
  end

  defp mount(server, mount, delay) do
    args = ["--delay", delay, "--tree", "3900", mount]
    port = Port.open({:spawn_executable, server}, [:binary, line: 100, args: args])

    receive do
      {^port, {:data, {:eol, "mounted" <> _}}} -> port
    end
  end

  defp hang(port) do
    Port.command(port, "hang\n")

    # Requests that arrive before that are answered.
    receive do
      {^port, {:data, {:eol, "hanging"}}} -> :ok
    end
  end

  @doc "Cancels a scan that matches slow rules, and another one beside it, both while they work."
  def slow_rules(%{"path" => path, "other" => other, "times" => times}) do
    {:ok, _, _} = Scanner.list(other, depth: 1)

    figures =
      for _ <- 1..String.to_integer(times) do
        opts = [depth: :infinity, ignore: :git, open_timeout: 60_000]
        {:ok, own} = Scanner.scan(path, opts)
        # By then the rules are read, and names are being matched.
        Process.sleep(2000)
        {:ok, beside} = Scanner.scan(other, depth: :infinity)
        receive do: ({:scan_chunk, ref, _} when ref == beside.ref -> :ok)
        # A scan that had already ended would prove nothing.
        {took_other, %{status: :cancelled}} = Measure.time(fn -> cancel(beside) end)
        {took_own, %{status: :cancelled}} = Measure.time(fn -> cancel(own) end)
        {took_own, took_other}
      end

    {own, others} = Enum.unzip(figures)
    Measure.spread("own", own) ++ Measure.spread("other", others)
  end

  defp cancel(scan) do
    :ok = Scanner.cancel(scan)
    Measure.drain(scan)
  end

  @doc """
  What scans cost whose receivers ask for nothing more, and the size of the slab that each has ready. With `slow=MOUNT`, beside a
  scan of that mount, which costs next to nothing itself but keeps the timer awake.
  """
  def parked(%{"path" => path, "scans" => scans, "seconds" => seconds} = options) do
    count = String.to_integer(scans)
    # So that all threads are started and have allocated their memory.
    :ok = Measure.fresh(fn -> run_to_the_end(path) end)

    beside =
      for slow <- List.wrap(options["slow"]),
          do: receiver(fn -> Scanner.scan(slow, depth: :infinity, active: 16) end)

    before = resting()
    alone = processor_time(seconds)
    parked = for _ <- 1..count, do: park(path)
    until_parked(count)
    after_all = resting()
    with_them = processor_time(seconds)
    true = Enum.all?(beside, fn {pid, _} -> Process.alive?(pid) end)
    for {_, scan} <- beside, do: :ok = Scanner.cancel(scan)
    slabs = for scan <- parked, do: next_slab(scan)

    slab = Enum.sum(slabs) / count / 1024
    memory = (after_all.kb - before.kb) / count
    for scan <- parked, do: :ok = Scanner.cancel(scan, flush: true)

    [
      cpu_percent: Float.round(max(with_them - alone, 0.0) * 100, 3),
      kb_each: Float.round(memory - slab, 2),
      slab_kb_each: Float.round(slab, 2),
      descriptors: after_all.descriptors - before.descriptors
    ]
  end

  defp run_to_the_end(path) do
    {:ok, scan} = Scanner.scan(path, depth: :infinity)
    %{status: :complete} = Measure.drain(scan)
    :ok
  end

  defp park(path) do
    {:ok, scan} = Scanner.scan(path, depth: :infinity, active: @slabs)
    ref = scan.ref
    for _ <- 1..@slabs, do: receive(do: ({:scan_chunk, ^ref, _} -> :ok))
    receive do: ({:scan_passive, ^ref} -> scan)
  end

  defp until_parked(count) do
    case Aether.info() do
      %{parked: ^count} -> :ok
      _ -> until_parked(count)
    end
  end

  # Wait a while after the last work: parked scans give back what they hold after some ticks of a timer.
  defp resting do
    Process.sleep(500)
    for pid <- Process.list(), do: :erlang.garbage_collect(pid)
    [_, kb] = Regex.run(~r/^VmRSS:\s+(\d+) kB/m, File.read!("/proc/self/status"))
    %{kb: String.to_integer(kb), descriptors: length(File.ls!("/proc/self/fd"))}
  end

  # Of the whole process, in processors: user and system time, fields 14 and 15, in ticks of 10 ms.
  defp processor_time(seconds) do
    before = ticks()
    Process.sleep(1000 * String.to_integer(seconds))
    (ticks() - before) / 100 / String.to_integer(seconds)
  end

  defp ticks do
    [_, fields] = String.split(File.read!("/proc/self/stat"), ") ", parts: 2)
    fields = String.split(fields)
    String.to_integer(Enum.at(fields, 11)) + String.to_integer(Enum.at(fields, 12))
  end

  defp next_slab(%{ref: ref} = scan) do
    Scanner.ask(scan, 1)

    receive do
      {:scan_chunk, ^ref, slab} -> byte_size(slab)
    end
  end
end
