defmodule Bench.Measure do
  @moduledoc """
  What the VM knows of a piece of work: time, processor time, and how long its schedulers were occupied. And percentiles.
  """

  @doc "Runs `fun` in a process of its own, as fresh as a user's; gives its result and the figures."
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

  @doc "What a call takes, in nanoseconds, and what it returned."
  def time(fun) do
    from = System.monotonic_time()
    result = fun.()
    {ns(System.monotonic_time() - from), result}
  end

  def ns(native), do: System.convert_time_unit(native, :native, :nanosecond)

  @doc "Runs `fun` in a process of its own and gives its result."
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

  @doc "Median, 99th percentile and the largest of times in nanoseconds, as fields in milliseconds."
  def spread(name, times) do
    for {part, value} <- [
          p50: percentile(times, 50),
          p99: percentile(times, 99),
          max: Enum.max(times)
        ],
        do: {"#{name}_#{part}_ms", Float.round(value / 1.0e6, 4)}
  end

  @doc "Reads all messages of a scan, keeps none, and gives the summary. `more` is asked for when demand is used up."
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

  # Of all schedulers, the dirty ones too: the time in which they had something to do, in ns.
  defp occupied do
    for({_id, active, _total} <- :erlang.statistics(:scheduler_wall_time_all), do: active)
    |> Enum.sum()
    |> ns()
  end

  defp runtime, do: elem(:erlang.statistics(:runtime), 0)
end
