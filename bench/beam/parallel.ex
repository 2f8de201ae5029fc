defmodule Bench.Parallel do
  @moduledoc "A hundred scans at once, each with its own receiver: of the same tree, or tiny ones beside a huge one."

  alias Aether.{Scanner, Slab}
  alias Bench.Measure

  @doc "All at once, or one after another (`at_once=1`): the total time, and how soon each had its first entry."
  def many(%{"path" => path, "scans" => scans, "at_once" => at_once}) do
    {:ok, _, _} = Scanner.list(path, depth: 1)
    opts = [max_concurrency: String.to_integer(at_once), ordered: false, timeout: :infinity]

    {firsts, figures} =
      Measure.region(fn ->
        1..String.to_integer(scans)
        |> Task.async_stream(fn _ -> scan(path, depth: :infinity, active: 16) end, opts)
        |> Enum.map(fn {:ok, took} -> took end)
      end)

    figures ++ Measure.spread("first", firsts)
  end

  @doc "`scans` scans of a small directory while a scan of a huge tree runs."
  def beside(%{"huge" => huge, "path" => path, "scans" => scans}) do
    {:ok, _, _} = Scanner.list(path, depth: 1)
    parent = self()

    {pid, monitor} =
      spawn_monitor(fn ->
        {:ok, scan} = Scanner.scan(huge, depth: :infinity, active: 16)
        send(parent, {:running, scan})
        Measure.drain(scan, 16)
      end)

    scan =
      receive do
        {:running, scan} -> scan
      end

    firsts =
      1..String.to_integer(scans)
      |> Enum.map(fn _ -> Task.async(fn -> scan(path, depth: :infinity) end) end)
      |> Task.await_many(:infinity)

    # Without the huge scan the figure would mean something else.
    true = Process.alive?(pid)
    :ok = Scanner.cancel(scan)

    receive do
      {:DOWN, ^monitor, :process, ^pid, _} -> Measure.spread("first", firsts)
    end
  end

  defp scan(path, opts) do
    from = System.monotonic_time()
    {:ok, scan} = Scanner.scan(path, opts)
    first(scan, from, nil)
  end

  defp first(%{ref: ref} = scan, from, took) do
    receive do
      {:scan_chunk, ^ref, slab} ->
        took = took || (Slab.count(slab) > 0 && Measure.ns(System.monotonic_time() - from)) || nil
        first(scan, from, took)

      {:scan_passive, ^ref} ->
        Scanner.ask(scan, 16)
        first(scan, from, took)

      {:scan_completed, ^ref, %{status: :complete}} ->
        took
    end
  end
end
