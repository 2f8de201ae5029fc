defmodule Aether.Channel.PaceTest do
  # How much may be on its way, over lines that are simulated: numbers alone, and no clock.
  use ExUnit.Case, async: true

  alias Aether.Channel.Pace

  @least 16 * 1024

  # Sends as much as may be sent, for a time in ms, over a line of so many bytes a second with a latency in ms, whose client
  # acknowledges each piece at once. Returns the pace, and the most that was on its way in the last half.
  defp run(state, rate, latency, time) do
    stop = state.now + time * 1000

    Stream.iterate({state, 0}, &step(&1, rate, latency, state.now + div(time * 1000, 2)))
    |> Enum.find(fn {state, _most} -> state.now >= stop end)
  end

  defp step({state, most}, rate, latency, from) do
    state = fill(state, rate, latency)
    most = if state.now >= from, do: max(most, state.pace.bytes), else: most
    {{:value, lands}, landing} = :queue.out(state.landing)
    {:ok, pace, slabs} = Pace.acknowledge(state.pace, state.pace.acknowledged + 1, lands)
    assert slabs == 1
    {%{state | pace: pace, landing: landing, now: lands}, most}
  end

  defp fill(%{pace: pace} = state, rate, latency) do
    size = Pace.piece(pace)

    if Pace.room?(pace, size, false) do
      # It leaves after those before it, takes its time on the line, and its acknowledgement comes back.
      free = max(state.free, state.now) + div(size * 1_000_000, rate)
      landing = :queue.in(free + latency * 1000, state.landing)
      pace = Pace.sent(pace, size, true, state.now)
      fill(%{state | pace: pace, free: free, landing: landing}, rate, latency)
    else
      state
    end
  end

  defp new, do: %{pace: %Pace{}, now: 0, free: 0, landing: :queue.new()}

  test "before anything was measured, 16 KB" do
    assert Pace.budget(%Pace{}) == @least
    assert Pace.room?(%Pace{}, 1_000_000, false)
    pace = Pace.sent(%Pace{}, 10_000, true, 0)
    assert Pace.room?(pace, @least - 10_000, false)
    refute Pace.room?(pace, @least - 9_999, false)
  end

  test "on a slow line, what it carries in a second" do
    for {rate, latency} <- [{20_000, 300}, {20_000, 0}, {50_000, 100}, {5_000, 1000}] do
      {state, most} = run(new(), rate, latency, 30_000)
      assert most <= max(@least, rate * 11 / 10)
      assert Pace.slow?(state.pace)
      assert Pace.piece(state.pace) <= max(4096, rate / 3)
    end
  end

  test "on a fast line soon far more, whatever its latency" do
    for latency <- [1, 50, 300] do
      {state, _most} = run(new(), 5_000_000, latency, 5_000)
      assert_in_delta Pace.budget(state.pace), 5_000_000, 1_500_000
      refute Pace.slow?(state.pace)
      # Unless replies wait.
      assert Pace.budget(state.pace, true) == 64 * 1024
    end
  end

  test "follows a line that becomes slow, and one that becomes fast" do
    {state, _} = run(new(), 500_000, 50, 5_000)
    {state, most} = run(state, 20_000, 300, 120_000)
    assert most <= 22_000
    {state, _} = run(state, 500_000, 50, 10_000)
    assert Pace.budget(state.pace) > 300_000
  end

  test "a client with nothing to receive has no slow line" do
    {state, _} = run(new(), 1_000_000, 10, 5_000)
    rate = state.pace.rate
    # One small slab now and then.
    pace =
      Enum.reduce(
        1..50,
        %{state.pace | bytes: 0, flight: :queue.new(), sent: 0, acknowledged: 0},
        fn n, pace ->
          now = state.now + n * 1_000_000
          pace = Pace.sent(pace, 100, true, now)
          {:ok, pace, 1} = Pace.acknowledge(pace, n, now + 20_000)
          pace
        end
      )

    assert pace.rate == rate
  end

  test "one short listing tells nothing of a line" do
    for {size, slow?} <- [{2000, false}, {16_000, true}] do
      pace = Pace.sent(%Pace{}, size, true, 0)
      {:ok, pace, 1} = Pace.acknowledge(pace, 1, div(size * 1_000_000, 50_000))
      assert Pace.slow?(pace) == slow?
    end
  end

  test "impossible counts are refused, outdated ones change nothing, and pieces make no slab before their last" do
    pace = %Pace{} |> Pace.sent(10, false, 0) |> Pace.sent(20, true, 0) |> Pace.sent(5, true, 0)
    assert Pace.acknowledge(pace, 4, 1) == :error
    assert {:ok, pace, 0} = Pace.acknowledge(pace, 1, 1)
    assert pace.bytes == 25
    assert {:ok, ^pace, 0} = Pace.acknowledge(pace, 1, 2)
    assert {:ok, ^pace, 0} = Pace.acknowledge(pace, 0, 2)
    assert {:ok, %{bytes: 0}, 2} = Pace.acknowledge(pace, 3, 2)
  end
end
