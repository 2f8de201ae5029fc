# How soon a scan stops: from `cancel` to its summary, and from the death of the receiver to idle walkers. And
# whether scans keep a scheduler busy: events of `long_schedule` at 10 ms while scans run, beside a control
# run in which only the floor program runs, outside of the VM, with as many threads.
#
#     MIX_ENV=prod mix run bench/cancel.exs [--times N] [--trees flat1m,wide] [--seconds N]
Code.require_file("support.exs", __DIR__)

defmodule Cancel do
  alias Aether.Scanner

  # Caught at work: a scan that is over tells nothing.
  def cancelled(path, opts) do
    {:ok, scan} = Scanner.scan(path, [depth: :infinity] ++ opts)
    at_some_time(scan.ref, :rand.uniform(100))

    {took, summary} =
      Bench.time(fn ->
        :ok = Scanner.cancel(scan)
        Bench.drain(scan, 50)
      end)

    :cancelled = summary.status
    took
  end

  # After so many slabs, or where they run out: active: n.
  defp at_some_time(_ref, 0), do: :ok

  defp at_some_time(ref, slabs) do
    receive do
      {:scan_chunk, ^ref, _} -> at_some_time(ref, slabs - 1)
      {:scan_passive, ^ref} -> :ok
    end
  end

  def killed(path, opts) do
    parent = self()

    {receiver, monitor} =
      spawn_monitor(fn ->
        {:ok, scan} = Scanner.scan(path, [depth: :infinity] ++ opts)
        at_some_time(scan.ref, :rand.uniform(100))
        send(parent, :at_work)
        Bench.drain(scan, 50)
      end)

    receive do
      :at_work -> :ok
    end

    from = System.monotonic_time()
    Process.exit(receiver, :kill)

    receive do
      {:DOWN, ^monitor, _, _, :killed} -> :ok
    end

    until_idle()
    System.convert_time_unit(System.monotonic_time() - from, :native, :nanosecond)
  end

  defp until_idle do
    case Aether.info() do
      %{running: 0, parked: 0} -> :ok
      _ -> until_idle()
    end
  end

  @doc "Counts events of `long_schedule` while `fun` runs again and again."
  def long_schedules(seconds, fun) do
    parent = self()
    {watcher, _} = spawn_monitor(fn -> watch(parent) end)

    receive do
      {^watcher, :ready} -> :ok
    end

    rounds = until(System.monotonic_time(:millisecond) + seconds * 1000, fun, 0)
    send(watcher, :stop)

    receive do
      {:DOWN, _, :process, ^watcher, {:events, events}} -> {rounds, events}
    end
  end

  defp watch(parent) do
    :erlang.system_monitor(self(), long_schedule: 10)
    send(parent, {self(), :ready})
    gather([])
  end

  defp gather(events) do
    receive do
      {:monitor, _, :long_schedule, info} ->
        gather([Keyword.take(info, [:timeout, :in, :out]) | events])

      :stop ->
        exit({:events, events})
    end
  end

  defp until(deadline, fun, rounds) do
    fun.()

    if System.monotonic_time(:millisecond) < deadline,
      do: until(deadline, fun, rounds + 1),
      else: rounds + 1
  end
end

options = Bench.options(times: 101, trees: ["flat1m", "wide"], seconds: 10)
Bench.machine()

modes = [{"active: true", []}, {"active: 50", [active: 50]}, {"names only", [metadata: false]}]

rows =
  for tree <- options.trees, {mode, opts} <- modes do
    path = Bench.tree(tree)
    cancelled = fn -> Bench.fresh(fn -> Cancel.cancelled(path, opts) end) end

    times =
      Bench.rounds(options.times, cancel: cancelled, kill: fn -> Cancel.killed(path, opts) end)

    [tree, mode] ++
      for name <- [:cancel, :kill],
          value <- [
            Bench.median(times[name]),
            Bench.percentile(times[name], 99),
            Enum.max(times[name])
          ] do
        Bench.ms(value, 2)
      end
  end

Bench.table(
  "Stopping, ms (targets: cancel under 100; walkers idle within 5, median)",
  ["tree", "mode", "cancel to summary", "p99", "most", "receiver killed to idle", "p99", "most"],
  rows
)

threads = Application.get_env(:aether, :threads, max(4, 2 * System.schedulers_online()))
floor = Bench.floor()

rows =
  for tree <- options.trees do
    path = Bench.tree(tree)
    control = fn -> Bench.program(floor, ["--threads", "#{threads}", path]) end

    scan = fn ->
      {:ok, scan} = Aether.Scanner.scan(path, depth: :infinity)
      Bench.drain(scan, 50)
    end

    # In turns, and the sum of them: load from elsewhere comes and goes.
    turns =
      for _ <- 1..2 do
        {Cancel.long_schedules(div(options.seconds, 2), control),
         Cancel.long_schedules(div(options.seconds, 2), scan)}
      end

    {control, scan} = Enum.unzip(turns)

    sum = fn runs ->
      {Enum.sum(Enum.map(runs, &elem(&1, 0))), Enum.flat_map(runs, &elem(&1, 1))}
    end

    {control_rounds, control} = sum.(control)
    {scan_rounds, scan} = sum.(scan)
    longest = fn events -> Enum.max([0 | Enum.map(events, & &1[:timeout])]) end

    [
      tree,
      control_rounds,
      length(control),
      longest.(control),
      scan_rounds,
      length(scan),
      longest.(scan)
    ]
  end

Bench.table(
  "Events of long_schedule at 10 ms in #{options.seconds} s (target: no more than the control)",
  ["tree", "control: walks", "events", "longest, ms", "Aether: scans", "events", "longest, ms"],
  rows
)
