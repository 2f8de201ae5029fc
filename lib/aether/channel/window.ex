defmodule Aether.Channel.Window do
  @moduledoc false
  # How many slabs may be under way to a client, and which scan may send the next ones. Pure: what is granted here, the
  # channel asks the scans for.
  #
  # A slab is under way from the moment that it is asked for until the client says that it has come: as demand of its scan
  # first, then in flight. The channel is one ordered stream, so a count is all that an acknowledgement has to carry.

  @enforce_keys [:size]
  defstruct [:size, sent: 0, acknowledged: 0, flight: :queue.new(), scans: []]

  @typedoc "Scans in the order in which they began, each with its demand and its slabs in flight."
  @type t :: %__MODULE__{
          size: pos_integer,
          sent: non_neg_integer,
          acknowledged: non_neg_integer,
          flight: :queue.queue(reference),
          scans: [{reference, non_neg_integer, non_neg_integer}]
        }

  @spec new(pos_integer) :: t
  def new(size), do: %__MODULE__{size: size}

  @doc "A scan wants to send."
  @spec open(t, reference) :: t
  def open(%__MODULE__{} = window, ref),
    do: %{window | scans: window.scans ++ [{ref, 0, 0}]}

  @doc "A scan sends nothing more. What it has in flight stays there until it is acknowledged."
  @spec close(t, reference) :: t
  def close(%__MODULE__{} = window, ref),
    do: %{window | scans: List.keydelete(window.scans, ref, 0)}

  @doc """
  What each scan is to be asked for now.

  Scans have equal shares. One that is late to begin may find the window taken by the others; it gets a single slab
  beyond it then, so that its first rows do not wait for a client that is slow to take in the rest. There is only one such
  slab for each scan beside the first, or a client that starts and cancels without end would have any number.
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

  @doc "A slab of a scan goes out."
  @spec sent(t, reference) :: t
  def sent(%__MODULE__{} = window, ref) do
    {^ref, demand, flight} = List.keyfind(window.scans, ref, 0)
    scans = List.keyreplace(window.scans, ref, 0, {ref, max(demand - 1, 0), flight + 1})
    %{window | sent: window.sent + 1, flight: :queue.in(ref, window.flight), scans: scans}
  end

  @doc """
  The client has received so many slabs since it joined. An older count than one before changes nothing; one of more
  slabs than were sent is refused.
  """
  @spec acknowledge(t, non_neg_integer) :: {:ok, t} | :error
  def acknowledge(%__MODULE__{sent: sent}, count) when count > sent, do: :error

  def acknowledge(%__MODULE__{acknowledged: acknowledged} = window, count)
      when count <= acknowledged,
      do: {:ok, window}

  def acknowledge(%__MODULE__{} = window, count) do
    {{:value, ref}, flight} = :queue.out(window.flight)
    window = %{window | flight: flight, acknowledged: window.acknowledged + 1}
    acknowledge(%{window | scans: landed(window.scans, ref)}, count)
  end

  defp landed(scans, ref) do
    case List.keyfind(scans, ref, 0) do
      {^ref, demand, flight} -> List.keyreplace(scans, ref, 0, {ref, demand, flight - 1})
      nil -> scans
    end
  end

  @doc "How many slabs the client has not said to have received."
  @spec in_flight(t) :: non_neg_integer
  def in_flight(%__MODULE__{} = window), do: window.sent - window.acknowledged

  @doc "Whether there are scans, and all of them wait for the client."
  @spec stalled?(t) :: boolean
  def stalled?(%__MODULE__{scans: scans}),
    do: scans != [] and Enum.all?(scans, fn {_ref, demand, _flight} -> demand == 0 end)
end
