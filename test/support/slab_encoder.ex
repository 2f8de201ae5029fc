defmodule Aether.SlabEncoder do
  @moduledoc false

  # Writes slabs, straight from the description of the format: what the tests compare the reader
  # with. It checks nothing, so it can also write what no reader must take.

  @doc """
  The slab of `listings`: `{path, status number, [{name, kind number, {size, mtime} | nil}]}`.
  """
  def encode(%{tag: tag, sequence: sequence, metadata: metadata?, listings: listings}) do
    entries = Enum.flat_map(listings, fn {_path, _status, entries} -> entries end)
    paths = Enum.map(listings, fn {path, _, _} -> path end)
    names = Enum.map(entries, fn {name, _, _} -> name end)
    known = Enum.map(entries, fn {_, _, known} -> known || {0, 0} end)

    IO.iodata_to_binary([
      <<"ASLB", 1::little-16, if(metadata?, do: 1, else: 0)::little-16>>,
      words([tag, sequence, length(listings), length(entries)]),
      words([total(paths), total(names), 0, 0]),
      if metadata? do
        [
          for({size, _} <- known, do: <<size::little-64>>),
          for({_, mtime} <- known, do: <<mtime::little-signed-64>>)
        ]
      else
        []
      end,
      column(words(ends(Enum.map(listings, fn {_, _, entries} -> length(entries) end)))),
      column(words(ends(Enum.map(paths, &byte_size/1)))),
      column(words(Enum.map(listings, fn {_, status, _} -> status end))),
      column(words(ends(Enum.map(names, &byte_size/1)))),
      column(for {_, kind, known} <- entries, do: kind(kind, metadata? and known == nil)),
      column(paths),
      column(names)
    ])
  end

  defp kind(kind, true), do: 0x80 + kind
  defp kind(kind, false), do: kind

  defp total(binaries), do: binaries |> Enum.map(&byte_size/1) |> Enum.sum()
  defp ends(lengths), do: Enum.scan(lengths, &+/2)
  defp words(numbers), do: for(number <- numbers, do: <<number::little-32>>)

  defp column(values) do
    size = IO.iodata_length(values)
    [values, <<0::size(Integer.mod(-size, 8))-unit(8)>>]
  end
end
