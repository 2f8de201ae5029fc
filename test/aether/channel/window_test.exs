defmodule Aether.Channel.WindowTest do
  # Who may send how many slabs, as numbers alone.
  use ExUnit.Case, async: true

  alias Aether.Channel.Window

  # Grants what can be granted, as {scan, slabs}.
  defp grant(window) do
    {grants, window} = Window.grant(window)
    assert Window.grant(window) == {[], window}
    {grants, window}
  end

  defp granted(window), do: elem(grant(window), 1)

  defp send!(window, scan, slabs),
    do: Enum.reduce(1..slabs, window, fn _, w -> Window.sent(w, scan) end)

  defp ack!(window, count) do
    {:ok, window} = Window.acknowledge(window, count)
    window
  end

  test "one scan has all of it, and is granted as much as was acknowledged" do
    {[a: 16], window} = 16 |> Window.new() |> Window.open(:a) |> grant()
    window = send!(window, :a, 16)
    assert {[], ^window} = grant(window)
    assert Window.stalled?(window)
    assert {[a: 4], window} = window |> ack!(4) |> grant()
    assert Window.in_flight(window) == 12
    refute Window.stalled?(window)
  end

  test "several have equal shares" do
    window = 16 |> Window.new() |> Window.open(:a) |> Window.open(:b)
    assert {[a: 8, b: 8], _} = grant(window)
    assert {[a: 5, b: 5, c: 5], _} = window |> Window.open(:c) |> grant()
  end

  test "a late scan gets one slab at once, and its share as the others are acknowledged" do
    window = 16 |> Window.new() |> Window.open(:a) |> granted() |> send!(:a, 16)
    {[b: 1], window} = window |> Window.open(:b) |> grant()
    window = send!(window, :b, 1)
    assert {[], window} = grant(window)
    # What lands goes to the one that has less than its share.
    assert {[b: 3], window} = window |> ack!(4) |> grant()
    assert {[b: 4], window} = window |> ack!(8) |> grant()
    # The first one still has its half.
    assert {[], _} = grant(window)
    assert {[a: 4], _} = window |> ack!(12) |> grant()
  end

  test "slabs of an ended scan count until they are acknowledged" do
    window = 4 |> Window.new() |> Window.open(:a) |> granted() |> send!(:a, 3)
    window = window |> Window.close(:a) |> Window.open(:b)
    assert {[b: 1], window} = grant(window)
    window = send!(window, :b, 1)
    # The window is full of what nobody wants any more. Another scan cannot push it further.
    assert {[], window} = window |> Window.close(:b) |> Window.open(:b) |> grant()
    assert Window.stalled?(window)
    assert {[b: 3], window} = window |> ack!(3) |> grant()
    assert Window.in_flight(window) == 1
    # Demand of a scan that ended is nobody's.
    assert {[c: 3], _} = window |> Window.close(:b) |> Window.open(:c) |> grant()
  end

  test "impossible counts are refused, outdated ones change nothing" do
    window = 4 |> Window.new() |> Window.open(:a) |> granted() |> send!(:a, 3)
    assert Window.acknowledge(window, 4) == :error
    window = ack!(window, 2)
    assert ack!(window, 2) == window
    assert ack!(window, 0) == window
    assert Window.acknowledge(window, 4) == :error
    assert window |> ack!(3) |> Window.in_flight() == 0
  end

  test "without scans nothing is granted, and nothing is stalled" do
    assert grant(Window.new(1)) == {[], Window.new(1)}
    refute Window.stalled?(Window.new(1))
  end

  test "whatever happens, no more is in flight than the window and one slab for each further scan" do
    :rand.seed(:exsss, {1, 2, 3})

    for size <- [1, 2, 3, 16], _ <- 1..200 do
      Enum.reduce(1..60, Window.new(size), fn step, window ->
        scans = for {ref, _, _} <- window.scans, do: ref
        ready = for {ref, demand, _} <- window.scans, demand > 0, do: ref

        window =
          case :rand.uniform(8) do
            1 when length(scans) < 3 -> Window.open(window, step)
            2 when scans != [] -> Window.close(window, Enum.random(scans))
            n when n in 3..6 and ready != [] -> Window.sent(window, Enum.random(ready))
            _ -> ack!(window, :rand.uniform(window.sent + 1) - 1)
          end

        window = granted(window)
        demand = window.scans |> Enum.map(&elem(&1, 1)) |> Enum.sum()
        used = demand + Window.in_flight(window)

        assert used <= size + 2
        assert Enum.all?(window.scans, fn {_, demand, flight} -> demand >= 0 and flight >= 0 end)
        assert :queue.len(window.flight) == Window.in_flight(window)
        # Once all has landed everyone may send.
        landed = window |> ack!(window.sent) |> granted()
        for {_, demand, flight} <- landed.scans, do: assert(demand > 0 and flight == 0)
        window
      end)
    end
  end
end
