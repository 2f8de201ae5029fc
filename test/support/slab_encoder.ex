defmodule Aether.SlabEncoder do
  @moduledoc false

  # Writes slabs, straight from the description of the format: what the tests compare the reader
  # with. It checks nothing, so it can also write what no reader must take.

  # Bits of the flags, types of the columns, in the order of the format.
  @bits [disk: 1, inode: 2, mode: 3, times: 4, target: 5, owner: 6]
  @columns [
    disk: [disk: 64],
    inode: [inode: 64, device: 32, nlink: 32],
    mode: [mode: 16],
    times: [ctime: 64, btime: 64],
    owner: [uid: 32, gid: 32]
  ]

  @doc """
  The slab of `listings`: `{path, status number, [{name, kind number, metadata | nil}]}`, where metadata
  is a map with `:size`, `:mtime`, and the columns of `groups`.
  """
  def encode(%{tag: tag, sequence: sequence, metadata: metadata?, groups: groups} = content) do
    listings = content.listings
    entries = Enum.flat_map(listings, fn {_path, _status, entries} -> entries end)
    paths = Enum.map(listings, fn {path, _, _} -> path end)
    names = Enum.map(entries, fn {name, _, _} -> name end)
    known = Enum.map(entries, fn {_, _, known} -> known || %{} end)
    targets = if :target in groups, do: Enum.map(known, &Map.get(&1, :target, "")), else: []
    flags = for group <- groups, reduce: 0, do: (flags -> flags + 2 ** @bits[group])

    IO.iodata_to_binary([
      <<"ASLB", 1::little-16, flags + if(metadata?, do: 1, else: 0)::little-16>>,
      words([tag, sequence, length(listings), length(entries)]),
      words([total(paths), total(names), total(targets), 0]),
      if(metadata?, do: [numbers(known, :size, 64), numbers(known, :mtime, 64)], else: []),
      for {group, columns} <- @columns, group in groups, {name, bits} <- columns do
        numbers(known, name, bits)
      end,
      column(words(ends(Enum.map(targets, &byte_size/1)))),
      column(words(ends(Enum.map(listings, fn {_, _, entries} -> length(entries) end)))),
      column(words(ends(Enum.map(paths, &byte_size/1)))),
      column(words(Enum.map(listings, fn {_, status, _} -> status end))),
      column(words(ends(Enum.map(names, &byte_size/1)))),
      column(for {_, kind, known} <- entries, do: kind(kind, metadata? and known == nil)),
      column(paths),
      column(names),
      column(targets)
    ])
  end

  defp kind(kind, true), do: 0x80 + kind
  defp kind(kind, false), do: kind

  # Negative numbers have the same bytes as two's complement.
  defp numbers(known, name, bits),
    do: column(for entry <- known, do: <<Map.get(entry, name, 0)::little-size(bits)>>)

  defp total(binaries), do: binaries |> Enum.map(&byte_size/1) |> Enum.sum()
  defp ends(lengths), do: Enum.scan(lengths, &+/2)
  defp words(numbers), do: for(number <- numbers, do: <<number::little-32>>)

  defp column(values) do
    size = IO.iodata_length(values)
    [values, <<0::size(Integer.mod(-size, 8))-unit(8)>>]
  end
end
