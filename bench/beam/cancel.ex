defmodule Bench.Cancel do
  @moduledoc "How soon a scan stops, and whether scans hold a scheduler."

  alias Aether.Scanner
  alias Bench.Measure

  @doc "Times from `cancel` to the summary, and from the receiver's death to idle walkers, alternately and in the middle of scans."
  def cancel(%{"path" => path, "times" => times}) do
    {cancelled, killed} =
      for _ <- 1..String.to_integer(times), reduce: {[], []} do
        {cancelled, killed} ->
          {[Measure.fresh(fn -> cancelled(path) end) | cancelled], [killed(path) | killed]}
      end

    Measure.spread("cancel", cancelled) ++ Measure.spread("kill", killed)
  end

  defp cancelled(path) do
    {:ok, scan} = Scanner.scan(path, depth: :infinity)
    at_some_time(scan.ref, :rand.uniform(100))

    {took, %{status: :cancelled}} =
      Measure.time(fn ->
        :ok = Scanner.cancel(scan)
        Measure.drain(scan)
      end)

    took
  end

  defp killed(path) do
    parent = self()

    {receiver, monitor} =
      spawn_monitor(fn ->
        {:ok, scan} = Scanner.scan(path, depth: :infinity)
        at_some_time(scan.ref, :rand.uniform(100))
        send(parent, :at_work)
        Measure.drain(scan)
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
    Measure.ns(System.monotonic_time() - from)
  end

  defp until_idle do
    case Aether.info() do
      %{running: 0, parked: 0} -> :ok
      _ -> until_idle()
    end
  end

  defp at_some_time(_ref, 0), do: :ok

  defp at_some_time(ref, slabs) do
    receive do
      {:scan_chunk, ^ref, _} -> at_some_time(ref, slabs - 1)
    end
  end

  @doc "Counts `long_schedule` events of 10 ms while scans run for some seconds; with `program=`, while that runs outside the VM instead, for comparison."
  def held(%{"path" => path, "seconds" => seconds} = options) do
    :erlang.system_monitor(self(), long_schedule: 10)
    deadline = System.monotonic_time(:millisecond) + 1000 * String.to_integer(seconds)

    rounds =
      until(deadline, fn -> Measure.fresh(fn -> round(options["program"], path) end) end, 0)

    [rounds: rounds, events: events(0)]
  end

  defp round(nil, path) do
    {:ok, scan} = Scanner.scan(path, depth: :infinity, active: 50)
    Measure.drain(scan, 50)
  end

  defp round(program, path) do
    threads = Application.get_env(:aether, :threads, max(4, 2 * System.schedulers_online()))
    {_, 0} = System.cmd(program, ["--threads", "#{threads}", path])
  end

  defp until(deadline, fun, rounds) do
    fun.()

    if System.monotonic_time(:millisecond) < deadline,
      do: until(deadline, fun, rounds + 1),
      else: rounds + 1
  end

  defp events(count) do
    receive do
      {:monitor, _, :long_schedule, _} -> events(count + 1)
    after
      0 -> count
    end
  end
end
