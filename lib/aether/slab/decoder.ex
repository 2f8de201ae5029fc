defmodule Aether.Slab.Decoder do
  @moduledoc false

  # Splits a slab into its columns. Everything that the format requires is checked, once, in the same order
  # and with the same messages as in the native decoder: header, length and padding here, values in checks.ex.

  alias Aether.Attributes
  alias Aether.Slab.Checks

  # `records` and `entries` are counts. Without metadata `sizes` and `mtimes` are empty, without the group `:target`
  # `target_ends` and `targets`. `attributes` are the columns of the other groups: `{name, width, column}`.
  defstruct [
    :tag,
    :sequence,
    :metadata,
    :groups,
    :records,
    :entries,
    :path_bytes,
    :name_bytes,
    :target_bytes,
    :sizes,
    :mtimes,
    :attributes,
    :target_ends,
    :entries_ends,
    :path_ends,
    :statuses,
    :name_ends,
    :kinds,
    :paths,
    :names,
    :targets
  ]

  @header 40

  # In the order of the format.
  @columns [
    {:disk, :disk, 8},
    {:inode, :inode, 8},
    {:inode, :device, 4},
    {:inode, :nlink, 4},
    {:mode, :mode, 2},
    {:times, :ctime, 8},
    {:times, :btime, 8},
    {:owner, :uid, 4},
    {:owner, :gid, 4}
  ]

  @doc """
  Reads the header alone: its fields in a struct without columns, or what is wrong with it.
  """
  def header(
        <<"ASLB", 1::little-16, flags::little-16, tag::little-32, sequence::little-32,
          records::little-32, entries::little-32, path_bytes::little-32, name_bytes::little-32,
          target_bytes::little-32, reserved::little-32, _columns::binary>>
      ) do
    with {:ok, metadata?, groups} <- Attributes.from_flags(flags),
         true <- reserved == 0 and (target_bytes == 0 or :target in groups) do
      {:ok,
       %__MODULE__{
         tag: tag,
         sequence: sequence,
         metadata: metadata?,
         groups: groups,
         records: records,
         entries: entries,
         path_bytes: path_bytes,
         name_bytes: name_bytes,
         target_bytes: target_bytes
       }}
    else
      :error -> {:error, "flags #{flags} are not known"}
      false -> {:error, "the reserved field is not zero"}
    end
  end

  def header(bytes) when byte_size(bytes) < @header,
    do: {:error, "#{byte_size(bytes)} bytes are too short for a header"}

  def header(<<"ASLB", version::little-16, _::binary>>),
    do: {:error, "version #{version} is not known"}

  def header(_bytes), do: {:error, "does not begin with ASLB"}

  @doc """
  Checks everything; the columns borrow from the binary.
  """
  def decode(bytes) do
    with {:ok, slab} <- header(bytes),
         :ok <- check_length(byte_size(bytes), total(slab)) do
      slab = split(slab, bytes)
      Checks.run(slab)
      {:ok, slab}
    end
  catch
    {:bad_slab, words} -> {:error, words}
  end

  defp total(slab) do
    @header + if(slab.metadata, do: 16 * slab.entries, else: 0) + more(slab) +
      3 * padded(4 * slab.records) + padded(4 * slab.entries) + padded(slab.entries) +
      padded(slab.path_bytes) + padded(slab.name_bytes) + padded(slab.target_bytes)
  end

  defp more(%{groups: []}), do: 0

  defp more(slab) do
    attributes = for {_name, width} <- columns(slab), do: padded(width * slab.entries)
    Enum.sum([padded(target_ends(slab)) | attributes])
  end

  defp columns(slab),
    do: for({group, name, width} <- @columns, group in slab.groups, do: {name, width})

  defp target_ends(slab), do: if(:target in slab.groups, do: 4 * slab.entries, else: 0)

  defp padded(length), do: Bitwise.band(length + 7, -8)

  defp check_length(length, length), do: :ok

  defp check_length(length, expected),
    do: {:error, "#{length} bytes, where the header's counts make #{expected}"}

  defp split(%{records: records, entries: entries} = slab, bytes) do
    known = if slab.metadata, do: 8 * entries, else: 0
    at = @header
    {sizes, at} = column("size", bytes, at, known)
    {mtimes, at} = column("mtime", bytes, at, known)
    {attributes, at} = attributes(slab, bytes, at)
    {target_ends, at} = column("target_end", bytes, at, target_ends(slab))
    {entries_ends, at} = column("dir_entries_end", bytes, at, 4 * records)
    {path_ends, at} = column("dir_path_end", bytes, at, 4 * records)
    {statuses, at} = column("dir_status", bytes, at, 4 * records)
    {name_ends, at} = column("name_end", bytes, at, 4 * entries)
    {kinds, at} = column("kind", bytes, at, entries)
    {paths, at} = column("paths", bytes, at, slab.path_bytes)
    {names, at} = column("names", bytes, at, slab.name_bytes)
    {targets, _at} = column("targets", bytes, at, slab.target_bytes)

    %{
      slab
      | sizes: sizes,
        mtimes: mtimes,
        attributes: attributes,
        target_ends: target_ends,
        entries_ends: entries_ends,
        path_ends: path_ends,
        statuses: statuses,
        name_ends: name_ends,
        kinds: kinds,
        paths: paths,
        names: names,
        targets: targets
    }
  end

  defp attributes(%{groups: []}, _bytes, at), do: {[], at}

  defp attributes(slab, bytes, at) do
    Enum.map_reduce(columns(slab), at, fn {name, width}, at ->
      {column, at} = column(Atom.to_string(name), bytes, at, width * slab.entries)
      {{name, width, column}, at}
    end)
  end

  defp column(name, bytes, at, length) do
    padding = padded(length) - length

    case bytes do
      <<_::binary-size(at), column::binary-size(length), 0::size(padding)-unit(8), _::binary>> ->
        {column, at + length + padding}

      _ ->
        throw({:bad_slab, "#{name}: the padding is not zero"})
    end
  end
end
