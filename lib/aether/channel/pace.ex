defmodule Aether.Channel.Pace do
  @moduledoc false
  # How many bytes may be on their way to a client: what its line carries in a second, as measured, so that whatever else is sent
  # waits for no longer than that. Pure: time is passed in, in microseconds.
  #
  # The rate is measured as TCP's BBR does: for each piece that was sent, how much had been acknowledged by then, and when; when it
  # is acknowledged itself, the line has carried the difference in the time since.

  # Also on the slowest line, and as long as nothing was measured.
  @least 16 * 1024
  # Where replies wait, also on a fast line.
  @hurried 64 * 1024
  # A piece is at most this part of what may be on its way, but not shorter than the other.
  @pieces 4
  @least_piece 4 * 1024

  defstruct rate: nil,
            sent: 0,
            acknowledged: 0,
            bytes: 0,
            carried: 0,
            carried_at: 0,
            flight: :queue.new()

  @typedoc "`rate` in bytes a second, `bytes` on their way, `carried` since the start, `carried_at` the last time."
  @type t :: %__MODULE__{
          rate: non_neg_integer | nil,
          sent: non_neg_integer,
          acknowledged: non_neg_integer,
          bytes: non_neg_integer,
          carried: non_neg_integer,
          carried_at: integer,
          flight: :queue.queue(tuple)
        }

  @doc "How many bytes may be on their way."
  @spec budget(t, boolean) :: pos_integer
  def budget(%__MODULE__{rate: rate}, hurry? \\ false) do
    budget = max(@least, rate || 0)
    if hurry?, do: min(budget, @hurried), else: budget
  end

  @doc "The most that a piece should have."
  @spec piece(t) :: pos_integer
  def piece(%__MODULE__{} = pace), do: max(@least_piece, div(budget(pace), @pieces))

  @doc "Whether so many bytes may be sent now. Something always may, if nothing is on its way."
  @spec room?(t, non_neg_integer, boolean) :: boolean
  def room?(%__MODULE__{bytes: bytes} = pace, size, hurry?),
    do: bytes == 0 or bytes + size <= budget(pace, hurry?)

  @doc "Whether the line is slow: all that it carries in a second is less than what may wait before a reply."
  @spec slow?(t) :: boolean
  def slow?(%__MODULE__{rate: rate}), do: rate != nil and rate < @hurried

  @doc """
  Records that a piece was sent; `last?` if it was the last one of its slab.
  """
  @spec sent(t, non_neg_integer, boolean, integer) :: t
  def sent(%__MODULE__{} = pace, size, last?, now) do
    # With nothing on its way the line has carried nothing for a while: that does not count.
    pace = if pace.bytes == 0, do: %{pace | carried_at: now}, else: pace
    bytes = pace.bytes + size
    # With so much on its way the line is busy, and does not carry less than it can.
    piece = {size, pace.carried, pace.carried_at, bytes >= @least - @least_piece, last?}
    %{pace | sent: pace.sent + 1, bytes: bytes, flight: :queue.in(piece, pace.flight)}
  end

  @doc """
  Records that the client has received `count` pieces since it joined, and returns how many slabs that completes. An outdated
  count changes nothing; a count of more than were sent is refused.
  """
  @spec acknowledge(t, non_neg_integer, integer) :: {:ok, t, non_neg_integer} | :error
  def acknowledge(%__MODULE__{sent: sent}, count, _now) when count > sent, do: :error

  def acknowledge(%__MODULE__{acknowledged: acknowledged} = pace, count, _now)
      when count <= acknowledged,
      do: {:ok, pace, 0}

  def acknowledge(%__MODULE__{} = pace, count, now) do
    {landed, flight} = :queue.split(count - pace.acknowledged, pace.flight)
    landed = :queue.to_list(landed)
    size = landed |> Enum.map(&elem(&1, 0)) |> Enum.sum()
    slabs = Enum.count(landed, &elem(&1, 4))

    pace = %{
      pace
      | flight: flight,
        acknowledged: count,
        bytes: pace.bytes - size,
        carried: pace.carried + size,
        carried_at: now
    }

    {:ok, measure(pace, List.last(landed)), slabs}
  end

  defp measure(pace, {_size, carried, carried_at, busy?, _last?}) do
    rate = div((pace.carried - carried) * 1_000_000, max(pace.carried_at - carried_at, 1))

    cond do
      # So little was on its way that the line may carry far more.
      pace.rate == nil and not busy? and rate < @hurried -> pace
      pace.rate == nil or rate >= pace.rate -> %{pace | rate: rate}
      # One late acknowledgement is no slower line.
      busy? -> %{pace | rate: div(3 * pace.rate + rate, 4)}
      true -> pace
    end
  end
end
