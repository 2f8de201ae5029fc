defmodule Aether.Index.ReadingTest do
  # Short reads: every answer is held against find.
  use Aether.Case, async: true

  import Aether.Kept
  alias Aether.Index
  alias Aether.Index.{Answer, Child, Children, Source, Totals}

  @names ["a", "ä", "B", <<0xFF, 0xFE>>, "two\nlines", "..a", "-dash", "*", "'q'"]

  setup_all do
    root = Tree.tmp!()

    for {name, n} <- Enum.with_index(@names),
        do: Tree.make!(root, [{"#{name}/#{name}", name <> String.duplicate("x", n * n)}])

    Tree.make!(root, ["empty/", {"link", {:link, "nowhere"}}, {"pipe", :fifo}, "deep/1/2/3/x"])
    Tree.files!(root <> "/many", 501)
    File.write!(root <> "/deep/1/big", :binary.copy("x", 100_000))
    File.ln!(root <> "/deep/1/big", root <> "/many/again")
    File.ln!(root <> "/deep/1/big", root <> "/deep/1/2/big")
    File.ln!(root <> "/deep/1/big", Tree.tmp!() <> "/outside")
    %{root: root}
  end

  setup %{root: root} do
    index = index!()
    assert %{status: :complete} = scan!(root, index, source_id: "s")
    %{index: index}
  end

  # What is beneath a directory, by its path.
  defp expected(root, folder, entry) do
    name = Path.basename(entry.path)

    {count, bytes} =
      if entry.kind == :directory, do: totals("#{root}/#{entry.path}"), else: {1, entry.size}

    assert Path.dirname("./" <> entry.path) == Path.dirname("./#{folder}/x") or folder == ""
    {name, entry.kind, count, bytes, entry.mtime}
  end

  defp shown(%Child{} = child),
    do: {child.name, child.kind, child.file_count, child.bytes, child.mtime}

  defp found(root, folder) do
    beneath = if folder == "", do: root, else: "#{root}/#{folder}"

    for entry <- Find.entries(beneath, ["-maxdepth", "1"]) do
      path = if folder == "", do: entry.path, else: "#{folder}/#{entry.path}"
      expected(root, folder, %{entry | path: path})
    end
  end

  test "a folder's children are what find sees, folders first, in the order of their bytes",
       context do
    for folder <- ["", "many", "deep/1/2", "empty", <<0xFF, 0xFE>>, "two\nlines"],
        limit <- [1, 7, 200] do
      children = Enum.map(all!(context.index, "s", folder, limit: limit), &shown/1)
      order = fn {name, kind, _, _, _} -> {kind != :directory, name} end
      assert children == Enum.sort_by(found(context.root, folder), order)
    end
  end

  test "in other orders, ascending and descending", %{index: index, root: root} do
    keys = [size: 3, count: 2, mtime: 4]

    for {sort, at} <- keys, order <- [:asc, :desc], folder <- ["", "many"] do
      values =
        for child <- all!(index, "s", folder, sort: sort, order: order, limit: 100),
            do: elem(shown(child), at)

      known = for value <- found(root, folder), do: elem(value, at)
      assert values == Enum.sort(known, order), "#{sort} #{order}"
    end

    # The biggest first, unless told otherwise.
    assert value!(Index.children(index, "s", "", sort: :size)) ==
             value!(Index.children(index, "s", "", sort: :size, order: :desc))
  end

  test "a cursor is valid only with its order", %{index: index} do
    assert %Children{next: cursor, moved: false} =
             value!(Index.children(index, "s", "many", limit: 10))

    for opts <- [
          [after: "x"],
          [after: ""],
          [after: cursor, sort: :size],
          [after: cursor, order: :desc]
        ] do
      assert reason(Index.children(index, "s", "many", opts)) == :bad_cursor
    end
  end

  test "totals are find's", %{index: index, root: root} do
    for folder <- ["", "many", "deep", "deep/1/2/3", "empty", <<0xFF, 0xFE>>] do
      assert {:ok, %Answer{exhaustive: true, value: %Totals{} = totals}} =
               Index.totals(index, "s", folder)

      {count, bytes} = totals("#{root}/#{folder}")
      assert %{file_count: ^count, bytes: ^bytes, unknown_below: 0, status: :complete} = totals
    end

    assert value!(Index.totals(index, "s")).file_count == elem(totals(root), 0)
  end

  test "sizes on disk are du's", %{index: index, root: root} do
    for folder <- ["", "many", "deep", "deep/1/2/3", "empty", <<0xFF, 0xFE>>] do
      totals = value!(Index.totals(index, "s", folder))
      assert totals.disk == du("#{root}/#{folder}")
      refute totals.disk_pending
    end

    # The folder shares its largest file.
    big = du(root <> "/deep/1/big")
    assert value!(Index.totals(index, "s", "deep")).disk_unshared == du(root <> "/deep") - big

    for order <- [:asc, :desc], folder <- ["", "deep/1"] do
      children = all!(index, "s", folder, sort: :disk, order: order, limit: 100)
      for child <- children, do: assert(child.disk == du(Path.join([root, folder, child.name])))
      assert Enum.map(children, & &1.disk) == children |> Enum.map(& &1.disk) |> Enum.sort(order)
    end

    largest = value!(Index.largest(index, "s", "", by: :disk, limit: 4))

    assert ["deep/1/2/big", "deep/1/big", "many/again"] -- Enum.map(largest.files, & &1.path) ==
             []

    for item <- largest.folders ++ largest.files,
        do: assert(item.disk == du("#{root}/#{item.path}"))
  end

  test "other names of a file are find's", %{index: index, root: root} do
    links = value!(Index.links(index, "s", "many/again"))

    {found, 0} = System.cmd("find", [root, "-samefile", root <> "/deep/1/big", "-printf", "%P\n"])

    assert Enum.sort(["many/again" | links.paths]) == found |> String.split() |> Enum.sort()
    assert {links.nlink, links.elsewhere, links.more} == {4, 1, false}
    assert value!(Index.stat(index, "s", "deep/1/big")).nlink == 4

    assert %{paths: [_], more: true} = value!(Index.links(index, "s", "many/again", limit: 1))
    assert %{paths: [], nlink: 1, elsewhere: 0} = value!(Index.links(index, "s", "many/f1"))
    for path <- ["many", "no"], do: assert(value!(Index.links(index, "s", path)) == nil)
  end

  test "a breakdown is find's", %{index: index, root: root} do
    root =
      Tree.make!(root <> "/new", ["a.ex", {"b/c.EX", "xyz"}, "b/.d", {"b/e.txt", {:link, "x"}}])

    scan!(root, index, source_id: "new")
    %{groups: groups, others: nil} = value!(Index.breakdown(index, "new"))

    for {key, names} <- [{"ex", ~w(a.ex b/c.EX)}, {"", ["b/.d"]}, {"txt", ["b/e.txt"]}] do
      group = Enum.find(groups, &(&1.key == key))
      paths = for name <- names, do: "#{root}/#{name}"
      stats = for path <- paths, do: File.lstat!(path)
      assert group.files == length(names)
      assert group.bytes == Enum.sum(for %{type: :regular, size: size} <- stats, do: size)
      assert group.disk == Enum.sum(Enum.map(paths, &du/1))
    end

    assert %{groups: [%{key: :day, files: 4}]} =
             value!(Index.breakdown(index, "new", "", by: :age))

    assert %{groups: [_], others: %{files: 2}} =
             value!(Index.breakdown(index, "new", "", limit: 1))
  end

  test "owners are kept from the scan on that is told to, until one is told not to", %{
    index: index,
    root: root
  } do
    root = Tree.make!(root <> "/owned", ["a/b"])
    File.chmod!(root <> "/a/b", 0o640)
    %{mode: mode, uid: uid, gid: gid} = File.stat!(root <> "/a/b")
    owner = fn -> value!(Index.stat(index, "owned", "a/b")).owner end
    attributes = fn -> value!(Index.source(index, "owned")).attributes end
    groups = fn -> value!(Index.breakdown(index, "owned", "", by: :owner)).groups end

    scan!(root, index, source_id: "owned")
    assert {owner.(), attributes.()} == {nil, []}
    assert [%{key: :unknown, files: 1}] = groups.()

    # Also a scan of a folder decides, and what it does not see has none.
    %{status: :complete} = Aether.Kept.expand!(root, "a", index, attributes: [:owner])
    assert {owner.(), attributes.()} == {%{mode: mode, uid: uid, gid: gid}, [:owner]}
    assert value!(Index.stat(index, "owned", "a")).owner == nil

    # Later scans keep it.
    scan!(root, index)
    %{status: :complete} = Aether.Kept.expand!(root, "a", index)
    assert attributes.() == [:owner]
    assert value!(Index.stat(index, "owned", "a")).owner.uid == File.stat!(root <> "/a").uid
    assert [%{key: ^uid, files: 1}] = groups.()

    scan!(root, index, attributes: [])
    assert {owner.(), attributes.()} == {nil, []}
    assert [%{key: :unknown}] = groups.()
  end

  test "a scan that says nothing of owners leaves what is kept as it is", %{
    index: index,
    root: root
  } do
    base = root <> "/unsaid"
    root = Tree.make!(base <> "/tree", ["a/b"])
    mode = fn -> value!(Index.stat(index, "unsaid", "a/b")).owner.mode end
    chmod! = fn mode -> File.chmod!(root <> "/a/b", mode) end
    stat_mode = fn -> File.stat!(root <> "/a/b").mode end

    # Begun before they are kept, and it says itself that they are not.
    {:ok, before} = Scanner.scan(root, index: index, source_id: "unsaid", attributes: [])
    Aether.Case.receive_all(before)
    scan!(root, index, attributes: [:owner])
    chmod!.(0o604)
    {:ok, scan} = Scanner.scan_subdir(before, "a")
    Aether.Case.receive_all(scan)
    assert mode.() == stat_mode.()

    # By a path that the index has never been told.
    File.ln_s!(root, base <> "/other")
    chmod!.(0o640)
    scan!(base <> "/other", index)
    assert mode.() == stat_mode.()
    assert value!(Index.source(index, "unsaid")).attributes == [:owner]
  end

  test "sizes on disk are known after a whole scan", %{index: index} do
    other = Tree.make!(Tree.tmp!(), ["x/y"])
    {:ok, scan} = Scanner.scan(other, index: index, source_id: "cut", active: false)
    Scanner.cancel(scan, flush: true)
    assert %{disk: nil, disk_unshared: nil} = value!(Index.totals(index, "cut"))
    assert %{folders: [], complete: false} = value!(Index.largest(index, "cut", "", by: :disk))
  end

  test "one entry is as in its folder", %{index: index, root: root} do
    for entry <- Find.entries(root) do
      child = value!(Index.stat(index, "s", entry.path))
      assert shown(child) == expected(root, "", entry)
    end

    assert %Child{name: "", kind: :directory} = value!(Index.stat(index, "s", ""))

    for path <- ["no", "many/no", "link/x", "many/f1/x"],
        do: assert(value!(Index.stat(index, "s", path)) == nil)
  end

  test "the largest are find's", %{index: index, root: root} do
    largest = value!(Index.largest(index, "s", "", limit: 5))
    assert largest.complete
    entries = Find.entries(root)

    sizes = for %{kind: :file, size: size} <- entries, do: size
    assert Enum.map(largest.files, & &1.bytes) == sizes |> Enum.sort(:desc) |> Enum.take(5)

    folders =
      for %{kind: :directory, path: path} <- entries, do: elem(totals("#{root}/#{path}"), 1)

    assert Enum.map(largest.folders, & &1.bytes) == folders |> Enum.sort(:desc) |> Enum.take(5)

    for item <- largest.folders ++ largest.files do
      child = value!(Index.stat(index, "s", item.path))
      assert {child.bytes, child.file_count} == {item.bytes, item.file_count}
    end
  end

  test "a source describes its last scan", %{index: index, root: root} do
    {files, bytes} = totals(root)
    assert {:ok, [%Answer{value: %Source{} = source} = answer]} = Index.sources(index)

    assert %{uuid: "s", root: ^root, generation: 1, status: :complete, last_scan_files: ^files} =
             source

    assert %{file_count: ^files, bytes: ^bytes, unknown_below: 0} = source
    assert source.rules == %{hidden: true, ignore: false, exclude: [], same_file_system: false}
    assert source.last_scan_at == source.last_complete_at
    assert DateTime.compare(source.created_at, source.last_scan_at) != :gt
    assert DateTime.diff(DateTime.utc_now(), answer.scanned_at) in 0..60

    for given <- ["s", source], do: assert(value!(Index.source(index, given)) == source)
    assert value!(Index.totals(index, source, "")).file_count == files
  end

  test "every answer has its freshness", %{index: index, root: root} do
    for {:ok, answer} <- [
          Index.source(index, "s"),
          Index.children(index, "s", "many"),
          Index.stat(index, "s", "link"),
          Index.totals(index, "s", "deep"),
          Index.largest(index, "s"),
          Index.links(index, "s", "link"),
          Index.breakdown(index, "s", "many"),
          Index.changes(index, "s", 0, 1),
          Index.notes(index, "s", "link")
        ] do
      assert %Answer{stale: false, scanning: false, exhaustive: true} = answer
      assert %Answer{imported: false, rolled_back: false} = answer
      assert answer.unreadable == %{count: 0, at_least: false, first: []}
      assert answer.age in 0..60_000
      assert %DateTime{time_zone: "Etc/UTC"} = answer.scanned_at
    end

    # One level: what is beneath is not known, and nobody claims it.
    other = Tree.make!(Tree.tmp!(), ["x/y"])
    assert %{unread: 1} = scan!(other, index, source_id: "shallow", depth: 1)

    assert {:ok, %{exhaustive: false, scanned_at: %DateTime{}}} =
             Index.totals(index, "shallow", "")

    assert {:ok, %{exhaustive: false, scanned_at: nil, stale: true, age: nil} = below} =
             Index.totals(index, "shallow", "x")

    assert below.value.status == :unread
    assert [%{name: "x", status: :unread, unknown_below: 1}] = all!(index, "shallow", "")

    # Parked for want of demand, and so running.
    {:ok, scan} = Scanner.scan(root, index: index, active: 1, slab_entries: 5)
    assert_receive {:scan_passive, _}, patience()
    assert {:ok, %{scanning: true, stale: true}} = Index.children(index, "s", "")
    assert {:ok, %{value: %{status: :running}}} = Index.source(index, "s")
    Scanner.cancel(scan, flush: true)
    assert {:ok, %{scanning: false, stale: false}} = Index.children(index, "s", "")
    assert {:ok, %{value: %{status: :cancelled, generation: 2}}} = Index.source(index, "s")
  end

  if File.exists?("/proc") do
    test "unreadable directories are named", %{index: index} do
      root = Tree.make!(Tree.tmp!(), ["open/x", "shut/x"])
      File.chmod!(root <> "/shut", 0)
      summary = scan!(root, index, source_id: "p")

      # Nothing is shut to root.
      if summary.status == :partial do
        assert {:ok, %{exhaustive: false, unreadable: %{count: 1, first: ["shut"]}}} =
                 Index.totals(index, "p", "")

        assert [_, %{status: {:error, :eacces}}] = all!(index, "p", "")
      else
        assert root?()
      end
    end
  end
end
