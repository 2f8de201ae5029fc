defmodule Aether.Channel.Window do
  @moduledoc false
  # Flow control: how many slabs may be outstanding for a client, and which scans may send the next ones. Pure: the channel
  # asks the scans for what is granted here.
  #
  # A slab is outstanding from the moment it is requested until the client acknowledges it: first as demand of its scan, then
  # in flight. The channel is one ordered stream, so an acknowledgement only has to carry a count.

  @enforce_keys [:size]
  defstruct [:size, sent: 0, acknowledged: 0, flight: :queue.new(), scans: []]

  @typedoc "`scans` in the order in which they started: `{ref, demand, slabs in flight}`."
  @type t :: %__MODULE__{
          size: pos_integer,
          sent: non_neg_integer,
          acknowledged: non_neg_integer,
          flight: :queue.queue(reference),
          scans: [{reference, non_neg_integer, non_neg_integer}]
        }

  @spec new(pos_integer) :: t
  def new(size), do: %__MODULE__{size: size}

  @doc "Adds a scan."
  @spec open(t, reference) :: t
  def open(%__MODULE__{} = window, ref),
    do: %{window | scans: window.scans ++ [{ref, 0, 0}]}

  @doc "Removes a scan, which sends nothing more. Its slabs in flight stay counted until they are acknowledged."
  @spec close(t, reference) :: t
  def close(%__MODULE__{} = window, ref),
    do: %{window | scans: List.keydelete(window.scans, ref, 0)}

  @doc """
  How many slabs to ask each scan for now.

  Scans have equal shares. A scan that starts late may find the window full. It is then granted a single slab beyond the
  window, so that its first rows need not wait until a slow client has acknowledged the others' slabs. The total of such
  slabs is limited to one per scan besides the first: otherwise a client that starts and cancels scans could have any number
  of slabs in flight.
  """
  @spec grant(t) :: {[{reference, pos_integer}], t}
  def grant(%__MODULE__{scans: []} = window), do: {[], window}

  def grant(%__MODULE__{scans: scans, size: size} = window) do
    count = length(scans)
    share = max(1, div(size, count))

    {scans, {_free, grants}} =
      Enum.map_reduce(scans, {free(window), []}, fn {ref, demand, flight}, {free, grants} ->
        case due(share - demand - flight, free, demand + flight, count) do
          0 -> {{ref, demand, flight}, {free, grants}}
          more -> {{ref, demand + more, flight}, {free - more, [{ref, more} | grants]}}
        end
      end)

    {Enum.reverse(grants), %{window | scans: scans}}
  end

  defp due(_wanted, free, 0, count) when free < 1 and free > 1 - count, do: 1
  defp due(wanted, free, _used, _count), do: wanted |> min(free) |> max(0)

  defp free(window) do
    demand = Enum.reduce(window.scans, 0, fn {_ref, demand, _flight}, sum -> sum + demand end)
    window.size - demand - in_flight(window)
  end

  @doc "Records that a slab of a scan was sent."
  @spec sent(t, reference) :: t
  def sent(%__MODULE__{} = window, ref) do
    {^ref, demand, flight} = List.keyfind(window.scans, ref, 0)
    scans = List.keyreplace(window.scans, ref, 0, {ref, max(demand - 1, 0), flight + 1})
    %{window | sent: window.sent + 1, flight: :queue.in(ref, window.flight), scans: scans}
  end

  @doc """
  Records that the client has received `count` slabs since it joined. An outdated count changes nothing; a count of more slabs
  than were sent is refused.
  """
  @spec acknowledge(t, non_neg_integer) :: {:ok, t} | :error
  def acknowledge(%__MODULE__{sent: sent}, count) when count > sent, do: :error

  def acknowledge(%__MODULE__{acknowledged: acknowledged} = window, count)
      when count <= acknowledged,
      do: {:ok, window}

  def acknowledge(%__MODULE__{} = window, count) do
    {{:value, ref}, flight} = :queue.out(window.flight)
    window = %{window | flight: flight, acknowledged: window.acknowledged + 1}
    acknowledge(%{window | scans: received(window.scans, ref)}, count)
  end

  defp received(scans, ref) do
    case List.keyfind(scans, ref, 0) do
      {^ref, demand, flight} -> List.keyreplace(scans, ref, 0, {ref, demand, flight - 1})
      nil -> scans
    end
  end

  @doc "How many slabs were sent and not acknowledged."
  @spec in_flight(t) :: non_neg_integer
  def in_flight(%__MODULE__{} = window), do: window.sent - window.acknowledged

  @doc "Whether there are scans, and all of them wait for acknowledgements."
  @spec stalled?(t) :: boolean
  def stalled?(%__MODULE__{scans: scans}),
    do: scans != [] and Enum.all?(scans, fn {_ref, demand, _flight} -> demand == 0 end)
end
