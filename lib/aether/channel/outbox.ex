defmodule Aether.Channel.Outbox do
  @moduledoc false
  # Slabs that a scan has sent and that are still to go to the client, while its line is full of earlier ones. The scans take turns,
  # piece by piece; one that was not there begins.

  alias Aether.Slab.Split

  defstruct turns: []

  @typedoc "In the order of their turns: each scan's slabs or pieces, and whether it is the last piece of its slab."
  @type t :: %__MODULE__{turns: [{reference, [{binary, boolean}, ...]}]}

  @spec put(t, reference, binary) :: t
  def put(%__MODULE__{turns: turns} = outbox, ref, slab) do
    case List.keyfind(turns, ref, 0) do
      nil ->
        %{outbox | turns: [{ref, [{slab, true}]} | turns]}

      {^ref, slabs} ->
        %{outbox | turns: List.keyreplace(turns, ref, 0, {ref, slabs ++ [{slab, true}]})}
    end
  end

  @doc "Cuts what is next into pieces of at most about this many bytes."
  @spec cut(t, pos_integer) :: t
  def cut(%__MODULE__{turns: [{ref, [{slab, true} | slabs]} | turns]} = outbox, limit)
      when byte_size(slab) > limit do
    {pieces, [last]} = slab |> Split.cut(limit) |> Enum.split(-1)
    pieces = Enum.map(pieces, &{&1, false}) ++ [{last, true} | slabs]
    %{outbox | turns: [{ref, pieces} | turns]}
  end

  def cut(outbox, _limit), do: outbox

  @doc "How long the next piece is; nil if there is none."
  @spec next(t) :: non_neg_integer | nil
  def next(%__MODULE__{turns: []}), do: nil
  def next(%__MODULE__{turns: [{_ref, [{piece, _last?} | _]} | _]}), do: byte_size(piece)

  @doc "Takes the next piece out; then it is the next scan's turn."
  @spec take(t) :: {reference, binary, boolean, t}
  def take(%__MODULE__{turns: [{ref, [{piece, last?} | rest]} | turns]} = outbox) do
    turns = if rest == [], do: turns, else: turns ++ [{ref, rest}]
    {ref, piece, last?, %{outbox | turns: turns}}
  end

  @doc "Drops what a scan has here."
  @spec drop(t, reference) :: t
  def drop(%__MODULE__{turns: turns} = outbox, ref),
    do: %{outbox | turns: List.keydelete(turns, ref, 0)}

  @doc "How many slabs of a scan are here."
  @spec count(t, reference) :: non_neg_integer
  def count(%__MODULE__{turns: turns}, ref) do
    {_ref, slabs} = List.keyfind(turns, ref, 0, {ref, []})
    Enum.count(slabs, fn {_piece, last?} -> last? end)
  end

  @spec empty?(t) :: boolean
  def empty?(%__MODULE__{turns: turns}), do: turns == []
end
