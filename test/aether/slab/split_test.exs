defmodule Aether.Slab.SplitTest do
  # Pieces of slabs, read back by the decoder.
  use ExUnit.Case, async: true

  alias Aether.{GoldenSlabs, Slab, SlabEncoder}
  alias Aether.Slab.Split

  # What a client has after it has read these slabs: of each directory its entries, in order, and how its listing ended.
  defp read(slabs) do
    for slab <- slabs, {path, status, entries} <- Slab.listings(slab), reduce: %{} do
      read ->
        Map.update(read, path, {[status], entries}, fn {known, before} ->
          {known ++ [status], before ++ entries}
        end)
    end
    |> Map.new(fn {path, {statuses, entries}} ->
      {path, {Enum.reject(statuses, &(&1 == :more)), entries}}
    end)
  end

  defp slab(listings, groups \\ []),
    do:
      SlabEncoder.encode(%{
        tag: 9,
        sequence: 4,
        metadata: true,
        groups: groups,
        listings: listings
      })

  defp files(count, prefix \\ "file-"),
    do: for(n <- 1..count, do: {"#{prefix}#{n}", 1, %{size: n, mtime: n * 1000}})

  test "all entries and ends are in the pieces, whatever the limit" do
    slab =
      slab([
        {"", 0, files(3)},
        {"empty", 1, []},
        {"docs/many", 1, files(500, "näme-")},
        {"denied", 256 + 13, []},
        {"", 1, files(40, "last-")}
      ])

    for limit <- [1, 200, 300, 1000, 4096, 10_000] do
      pieces = Split.cut(slab, limit)
      assert length(pieces) > 1
      assert read(pieces) == read([slab])
      assert Enum.all?(pieces, &(Slab.tag(&1) == 9))
      # None has nothing in it, and only one that cannot be shorter is longer than it may be.
      for piece <- pieces do
        records = Slab.listings(piece)
        assert records != []
        short? = byte_size(piece) <= limit
        assert short? or match?([{_, _, rest}] when length(rest) <= 1, records)
      end
    end
  end

  test "a long path is not sent again with each entry" do
    for length <- [1025, 4000, 60_000] do
      path = String.duplicate("p", length)
      slab = slab([{"", 0, files(10)}, {path, 1, files(5000)}])
      pieces = Split.cut(slab, 4096)
      assert read(pieces) == read([slab])
      assert pieces |> Enum.map(&byte_size/1) |> Enum.sum() < byte_size(slab) * 1.5
    end
  end

  test "what is short enough, and what is no slab, stays as it is" do
    slab = slab([{"", 1, files(10)}])
    assert Split.cut(slab, byte_size(slab)) == [slab]
    assert Split.cut("ASLB, or not", 4) == ["ASLB, or not"]
  end

  for name <- GoldenSlabs.sound() do
    test "the golden slab #{name} reads the same in pieces" do
      slab = GoldenSlabs.bytes(unquote(name))
      assert read(Split.cut(slab, 1)) == read([slab])
    end
  end

  test "a number is written into the header, and nothing else" do
    slab = slab([{"", 1, files(2)}])
    assert Split.number(slab, 4) == slab
    other = Split.number(slab, 0xFFFFFFFF)
    assert Slab.sequence(other) == 0xFFFFFFFF
    assert Split.number(other, 4) == slab
  end
end
