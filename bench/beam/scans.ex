defmodule Bench.Scans do
  @moduledoc "Aether itself: slabs received but not decoded, as in a Channel; everything decoded; single calls."

  alias Aether.{Scanner, Summary}
  alias Bench.Measure

  @doc """
  `active=N` is the demand; without it, everything is sent as it comes. `warm=PATH` is scanned first instead of the tree, if the
  tree must stay untouched.
  """
  def scan(%{"path" => path} = options) do
    active = if options["active"], do: String.to_integer(options["active"]), else: true

    threads =
      if options["threads"], do: [threads: String.to_integer(options["threads"])], else: []

    metadata = options["metadata"] != "false"
    # Load the library and start its threads, as in a VM that has scanned before.
    {:ok, _, _} = Scanner.list(options["warm"] || path, depth: 1, metadata: metadata)

    {summary, figures} =
      Measure.region(fn ->
        opts = [depth: :infinity, metadata: metadata, active: active] ++ threads
        {:ok, scan} = Scanner.scan(path, opts)
        Measure.drain(scan, active)
      end)

    [{:entries, Summary.entries(summary)} | figures]
  end

  def list(%{"path" => path} = options) do
    {count, figures} =
      Measure.region(fn ->
        {:ok, entries, %{status: :complete}} =
          Scanner.list(path, metadata: options["metadata"] != "false")

        length(entries)
      end)

    [{:entries, count} | figures]
  end

  @doc "Nanoseconds per call, without the loop around it."
  def calls(%{"path" => path, "times" => times}) do
    times = String.to_integer(times)
    # Parked, so that the calls do not compete with walkers for the cores.
    {:ok, scan} = Scanner.scan(path, active: false)
    {:ok, ended} = Scanner.scan(path, depth: 1)
    {:ok, _} = Scanner.await(ended)

    calls = [
      loop: fn -> :ok end,
      aether_info: fn -> Aether.info() end,
      info: fn -> Scanner.info(scan) end,
      ask: fn -> Scanner.ask(ended, 1) end,
      cancel: fn -> Scanner.cancel(ended) end
    ]

    took = for {name, fun} <- calls, do: {name, each(fun, times)}
    :ok = Scanner.cancel(scan, flush: true)
    for {name, ns} <- tl(took), do: {"#{name}_ns", Float.round(max(ns - took[:loop], 0.1), 1)}
  end

  defp each(fun, times) do
    repeat(fun, div(times, 10))
    {took, :ok} = Measure.time(fn -> repeat(fun, times) end)
    took / times
  end

  defp repeat(_fun, 0), do: :ok

  defp repeat(fun, times) do
    fun.()
    repeat(fun, times - 1)
  end
end
