defmodule Aether.Index.ScanTest do
  # Scans that are kept, from the call to the rows: what is stored is what find sees, whatever came in between.
  use Aether.Case, async: true
  alias Aether.{Index, Stored}

  @moduletag skip: !Stored.possible?() && "needs sqlite3"

  setup do
    base = Tree.tmp!()
    root = base <> "/root"
    File.mkdir!(root)
    database = base <> "/index.db"
    {:ok, index} = Index.open(path: database)
    on_exit(fn -> Index.close(index) end)
    {:ok, base: base, root: root, database: database, index: index}
  end

  defp keep!(path, index, opts \\ []) do
    {:ok, scan} = Scanner.scan(path, [index: index] ++ opts)
    {slabs, summary, others} = receive_all(scan)
    {slabs, summary, others}
  end

  defp expand!(root, folder, index, opts \\ []) do
    {:ok, scan} = Scanner.scan_subdir(root, folder, [index: index] ++ opts)
    {_slabs, summary, _others} = receive_all(scan)
    summary
  end

  defp scans(database),
    do: Stored.query!(database, "SELECT hex(folder), status, files FROM scans ORDER BY id;")

  @names [
    "a",
    "ä",
    <<0xFF, 0xFE>>,
    "two\nlines",
    "sp ace",
    "-dash",
    "'quote'",
    String.duplicate("n", 255)
  ]

  test "entries are stored, and sent as usual", %{root: root} = context do
    for dir <- @names, name <- @names, do: Tree.make!(root, [{"#{dir}/#{name}", name}])
    Tree.make!(root, ["empty/", {"link", {:link, "nowhere"}}, {"pipe", :fifo}, "deep/1/2/3/4/5"])

    {slabs, summary, []} = keep!(root, context.index)
    assert summary.status == :complete
    assert Enum.sort(Enum.flat_map(slabs, &Slab.entries/1)) == Find.entries(root)
    Stored.assert_equal!(context.database, root)

    assert [["1", files]] =
             Stored.query!(
               context.database,
               "SELECT last_scan_status, last_scan_files FROM sources;"
             )

    assert String.to_integer(files) == summary.files + summary.symlinks + summary.others
    # With an index a scan goes all the way down unless told otherwise.
    assert Enum.any?(slabs, fn slab ->
             Enum.any?(Slab.entries(slab), &(&1.path == "deep/1/2/3/4/5"))
           end)
  end

  test "without slabs the receiver gets only the summary", %{root: root} = context do
    Tree.files!(root, 2500)
    assert {[], %{status: :complete, files: 2500}, []} = keep!(root, context.index, slabs: false)
    Stored.assert_equal!(context.database, root)
  end

  test "a rescan updates what has changed, and nothing else", %{root: root} = context do
    Tree.make!(root, [{"a/same", "1"}, {"a/grows", "1"}, "b/goes/away/file", "c/file", "d/"])
    keep!(root, context.index)

    File.write!(root <> "/a/grows", "more")
    Tree.remove!(root <> "/b/goes")
    # What was a directory is a file now, and the other way round.
    Tree.remove!(root <> "/c")
    File.write!(root <> "/c", "")
    File.rmdir!(root <> "/d")
    Tree.make!(root, ["new/file", "d"])

    assert {_, %{status: :complete}, []} = keep!(root, context.index, slabs: false)
    Stored.assert_equal!(context.database, root)
    # Deleting the rows of what is gone may go on after the scan; closing ends it.
    assert :ok = Index.close(context.index)
    Stored.assert_equal!(context.database, root)
  end

  test "an expanded folder corrects the totals of all folders above", %{root: root} = context do
    Tree.make!(root, [{"a/b/c/one", "1"}, "a/b/gone/x", "z"])
    keep!(root, context.index)
    File.write!(root <> "/a/b/c/two", "22")
    Tree.remove!(root <> "/a/b/gone")

    assert %{status: :complete} = expand!(root, "a/b", context.index, depth: :infinity)
    # Its own entry is in its parent's listing, which was not read.
    Stored.assert_sound!(context.database)

    assert [["3", "3"]] =
             Stored.query!(
               context.database,
               "SELECT file_count, bytes FROM dirs WHERE parent_id IS NULL;"
             )

    # One generation: that of the whole.
    assert [["1"]] = Stored.query!(context.database, "SELECT generation FROM sources;")
  end

  test "a limited depth leaves deeper rows alone", %{root: root} = context do
    Tree.make!(root, [{"a/b/c/deep", "12345"}, "a/flat"])
    keep!(root, context.index)
    before = Stored.entries(context.database, root)
    File.rm!(root <> "/a/b/c/deep")

    assert {_, %{status: :complete, unread: 1}, _} = keep!(root, context.index, depth: 2)
    assert length(Stored.entries(context.database, root)) == length(before)

    assert [["2", "5"]] =
             Stored.query!(
               context.database,
               "SELECT file_count, bytes FROM dirs WHERE parent_id IS NULL;"
             )
  end

  test "shallow first and the rest on demand adds up to the whole", %{root: root} = context do
    Tree.make!(root, ["a/b/c/d/e/f", "a/x", "g/h/i/j", "k"])
    {slabs, %{status: :complete}, _} = keep!(root, context.index, depth: 2)
    Stored.assert_sound!(context.database)
    assert length(slabs) > 0

    for folder <- ["a/b", "a/b/c/d", "g/h"],
        do: assert(%{status: :complete} = expand!(root, folder, context.index, depth: 2))

    Stored.assert_equal!(context.database, root)

    assert [["0"]] =
             Stored.query!(
               context.database,
               "SELECT unknown_below FROM dirs WHERE parent_id IS NULL;"
             )
  end

  test "the folder that holds the index is stored like another, without the index's own files",
       context do
    %{base: base, root: root} = context
    Tree.make!(root, ["file"])
    keep!(base, context.index)
    names = for entry <- Stored.entries(context.database, base), do: entry.path
    assert names == ["root", "root/file"]
  end

  test "a second scan of a source at the same time is refused", %{root: root} = context do
    Tree.make!(root, ["a/b", "c/d"])
    # Without demand the first one stays.
    {:ok, first} = Scanner.scan(root, index: context.index, active: 1, slab_entries: 1)

    assert {:error, %{reason: :already_scanning} = error} =
             Scanner.scan(root, index: context.index)

    assert Exception.message(error) =~ "already"
    # A folder of it may be expanded meanwhile, and another root scanned.
    assert %{status: :complete} = expand!(root, "a", context.index)
    Tree.make!(context.base, ["other/file"])
    assert {_, %{status: :complete}, _} = keep!(context.base <> "/other", context.index)
    Scanner.cancel(first)
    assert {_, %{status: :cancelled}, _} = receive_all(first)
    assert {_, %{status: :complete}, _} = keep!(root, context.index)
    Stored.assert_equal!(context.database, root)
  end

  test "rules are kept", %{root: root} = context do
    Tree.make!(root, [".hidden/file", "node_modules/x", "kept"])
    keep!(root, context.index, hidden: false, exclude: ["node_modules"])
    paths = fn -> for entry <- Stored.entries(context.database, root), do: entry.path end
    assert paths.() == ["kept"]

    # A scan that says nothing of rules takes the known ones.
    assert {_, %{status: :complete, files: 1}, _} = keep!(root, context.index)

    assert {:error, %{reason: :rules_changed}} =
             Scanner.scan(root, index: context.index, hidden: true)

    assert paths.() == ["kept"]

    assert {_, %{status: :complete}, _} =
             keep!(root, context.index, hidden: true, rules: :replace)

    Stored.assert_equal!(context.database, root)
  end

  test "git's rules, the user's and patterns are rules of a source", %{root: root} = context do
    Tree.make!(root, [{".gitignore", "*.o\n"}, "a.o", "b.o", "c"])
    ignore = ["!a.o", :git_user, :git]
    keep!(root, context.index, ignore: ignore, source_id: "s")
    assert {:ok, %{value: %{rules: rules}}} = Index.source(context.index, "s")
    assert rules.ignore == [:git, :git_user, "!a.o"]
    paths = fn -> for entry <- Stored.entries(context.database, root), do: entry.path end
    assert Enum.sort(paths.()) == [".gitignore", "a.o", "c"]

    # The same by another order, and those that are known.
    for opts <- [[ignore: [:git, "!a.o", :git_user]], []],
        do: assert({_, %{status: :complete}, _} = keep!(root, context.index, opts))

    assert Enum.sort(paths.()) == [".gitignore", "a.o", "c"]

    for other <- [:git, [:git, "!a.o"], ["!a.o"], [:git_user, "!a.o"], false] do
      assert {:error, %{reason: :rules_changed}} =
               Scanner.scan(root, index: context.index, ignore: other)
    end
  end

  test "another directory at the root is refused until it is accepted", %{root: root} = context do
    Tree.make!(root, ["old"])
    keep!(root, context.index)
    File.rename!(root, root <> "-before")
    Tree.make!(root, ["new"])

    assert {:error, %{reason: :root_changed} = error} = Scanner.scan(root, index: context.index)
    assert Exception.message(error) =~ "accept_root"
    assert [%{path: "old"}] = Stored.entries(context.database, root)
    assert {_, %{status: :complete}, _} = keep!(root, context.index, accept_root: true)
    Stored.assert_equal!(context.database, root)
  end

  test "a directory has one source, by whatever path it is scanned", context do
    %{base: base, root: root, index: index} = context
    Tree.make!(root, ["a/b", "x/y"])
    File.ln_s!(base, base <> "/base")
    File.ln_s!("root", base <> "/link")
    keep!(root, index, exclude: ["x"])

    # By the rules that were given once, too.
    for path <- ["/root/.", "/base/root/", "/link", "/a/../root"] do
      File.mkdir_p!(base <> "/a")
      assert {_, %{status: :complete, files: 1}, _} = keep!(base <> path, index)
      assert {:ok, answer} = Index.source_at(index, base <> path)
      assert answer.value.root == root
    end

    assert [[generation]] = Stored.query!(context.database, "SELECT generation FROM sources;")
    assert generation == "5"
    assert expand!(base <> "/link", "a", index).status == :complete

    # Relative to the VM's directory.
    keep!("lib", index, depth: 1)
    keep!("./lib/", index, depth: 1)
    keep!(Path.expand("lib"), index, depth: 1)
    assert {:ok, [_root, %{value: source}]} = Index.sources(index)
    assert source.root == Path.expand("lib")
    assert {:ok, %{value: ^source}} = Index.source_at(index, "lib")
    assert {:error, %{reason: :no_source}} = Index.source_at(index, base)
  end

  @tag skip: !Aether.Case.root?() && "needs root, to mount"
  test "a bind mount is the same source, by its rules", %{base: base, root: root} = context do
    Tree.make!(root, ["a/b", "x/y"])
    keep!(root, context.index, exclude: ["x"])
    File.mkdir!(base <> "/bound")
    {_, 0} = System.cmd("mount", ["--bind", root, base <> "/bound"])
    on_exit(fn -> System.cmd("umount", ["-l", base <> "/bound"]) end)
    # The index has to be told of it by the scan itself.
    assert {:error, %{reason: :no_source}} = Index.source_at(context.index, base <> "/bound")
    assert {_, %{status: :complete, files: 1}, _} = keep!(base <> "/bound", context.index)
    assert {:ok, answer} = Index.source_at(context.index, base <> "/bound")
    assert answer.value.root == root
  end

  test "a root that was moved is refused until it is accepted", %{root: root} = context do
    Tree.make!(root, ["a/b"])
    keep!(root, context.index, source_id: "demo")
    moved = root <> "-moved"
    File.rename!(root, moved)

    for opts <- [[], [source_id: "demo"]] do
      assert {:error, %{reason: :root_moved} = error} =
               Scanner.scan(moved, [index: context.index] ++ opts)

      assert error.path == moved
      assert error.detail =~ root and error.detail =~ moved
      assert Exception.message(error) =~ "accept_root: true"
    end

    keep!(moved, context.index, accept_root: true)
    assert {:ok, [%{value: %{root: ^moved, uuid: "demo"}}]} = Index.sources(context.index)
    Stored.assert_equal!(context.database, moved)
  end

  test "roots that lie within each other say so", %{root: root} = context do
    Tree.make!(root, ["a/b"])
    keep!(root <> "/a", context.index, source_id: "inner")
    keep!(root, context.index, source_id: "outer")

    assert {:ok, [%{value: %{within: "outer"}}, %{value: %{within: nil}}]} =
             Index.sources(context.index)
  end

  test "a source has the id that it was given", %{root: root} = context do
    keep!(root, context.index, source_id: "demo")
    assert [["demo"]] = Stored.query!(context.database, "SELECT uuid FROM sources;")
    File.mkdir!(context.base <> "/other")

    assert {:error, %Error{}} =
             Scanner.scan(context.base <> "/other", index: context.index, source_id: "demo")
  end

  test "found and persisted are counted separately", %{root: root} = context do
    Tree.files!(root, 5000)
    {first, summary} = with_progress!(root, context.index)
    assert first.persisted in 0..first.found and first.found in 1..4999
    assert first.expected == nil
    assert summary.files == 5000
    # Known from the last time.
    assert {%{expected: 5000}, _} = with_progress!(root, context.index)
  end

  # The first progress of a scan that waits for demand, and the summary.
  defp with_progress!(root, index) do
    {:ok, scan} = Scanner.scan(root, index: index, progress: true, active: 1, slab_entries: 100)
    ref = scan.ref

    assert_receive {:scan_progress, ^ref, %Progress{found: found} = first} when found > 0,
                   patience()

    Scanner.ask(scan, 1000)
    {_slabs, summary, _progress} = receive_all(scan)
    {first, summary}
  end

  test "a closed index refuses scans, and closing it ends those that run",
       %{root: root} = context do
    Tree.files!(root, 50)
    {:ok, scan} = Scanner.scan(root, index: context.index, active: 1, slab_entries: 1)
    assert :ok = Index.close(context.index)
    Scanner.ask(scan, 60_000)
    assert {_, %{status: :failed, error: %Error{reason: :index_closed}}, _} = receive_all(scan)
    assert {:error, %{reason: :index_closed}} = Scanner.scan(root, index: context.index)

    {:ok, index} = Index.open(path: context.database)
    assert {_, %{status: :complete}, _} = keep!(root, index)
    Stored.assert_equal!(context.database, root)
    Index.close(index)
  end

  test "a dead receiver's scan is recorded as cancelled, and its totals add up",
       %{root: root} = context do
    for n <- 1..20, do: Tree.files!(root, 100, "d#{n}/f")
    me = self()

    {pid, monitor} =
      spawn_monitor(fn ->
        {:ok, scan} = Scanner.scan(root, index: context.index, active: 1, slab_entries: 10)

        receive do
          {:scan_chunk, _, _} -> send(me, {:started, scan.ref})
        end

        receive(do: (:never -> :ok))
      end)

    assert_receive {:started, _ref}, patience()
    Process.exit(pid, :kill)
    assert_receive {:DOWN, ^monitor, _, _, _}, patience()
    until(fn -> match?([[_, "3", _]], scans(context.database)) end)
    Stored.assert_sound!(context.database)
    assert {_, %{status: :complete}, _} = keep!(root, context.index, slabs: false)
    Stored.assert_equal!(context.database, root)
  end

  test "a cancelled scan keeps what it committed, and the next one completes it",
       %{root: root} = context do
    for n <- 1..30, do: Tree.files!(root, 100, "d#{n}/f")
    {:ok, scan} = Scanner.scan(root, index: context.index, active: 4, slab_entries: 100)
    for _ <- 1..4, do: assert_receive({:scan_chunk, _, _}, patience())
    Scanner.cancel(scan)
    assert {_, %{status: :cancelled} = summary, _} = receive_all(scan)
    # The summary does not wait for the record.
    until(fn -> match?([[_, "3", _]], scans(context.database)) end)
    Stored.assert_sound!(context.database)
    assert [["", "3", files]] = scans(context.database)
    assert String.to_integer(files) == summary.files
    stored = Stored.query!(context.database, "SELECT count(*) FROM files;")
    assert [[count]] = stored
    assert String.to_integer(count) <= summary.files

    assert {_, %{status: :complete}, _} = keep!(root, context.index, slabs: false)
    Stored.assert_equal!(context.database, root)
  end

  # Random changes between scans, expansions and cancels; after a last whole scan the index is the tree.
  for seed <- 1..12 do
    test "after any changes the index equals the tree (seed #{seed})", %{root: root} = context do
      :rand.seed(:exsss, {unquote(seed), 7, 11})
      for _ <- 1..8, do: step(root, context.index)
      assert {_, %{status: :complete}, _} = keep!(root, context.index, slabs: false)
      Stored.assert_equal!(context.database, root)
    end
  end

  defp step(root, index) do
    for _ <- 1..:rand.uniform(25), do: mutate(root)

    case :rand.uniform(4) do
      1 ->
        keep!(root, index, slabs: false)

      2 ->
        keep!(root, index, depth: :rand.uniform(3), slabs: false)

      3 ->
        with folder when folder != nil <- pick_directory(root),
             {:ok, scan} <-
               Scanner.scan_subdir(root, folder, index: index, depth: :rand.uniform(3)),
             do: receive_all(scan)

      4 ->
        {:ok, scan} = Scanner.scan(root, index: index, slab_entries: 5, active: :rand.uniform(6))
        Process.sleep(:rand.uniform(3))
        Scanner.cancel(scan, flush: true)
    end
  end

  defp mutate(root) do
    directory =
      Enum.random([
        root | Path.wildcard(root <> "/**", match_dot: true) |> Enum.filter(&directory?/1)
      ])

    path = directory <> "/" <> Enum.random(["a", "b", "c", "d", "e", ".f", "ü"])

    case :rand.uniform(5) do
      1 ->
        File.mkdir(path)

      2 ->
        unless directory?(path), do: File.write(path, String.duplicate("x", :rand.uniform(50)))

      3 ->
        Tree.remove!(path)

      4 ->
        File.ln_s("target", path)

      5 ->
        unless(File.exists?(path),
          do: File.rename(Enum.random(Path.wildcard(root <> "/**") ++ [path]), path)
        )
    end
  end

  defp pick_directory(root) do
    case root |> Path.join("**") |> Path.wildcard() |> Enum.filter(&directory?/1) do
      [] -> nil
      all -> Path.relative_to(Enum.random(all), root)
    end
  end

  defp directory?(path), do: match?({:ok, %{type: :directory}}, File.lstat(path))

  defp until(condition, left \\ 2000) do
    cond do
      condition.() -> :ok
      left == 0 -> flunk("it never came")
      true -> Process.sleep(10) && until(condition, left - 1)
    end
  end
end
