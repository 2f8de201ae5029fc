# Against pure Elixir, written as one would who knows OTP well: file calls that go straight to `:prim_file`
# (no file server in between), raw names, accumulators, parallel work in chunks. All give the same set of
# {path, kind, size, mtime in seconds}, or {path, kind}, which is compared before anything is timed.
#
#     MIX_ENV=prod mix run bench/honest_race.exs [--rounds N] [--trees real,flat]
#
# `slabs` is Aether as a Channel uses it: received, not decoded. `list/2` decodes every entry into a struct.
Code.require_file("support.exs", __DIR__)

defmodule PureElixir do
  require Record
  Record.defrecordp(:file_info, Record.extract(:file_info, from_lib: "kernel/include/file.hrl"))

  # A task for fewer would cost more than it brings.
  @chunk 256

  # Names alone do not tell what is a directory, so that lstat is needed in both modes.
  def sequential(root, metadata), do: walk([""], root, metadata, [])

  defp walk([], _root, _metadata, found), do: found

  defp walk([dir | dirs], root, metadata, found) do
    {dirs, found} = stat(names(root, dir), root, metadata, dirs, found)
    walk(dirs, root, metadata, found)
  end

  # Level by level: the directories of a level are listed in parallel, then their entries looked at in chunks.
  def parallel(root, metadata), do: levels([""], root, metadata, [])

  defp levels([], _root, _metadata, found), do: found

  defp levels(dirs, root, metadata, found) do
    {dirs, found} =
      dirs
      |> Enum.chunk_every(@chunk)
      |> async(fn dirs -> Enum.flat_map(dirs, &names(root, &1)) end)
      |> Stream.flat_map(fn {:ok, paths} -> Enum.chunk_every(paths, @chunk) end)
      |> async(&stat(&1, root, metadata, [], []))
      |> Enum.reduce({[], found}, fn {:ok, {dirs, found}}, {all_dirs, all_found} ->
        {:lists.reverse(dirs, all_dirs), :lists.reverse(found, all_found)}
      end)

    levels(dirs, root, metadata, found)
  end

  defp async(chunks, fun) do
    opts = [ordered: false, max_concurrency: 4 * System.schedulers_online(), timeout: :infinity]
    Task.async_stream(chunks, fun, opts)
  end

  defp names(root, dir) do
    case :prim_file.list_dir_all(join(root, dir)) do
      {:ok, names} -> for name <- names, do: join(dir, raw(name))
      {:error, _} -> []
    end
  end

  defp raw(name) when is_binary(name), do: name
  defp raw(name), do: :unicode.characters_to_binary(name)

  defp stat([], _root, _metadata, dirs, found), do: {dirs, found}

  defp stat([path | paths], root, metadata, dirs, found) do
    case :prim_file.read_link_info(join(root, path), time: :posix) do
      {:ok, file_info(type: type, size: size, mtime: mtime)} ->
        dirs = if type == :directory, do: [path | dirs], else: dirs
        entry = if metadata, do: {path, kind(type), size, mtime}, else: {path, kind(type)}
        stat(paths, root, metadata, dirs, [entry | found])

      {:error, _} ->
        stat(paths, root, metadata, dirs, found)
    end
  end

  defp join("", name), do: name
  defp join(dir, ""), do: dir
  defp join(dir, name), do: <<dir::binary, ?/, name::binary>>

  defp kind(:regular), do: :file
  defp kind(type) when type in [:directory, :symlink], do: type
  defp kind(_), do: :other
end

defmodule HonestRace do
  alias Aether.Scanner

  def slabs(root, metadata) do
    {:ok, scan} = Scanner.scan(root, depth: :infinity, metadata: metadata)
    Bench.drain(scan)
  end

  def list(root, metadata) do
    {:ok, entries, %{status: :complete}} = Scanner.list(root, metadata: metadata)
    entries
  end

  # Plain File calls, as most programs have them.
  def file_module(root, _metadata), do: file_walk([""], root, [])

  defp file_walk([], _root, found), do: found

  defp file_walk([dir | dirs], root, found) do
    {dirs, found} = file_list(dir, root, dirs, found)
    file_walk(dirs, root, found)
  end

  # And in parallel: the directories of a level at a time.
  def file_tasks(root, _metadata), do: file_levels([""], root, [])

  defp file_levels([], _root, found), do: found

  defp file_levels(dirs, root, found) do
    {dirs, found} =
      dirs
      |> Task.async_stream(&file_list(&1, root, [], []),
        ordered: false,
        max_concurrency: 4 * System.schedulers_online(),
        timeout: :infinity
      )
      |> Enum.reduce({[], found}, fn {:ok, {dirs, entries}}, {all_dirs, all_found} ->
        {:lists.reverse(dirs, all_dirs), :lists.reverse(entries, all_found)}
      end)

    file_levels(dirs, root, found)
  end

  defp file_list(dir, root, dirs, found) do
    for name <- File.ls!(Path.join(root, dir)), reduce: {dirs, found} do
      {dirs, found} ->
        path = Path.join(dir, name)
        stat = File.lstat!(Path.join(root, path), time: :posix)
        dirs = if stat.type == :directory, do: [path | dirs], else: dirs
        {dirs, [{path, stat.type, stat.size, stat.mtime} | found]}
    end
  end

  # The same set from all, or the race is off.
  def check(root, metadata) do
    expected = PureElixir.sequential(root, metadata) |> Enum.sort()
    true = expected == PureElixir.parallel(root, metadata) |> Enum.sort()
    true = expected == list(root, metadata) |> Enum.map(&comparable(&1, metadata)) |> Enum.sort()
    length(expected)
  end

  defp comparable(entry, true),
    do: {entry.path, entry.kind, entry.size, Integer.floor_div(entry.mtime, 1_000_000_000)}

  defp comparable(entry, false), do: {entry.path, entry.kind}

  def race(tree, metadata, rounds) do
    root = Bench.tree(tree)
    entries = Bench.fresh(fn -> check(root, metadata) end)
    ^entries = Bench.entries(tree)

    contestants = [
      slabs: &slabs/2,
      list: &list/2,
      sequential: &PureElixir.sequential/2,
      parallel: &PureElixir.parallel/2,
      file: &file_module/2,
      file_tasks: &file_tasks/2
    ]

    results =
      Bench.rounds(
        rounds,
        for({name, fun} <- contestants, do: {name, fn -> run(fun, root, metadata) end})
      )

    times = fn name -> Bench.number(Bench.ratio(results[name], results.slabs), 1) end
    lists = fn name -> Bench.number(Bench.ratio(results[name], results.list), 1) end

    for {name, text} <- [
          slabs: "Aether, slabs",
          list: "Aether, `list/2`",
          sequential: "`:prim_file`, sequential",
          parallel: "`:prim_file`, `Task.async_stream`",
          file: "`File`, sequential",
          file_tasks: "`File`, `Task.async_stream`"
        ] do
      [tree, if(metadata, do: "metadata", else: "names"), text] ++
        [Bench.ms(Bench.median(results[name])), times.(name), lists.(name)]
    end
  end

  defp run(fun, root, metadata) do
    Bench.fresh(fn -> elem(Bench.time(fn -> fun.(root, metadata) end), 0) end)
  end
end

options = Bench.options(rounds: 5, trees: ["real", "flat"])
Bench.machine()

rows =
  for tree <- options.trees, metadata <- [true, false] do
    HonestRace.race(tree, metadata, options.rounds)
  end

Bench.table(
  "Against pure Elixir (target: sequential at least 15 × slabs, parallel at least 7 ×)",
  ["tree", "mode", "who", "ms", "× slabs", "× `list/2`"],
  Enum.concat(rows)
)
