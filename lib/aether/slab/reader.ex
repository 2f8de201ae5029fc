defmodule Aether.Slab.Reader do
  @moduledoc false

  # Goes down the columns of a checked slab in parallel. Each column is first made a list: in a loop
  # the VM optimises the position in only one binary, and would make a sub-binary of each of the others
  # for every entry, which takes twice the time.

  alias Aether.{Attributes, Entry}
  alias Aether.Slab.Status

  @doc """
  Reduces the entries. With `copy?` no path and no target refers to the slab's memory; without it the
  paths of entries in the root do, and all targets.
  """
  def reduce(slab, acc, fun, copy?) do
    names = slab.names
    ends = unsigned(slab.name_ends, 4)
    kinds = :binary.bin_to_list(slab.kinds)
    directories = directories(slab, copy?)

    case slab do
      %{metadata: false} ->
        bare(ends, kinds, names, 0, 0, nil, directories, fun, acc)

      %{groups: []} ->
        sizes = unsigned(slab.sizes, 8)
        mtimes = signed(slab.mtimes)
        full(sizes, mtimes, ends, kinds, names, 0, 0, nil, directories, fun, acc)

      _with_attributes ->
        facts = facts(slab, kinds, copy?)
        rich(facts, ends, kinds, names, 0, 0, nil, directories, fun, acc)
    end
  end

  @doc """
  The directory records: `{path, status, entry_count}`. Paths are copied.
  """
  def records(slab) do
    stops = unsigned(slab.entries_ends, 4)
    path_stops = unsigned(slab.path_ends, 4)
    records(stops, path_stops, unsigned(slab.statuses, 4), slab.paths, 0, 0)
  end

  defp records([stop | stops], [path_stop | path_stops], [status | statuses], paths, start, at) do
    path = :binary.copy(binary_part(paths, at, path_stop - at))
    record = {path, Status.decode(status), stop - start}
    [record | records(stops, path_stops, statuses, paths, stop, path_stop)]
  end

  defp records([], [], [], _paths, _start, _at), do: []

  # For each record with entries: their number, and how to make paths of their names.
  defp directories(slab, copy?) do
    for {path, _status, count} when count > 0 <- records(slab) do
      case byte_size(path) do
        0 -> {count, if(copy?, do: :copy, else: :name)}
        size -> {count, {<<path::binary-size(size), ?/>>, size + 1}}
      end
    end
  end

  # In both loops `start` is the offset of the next name, and `left` the number of entries that the
  # directory still has.
  defp full(sizes, mtimes, ends, kinds, names, start, 0, _, [{left, directory} | rest], fun, acc),
    do: full(sizes, mtimes, ends, kinds, names, start, left, directory, rest, fun, acc)

  defp full([size | sizes], [mtime | mtimes], ends, kinds, names, start, left, at, rest, fun, acc) do
    [stop | ends] = ends
    [kind | kinds] = kinds
    path = path(at, names, start, stop - start)

    entry =
      if kind < 0x80,
        do: %Entry{path: path, kind: kind(kind), size: size, mtime: mtime},
        else: %Entry{path: path, kind: kind(kind - 0x80)}

    acc = fun.(entry, acc)
    full(sizes, mtimes, ends, kinds, names, stop, left - 1, at, rest, fun, acc)
  end

  defp full([], [], [], [], _names, _start, 0, _directory, [], _fun, acc), do: acc

  defp bare(ends, kinds, names, start, 0, _, [{left, directory} | rest], fun, acc),
    do: bare(ends, kinds, names, start, left, directory, rest, fun, acc)

  defp bare([stop | ends], [kind | kinds], names, start, left, directory, rest, fun, acc) do
    entry = %Entry{path: path(directory, names, start, stop - start), kind: kind(kind)}
    bare(ends, kinds, names, stop, left - 1, directory, rest, fun, fun.(entry, acc))
  end

  defp bare([], [], _names, _start, 0, _directory, [], _fun, acc), do: acc

  defp rich(facts, ends, kinds, names, start, 0, _, [{left, directory} | rest], fun, acc),
    do: rich(facts, ends, kinds, names, start, left, directory, rest, fun, acc)

  defp rich([fact | facts], [stop | ends], [kind | kinds], names, start, left, at, rest, fun, acc) do
    path = path(at, names, start, stop - start)

    entry =
      case fact do
        {size, mtime, attributes} ->
          %Entry{path: path, kind: kind(kind), size: size, mtime: mtime, attributes: attributes}

        nil ->
          %Entry{path: path, kind: kind(kind - 0x80)}
      end

    rich(facts, ends, kinds, names, stop, left - 1, at, rest, fun, fun.(entry, acc))
  end

  defp rich([], [], [], _names, _start, 0, _directory, [], _fun, acc), do: acc

  # For each entry its size, mtime and attributes, or nil if they are not known.
  defp facts(slab, kinds, copy?) do
    columns =
      for {name, width, column} <- slab.attributes,
          into: %{},
          do: {name, values(name, width, column)}

    absent = List.duplicate(nil, slab.entries)
    get = &Map.get(columns, &1, absent)
    targets = if :target in slab.groups, do: targets(slab, copy?), else: absent

    facts(
      kinds,
      unsigned(slab.sizes, 8),
      signed(slab.mtimes),
      get.(:disk),
      get.(:inode),
      get.(:device),
      get.(:nlink),
      get.(:mode),
      get.(:uid),
      get.(:gid),
      get.(:ctime),
      get.(:btime),
      targets
    )
  end

  defp facts(
         [kind | ks],
         [s | ss],
         [m | ms],
         [d | ds],
         [i | is],
         [v | vs],
         [n | ns],
         [p | ps],
         [u | us],
         [g | gs],
         [c | cs],
         [b | bs],
         [t | ts]
       ) do
    fact =
      if kind < 0x80 do
        {s, m,
         %Attributes{
           disk: d,
           inode: i,
           device: v,
           nlink: n,
           mode: p,
           uid: u,
           gid: g,
           ctime: c,
           btime: b,
           target: t
         }}
      end

    [fact | facts(ks, ss, ms, ds, is, vs, ns, ps, us, gs, cs, bs, ts)]
  end

  defp facts([], [], [], [], [], [], [], [], [], [], [], [], []), do: []

  # What stands for the btime of an entry on a file system that keeps none.
  @no_btime -0x8000000000000000

  defp values(:ctime, 8, column), do: signed(column)

  defp values(:btime, 8, column),
    do: for(value <- signed(column), do: if(value != @no_btime, do: value))

  defp values(_name, width, column), do: unsigned(column, width)

  defp targets(%{target_ends: ends, targets: targets}, copy?),
    do: targets(ends, targets, 0, copy?)

  # An empty one, which most are, is not known.
  defp targets(<<start::little-32, ends::binary>>, targets, start, copy?),
    do: [nil | targets(ends, targets, start, copy?)]

  defp targets(<<stop::little-32, ends::binary>>, targets, start, copy?) do
    target = binary_part(targets, start, stop - start)
    target = if copy?, do: :binary.copy(target), else: target
    [target | targets(ends, targets, stop, copy?)]
  end

  defp targets(<<>>, _targets, _start, _copy?), do: []

  # With explicit sizes the result is no longer than needed: <<prefix::binary, ...>> would reserve at
  # least 256 bytes for appending, for every path.
  defp path({prefix, size}, names, start, length) do
    name = binary_part(names, start, length)
    <<prefix::binary-size(size), name::binary-size(length)>>
  end

  defp path(:copy, names, start, length), do: :binary.copy(binary_part(names, start, length))
  defp path(:name, names, start, length), do: binary_part(names, start, length)

  defp unsigned(column, 2), do: for(<<value::little-16 <- column>>, do: value)
  defp unsigned(column, 4), do: for(<<value::little-32 <- column>>, do: value)
  defp unsigned(column, 8), do: for(<<value::little-64 <- column>>, do: value)
  defp signed(column), do: for(<<value::little-signed-64 <- column>>, do: value)

  defp kind(0), do: :unknown
  defp kind(1), do: :file
  defp kind(2), do: :directory
  defp kind(3), do: :symlink
  defp kind(4), do: :other
end
