defmodule Bench.Measure do
  @moduledoc """
  Measures work inside the VM: time, processor time, and how long schedulers were occupied. Also percentiles.
  """

  @doc "Runs `fun` in a fresh process; returns its result and the figures."
  def region(fun) do
    :erlang.system_flag(:scheduler_wall_time, true)
    before = {occupied(), runtime()}
    {took, result} = fresh(fn -> time(fun) end)
    {occupied, runtime} = {occupied(), runtime()}
    {occupied_before, runtime_before} = before

    {result,
     [
       work_ns: took,
       work_cpu_ms: runtime - runtime_before,
       scheduler_ms: Float.round((occupied - occupied_before) / 1.0e6, 2)
     ]}
  end

  @doc "How long a call takes, in nanoseconds, and its result."
  def time(fun) do
    from = System.monotonic_time()
    result = fun.()
    {ns(System.monotonic_time() - from), result}
  end

  def ns(native), do: System.convert_time_unit(native, :native, :nanosecond)

  @doc "Runs `fun` in a fresh process and returns its result."
  def fresh(fun) do
    {pid, monitor} = spawn_monitor(fn -> exit({:shutdown, {:result, fun.()}}) end)

    receive do
      {:DOWN, ^monitor, :process, ^pid, {:shutdown, {:result, result}}} -> result
      {:DOWN, ^monitor, :process, ^pid, reason} -> exit(reason)
    end
  end

  def percentile(values, percent) do
    sorted = Enum.sort(values)
    at = percent / 100 * (length(sorted) - 1)
    low = Enum.at(sorted, floor(at))
    low + (Enum.at(sorted, ceil(at)) - low) * (at - floor(at))
  end

  @doc "Median, 99th percentile and maximum of times in nanoseconds, as fields in milliseconds."
  def spread(name, times) do
    for {part, value} <- [
          p50: percentile(times, 50),
          p99: percentile(times, 99),
          max: Enum.max(times)
        ],
        do: {"#{name}_#{part}_ms", Float.round(value / 1.0e6, 4)}
  end

  @doc "Receives all messages of a scan, drops them, and returns the summary. Asks for `more` slabs when demand is used up."
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

  # Time in which any scheduler had work, dirty ones included, in ns.
  defp occupied do
    for({_id, active, _total} <- :erlang.statistics(:scheduler_wall_time_all), do: active)
    |> Enum.sum()
    |> ns()
  end

  defp runtime, do: elem(:erlang.statistics(:runtime), 0)
end
