defmodule Aether.Slab.Decoder do
  @moduledoc false

  # Splits a slab into its columns. Everything that the format requires is checked here, once, in the
  # same order and with the same messages as in the native decoder. Each loop goes down one column, and
  # is preempted like any other code of the VM.

  import Aether.Slab.Status, only: [is_status: 1]

  # `records` and `entries` are counts. Without metadata `sizes` and `mtimes` are absent.
  defstruct [
    :tag,
    :sequence,
    :metadata,
    :records,
    :entries,
    :path_bytes,
    :name_bytes,
    :sizes,
    :mtimes,
    :entries_ends,
    :path_ends,
    :statuses,
    :name_ends,
    :kinds,
    :paths,
    :names
  ]

  @header 40

  @doc """
  Reads the header alone: its fields in a struct without columns, or what is wrong with it.
  """
  def header(
        <<"ASLB", 1::little-16, flags::little-16, tag::little-32, sequence::little-32,
          records::little-32, entries::little-32, path_bytes::little-32, name_bytes::little-32,
          0::64, _columns::binary>>
      )
      when flags <= 1 do
    {:ok,
     %__MODULE__{
       tag: tag,
       sequence: sequence,
       metadata: flags == 1,
       records: records,
       entries: entries,
       path_bytes: path_bytes,
       name_bytes: name_bytes
     }}
  end

  def header(bytes) when byte_size(bytes) < @header,
    do: {:error, "#{byte_size(bytes)} bytes are too short for a header"}

  def header(<<"ASLB", version::little-16, _::binary>>) when version != 1,
    do: {:error, "version #{version} is not known"}

  def header(<<"ASLB", _version::16, flags::little-16, _::binary>>) when flags > 1,
    do: {:error, "flags #{flags} are not known"}

  def header(<<"ASLB", _::binary>>), do: {:error, "the reserved field is not zero"}
  def header(_bytes), do: {:error, "does not begin with ASLB"}

  @doc """
  Checks everything; the columns borrow from the binary.
  """
  def decode(bytes) do
    with {:ok, slab} <- header(bytes),
         :ok <- check_length(byte_size(bytes), total(slab)) do
      check(split(slab, bytes))
    end
  catch
    {:bad_slab, words} -> {:error, words}
  end

  defp total(slab) do
    @header + if(slab.metadata, do: 16 * slab.entries, else: 0) + 3 * padded(4 * slab.records) +
      padded(4 * slab.entries) + padded(slab.entries) + padded(slab.path_bytes) +
      padded(slab.name_bytes)
  end

  defp padded(length), do: Bitwise.band(length + 7, -8)

  defp check_length(length, length), do: :ok

  defp check_length(length, expected),
    do: {:error, "#{length} bytes, where the header's counts make #{expected}"}

  defp split(%{records: records, entries: entries} = slab, bytes) do
    known = if slab.metadata, do: 8 * entries, else: 0
    at = @header
    {sizes, at} = column("size", bytes, at, known)
    {mtimes, at} = column("mtime", bytes, at, known)
    {entries_ends, at} = column("dir_entries_end", bytes, at, 4 * records)
    {path_ends, at} = column("dir_path_end", bytes, at, 4 * records)
    {statuses, at} = column("dir_status", bytes, at, 4 * records)
    {name_ends, at} = column("name_end", bytes, at, 4 * entries)
    {kinds, at} = column("kind", bytes, at, entries)
    {paths, at} = column("paths", bytes, at, slab.path_bytes)
    {names, _at} = column("names", bytes, at, slab.name_bytes)

    %{
      slab
      | sizes: sizes,
        mtimes: mtimes,
        entries_ends: entries_ends,
        path_ends: path_ends,
        statuses: statuses,
        name_ends: name_ends,
        kinds: kinds,
        paths: paths,
        names: names
    }
  end

  defp column(name, bytes, at, length) do
    padding = padded(length) - length

    case bytes do
      <<_::binary-size(at), column::binary-size(length), 0::size(padding)-unit(8), _::binary>> ->
        {column, at + length + padding}

      _ ->
        bad("#{name}: the padding is not zero")
    end
  end

  defp check(slab) do
    check_ends(slab.entries_ends, "dir_entries_end", slab.entries)
    check_ends(slab.path_ends, "dir_path_end", slab.path_bytes)
    check_ends(slab.name_ends, "name_end", slab.name_bytes)
    check_statuses(slab.statuses, 0)
    check_kinds(slab.kinds, 0, slab)
    check_paths(slab.path_ends, slab.paths, 0, 0)
    clean? = :binary.match(slab.names, "/") == :nomatch and no_nul?(slab.names)
    check_names(slab.name_ends, slab.names, clean?, 0, 0)
    {:ok, slab}
  end

  defp check_ends(ends, column, total), do: check_ends(ends, column, total, 0, 0)

  defp check_ends(<<stop::little-32, rest::binary>>, column, total, before, index)
       when stop >= before,
       do: check_ends(rest, column, total, stop, index + 1)

  defp check_ends(<<>>, _column, total, total, _index), do: :ok

  defp check_ends(<<>>, column, total, stop, _index),
    do: bad("#{column}: ends at #{stop} instead of #{total}")

  defp check_ends(_rest, column, _total, _before, index),
    do: bad("#{column}: value #{index} is below the one before")

  defp check_statuses(<<status::little-32, rest::binary>>, index) when is_status(status),
    do: check_statuses(rest, index + 1)

  defp check_statuses(<<>>, _index), do: :ok

  defp check_statuses(<<status::little-32, _::binary>>, index),
    do: bad("record #{index}: status #{status} is not known")

  defp check_kinds(<<kind, rest::binary>>, index, slab) when kind <= 4,
    do: check_kinds(rest, index + 1, slab)

  defp check_kinds(<<>>, _index, _slab), do: :ok

  defp check_kinds(<<kind, rest::binary>>, index, %{metadata: true} = slab)
       when kind in 0x80..0x84 do
    at = 8 * index

    with <<_::binary-size(at), 0::64, _::binary>> <- slab.sizes,
         <<_::binary-size(at), 0::64, _::binary>> <- slab.mtimes do
      check_kinds(rest, index + 1, slab)
    else
      _ -> bad("entry #{index}: size or mtime where none is known")
    end
  end

  defp check_kinds(<<kind, _::binary>>, index, _slab),
    do: bad("entry #{index}: kind #{kind} is not known")

  defp check_paths(<<stop::little-32, rest::binary>>, paths, start, index) do
    length = stop - start
    <<path::binary-size(length), paths::binary>> = paths

    if length == 0 or component?(path),
      do: check_paths(rest, paths, stop, index + 1),
      else: bad("record #{index}: not a relative path")
  end

  defp check_paths(<<>>, _paths, _start, _index), do: :ok

  # Byte by byte: paths are short, and splitting them costs more.
  defp component?(<<"/", _::binary>>), do: false
  defp component?(<<"./", _::binary>>), do: false
  defp component?(<<"../", _::binary>>), do: false
  defp component?(path) when path in ["", ".", ".."], do: false
  defp component?(path), do: rest?(path)

  defp rest?(<<"/", path::binary>>), do: component?(path)
  defp rest?(<<0, _::binary>>), do: false
  defp rest?(<<_, path::binary>>), do: rest?(path)
  defp rest?(<<>>), do: true

  # Only names of one or two bytes can be dots, and names in a clean table can have no other defect, so
  # nearly all names are skipped.
  defp check_names(<<stop::little-32, rest::binary>>, names, true, start, index)
       when stop > start + 2,
       do: check_names(rest, names, true, stop, index + 1)

  defp check_names(<<stop::little-32, rest::binary>>, names, clean?, start, index) do
    name = binary_part(names, start, stop - start)

    if name not in ["", ".", ".."] and
         (clean? or (:binary.match(name, "/") == :nomatch and no_nul?(name))),
       do: check_names(rest, names, clean?, stop, index + 1),
       else: bad("entry #{index}: not a file name")
  end

  defp check_names(<<>>, _names, _clean?, _start, _index), do: :ok

  defp no_nul?(bytes), do: :binary.match(bytes, <<0>>) == :nomatch

  defp bad(words), do: throw({:bad_slab, words})
end
