defmodule Bench.Memory do
  @moduledoc """
  How much the VM grows during a scan, also over time: resident memory, read every few milliseconds.

  Linux only: it reads /proc/self/status, and resets the peak through /proc/self/clear_refs.
  """

  alias Aether.Scanner
  alias Bench.Measure

  @every 5
  @points 24

  def growth(%{"path" => path, "empty" => empty, "how" => how}) do
    # Loads everything that is loaded on demand.
    scan(empty, how)
    :erlang.garbage_collect()
    File.write!("/proc/self/clear_refs", "5")
    before = status("VmRSS")
    watcher = spawn_link(fn -> watch([]) end)
    Measure.fresh(fn -> scan(path, how) end)
    send(watcher, {:points, self()})

    series =
      receive do
        {:points, points} -> points |> Enum.reverse() |> thin()
      end

    growth = (status("VmHWM") - before) / 1024
    series = Enum.map_join(series, ",", &Float.round((&1 - before) / 1024, 1))
    [growth_mb: Float.round(growth, 2), before_mb: Float.round(before / 1024, 1), series: series]
  end

  defp scan(path, "active: " <> demand) do
    active = if demand == "true", do: true, else: String.to_integer(demand)
    {:ok, scan} = Scanner.scan(path, depth: :infinity, active: active)
    %{status: :complete} = Measure.drain(scan, active)
  end

  defp scan(path, "unread") do
    {:ok, scan} = Scanner.scan(path, depth: :infinity)
    {:ok, _} = Scanner.await(scan, :infinity)
  end

  defp scan(path, "list"), do: {:ok, _, _} = Scanner.list(path)

  defp watch(points) do
    receive do
      {:points, to} -> send(to, {:points, points})
    after
      @every -> watch([status("VmRSS") | points])
    end
  end

  # The maximum of each period.
  defp thin([]), do: [status("VmRSS")]

  defp thin(points) do
    points |> Enum.chunk_every(max(1, ceil(length(points) / @points))) |> Enum.map(&Enum.max/1)
  end

  defp status(field) do
    [_, kilobytes] = Regex.run(~r/^#{field}:\s+(\d+) kB/m, File.read!("/proc/self/status"))
    String.to_integer(kilobytes)
  end
end
