defmodule Aether.Slab.Reader do
  @moduledoc false

  # Walks down the columns of a checked slab side by side. The two loops are the hot path of
  # decoding: every column stays in its own match context, so that an entry costs its path, its
  # struct, and nothing else.

  alias Aether.Entry
  alias Aether.Slab.Status

  @doc """
  Folds over the entries. With `copy?` no path refers to the slab's memory; without, the paths of
  entries in the root do.
  """
  def reduce(slab, acc, fun, copy?) do
    %{name_ends: ends, kinds: kinds, names: names} = slab
    directories = directories(slab, copy?)

    if slab.metadata do
      full(slab.sizes, slab.mtimes, ends, kinds, names, 0, 0, nil, directories, fun, acc)
    else
      bare(ends, kinds, names, 0, 0, nil, directories, fun, acc)
    end
  end

  @doc """
  The directory records: `{path, status, entry_count}`. Paths are copied.
  """
  def records(slab),
    do: records(slab.entries_ends, slab.path_ends, slab.statuses, slab.paths, {0, 0})

  defp records(
         <<stop::little-32, stops::binary>>,
         <<path_stop::little-32, path_stops::binary>>,
         <<status::little-32, statuses::binary>>,
         paths,
         {start, path_start}
       ) do
    path = :binary.copy(binary_part(paths, path_start, path_stop - path_start))
    record = {path, Status.decode(status), stop - start}
    [record | records(stops, path_stops, statuses, paths, {stop, path_stop})]
  end

  defp records(<<>>, <<>>, <<>>, _paths, _starts), do: []

  # For each record that has entries: how many, and what makes paths of their names.
  defp directories(slab, copy?) do
    for {path, _status, count} when count > 0 <- records(slab) do
      case path do
        "" -> {count, if(copy?, do: :copy, else: :name)}
        path -> {count, {path <> "/", byte_size(path) + 1}}
      end
    end
  end

  # In both loops `start` is where the next name begins, and `left` how many entries of the
  # directory are still to come.
  defp full(sizes, mtimes, ends, kinds, names, start, 0, _, [{left, directory} | rest], fun, acc),
    do: full(sizes, mtimes, ends, kinds, names, start, left, directory, rest, fun, acc)

  defp full(
         <<size::little-64, sizes::binary>>,
         <<mtime::little-signed-64, mtimes::binary>>,
         <<stop::little-32, ends::binary>>,
         <<kind, kinds::binary>>,
         names,
         start,
         left,
         directory,
         rest,
         fun,
         acc
       ) do
    length = stop - start
    <<name::binary-size(length), names::binary>> = names
    path = path(directory, name, length)

    entry =
      if kind < 0x80,
        do: %Entry{path: path, kind: kind(kind), size: size, mtime: mtime},
        else: %Entry{path: path, kind: kind(kind - 0x80)}

    acc = fun.(entry, acc)
    full(sizes, mtimes, ends, kinds, names, stop, left - 1, directory, rest, fun, acc)
  end

  defp full(<<>>, <<>>, <<>>, <<>>, _names, _start, 0, _directory, [], _fun, acc), do: acc

  defp bare(ends, kinds, names, start, 0, _, [{left, directory} | rest], fun, acc),
    do: bare(ends, kinds, names, start, left, directory, rest, fun, acc)

  defp bare(
         <<stop::little-32, ends::binary>>,
         <<kind, kinds::binary>>,
         names,
         start,
         left,
         directory,
         rest,
         fun,
         acc
       ) do
    length = stop - start
    <<name::binary-size(length), names::binary>> = names
    entry = %Entry{path: path(directory, name, length), kind: kind(kind)}
    bare(ends, kinds, names, stop, left - 1, directory, rest, fun, fun.(entry, acc))
  end

  defp bare(<<>>, <<>>, _names, _start, 0, _directory, [], _fun, acc), do: acc

  # With both sizes given, the result has just its own length: <<prefix::binary, ...>> would leave
  # room to append to it, at least 256 bytes with every path.
  defp path({prefix, size}, name, length),
    do: <<prefix::binary-size(size), name::binary-size(length)>>

  defp path(:copy, name, _length), do: :binary.copy(name)
  defp path(:name, name, _length), do: name

  defp kind(0), do: :unknown
  defp kind(1), do: :file
  defp kind(2), do: :directory
  defp kind(3), do: :symlink
  defp kind(4), do: :other
end
