defmodule Aether.WalkOptionsTest do
  # What the options leave out, compared with what find leaves out when told the same.
  use Aether.Case, async: true

  setup_all do
    root = Path.join(System.tmp_dir!(), "aether-walk-#{System.pid()}")
    Tree.remove!(root)
    on_exit(fn -> Tree.remove!(root) end)

    Tree.make!(root, [
      {"1/2/3/4/5/deep", "1"},
      {"1/2/file", "22"},
      {"1/file", "333"},
      {"top", "4444"},
      {".dot", ""},
      {".dots/inside", ""},
      {"1/.dot", ""},
      {"skip/inside/more", ""},
      {"1/skip/inside", ""},
      {"1/2/skip", "a file of that name"},
      {<<"skip", 0xFF, "/inside">>, ""},
      {"build/x.o", ""},
      {"1/x.o", ""},
      {"1/keep.o", ""},
      {"links/self", {:link, "."}},
      {"links/up", {:link, ".."}},
      {"links/root", {:link, "/"}},
      {"links/dangling", {:link, "nowhere"}},
      {"links/one", {:link, "two"}},
      {"links/two", {:link, "one"}},
      {"links/skip", {:link, "../skip"}},
      {"fifo", :fifo},
      "empty/",
      {".git/config", ""},
      {".gitignore", "*.o\n!keep.o\n/build/\n"}
    ])

    {:ok, root: root}
  end

  test "depth is find's -maxdepth, and unread counts the directories that are not entered",
       %{root: root} do
    for depth <- 1..7 do
      {:ok, entries, summary} = Scanner.list(root, depth: depth)
      assert Enum.sort(entries) == Find.entries(root, ["-maxdepth", "#{depth}"])
      assert summary.status == :complete

      last = ["-mindepth", "#{depth}", "-maxdepth", "#{depth}"]
      assert summary.unread == Enum.count(Find.entries(root, last ++ ["-type", "d"]))
      assert summary.max_depth == min(depth, 6)
    end

    {:ok, entries, summary} = Scanner.list(root)
    assert Enum.sort(entries) == Find.entries(root)
    assert {summary.unread, summary.max_depth} == {0, 6}
  end

  test "the default is two levels for scans", %{root: root} do
    {:ok, scan} = Scanner.scan(root)
    assert {entries, %{max_depth: 2}} = receive_entries(scan)
    assert entries == Find.entries(root, ["-maxdepth", "2"])
  end

  test "counts by kind, and bytes of regular files", %{root: root} do
    {:ok, entries, summary} = Scanner.list(root)
    count = fn kind -> Enum.count(entries, &(&1.kind == kind)) end
    assert summary.files == count.(:file)
    assert summary.directories == count.(:directory)
    assert summary.symlinks == count.(:symlink)
    assert summary.others == count.(:other)
    assert summary.bytes == Enum.sum(for %{kind: :file, size: size} <- entries, do: size)
  end

  test "hard links are counted by name" do
    root = Tree.make!(Tree.tmp!(), [{"a", "12345"}])
    File.ln!(root <> "/a", root <> "/b")

    assert {:ok, [%{size: 5}, %{size: 5}], %{files: 2, bytes: 10}} = Scanner.list(root)
  end

  test "links are listed and never followed", %{root: root} do
    {:ok, entries, %{status: :complete, errors: %{count: 0}}} = Scanner.list(root <> "/links")
    assert Enum.sort(entries) == Find.entries(root <> "/links")
    assert Enum.all?(entries, &(&1.kind == :symlink))
  end

  test "without metadata size and mtime are nil, and kinds are known", %{root: root} do
    {:ok, entries, summary} = Scanner.list(root, metadata: false)
    bare = for entry <- Find.entries(root), do: %{entry | size: nil, mtime: nil}
    assert Enum.sort(entries) == Enum.sort(bare)
    assert summary.bytes == 0
  end

  test "hidden: false leaves out names with a leading dot, and everything beneath", %{root: root} do
    {:ok, entries, summary} = Scanner.list(root, hidden: false)
    expected = Find.paths(root, ["-name", ".*", "-prune", "-o"])
    assert Enum.sort(Enum.map(entries, & &1.path)) == expected
    assert summary.skipped == length(Find.paths(root, ["-name", ".*", "-prune"]))
  end

  test "exclude leaves out directories by their exact bytes", %{root: root} do
    {:ok, entries, summary} = Scanner.list(root, exclude: ["skip"])
    expected = Find.paths(root, ["-type", "d", "-name", "skip", "-prune", "-o"])
    assert Enum.sort(Enum.map(entries, & &1.path)) == expected
    # The file and the link of that name stay.
    assert "1/2/skip" in expected and "links/skip" in expected
    assert summary.skipped == 2

    assert paths(root, exclude: [<<"skip", 0xFF>>, "1", "no such"]) ==
             Find.paths(root)
             |> Enum.reject(&String.starts_with?(&1, [<<"skip", 0xFF>>, "1"]))
  end

  test "ignore: patterns, relative to the root", %{root: root} do
    all = Find.paths(root)

    for {patterns, left_out} <- [
          {[], fn _ -> false end},
          {["*.o"], &String.ends_with?(&1, ".o")},
          {["*.o", "!keep.o"], &(String.ends_with?(&1, ".o") and Path.basename(&1) != "keep.o")},
          {["/1"], &(&1 == "1" or String.starts_with?(&1, "1/"))},
          {["1/2/"], &(&1 == "1/2" or String.starts_with?(&1, "1/2/"))}
        ] do
      assert {patterns, paths(root, ignore: patterns)} == {patterns, Enum.reject(all, left_out)}
    end
  end

  test "ignore: an invalid pattern is an error that names it", %{root: root} do
    for result <- [
          Scanner.scan(root, ignore: ["ok", "a[b"]),
          Scanner.list(root, ignore: ["a[b"]),
          Scanner.scan_subdir(root, "1", ignore: ["a[b"])
        ] do
      assert reason(result) == :bad_pattern
      assert {:error, error} = result
      assert Exception.message(error) =~ "a[b"
    end

    assert mailbox() == []
  end

  test "ignore: :git ignores what git ignores", %{root: root} do
    ignored = Find.paths(root) |> Enum.filter(&git_ignores?/1)
    assert "1/x.o" in ignored and "build" in ignored and ".git" in ignored
    assert paths(root, ignore: :git) == Find.paths(root) -- ignored
  end

  test "ignore: a list of git's rules, the user's and patterns", %{root: root} do
    home = Tree.tmp!() |> Tree.make!([{"git/ignore", "1\n"}])
    before = System.get_env("XDG_CONFIG_HOME")
    System.put_env("XDG_CONFIG_HOME", home)

    on_exit(fn ->
      if before,
        do: System.put_env("XDG_CONFIG_HOME", before),
        else: System.delete_env("XDG_CONFIG_HOME")
    end)

    shown = Find.paths(root) |> Enum.reject(&git_ignores?/1)
    assert paths(root, ignore: [:git]) == shown
    beneath = &(&1 == "1" or String.starts_with?(&1, "1/"))
    assert paths(root, ignore: [:git_user, :git]) == Enum.reject(shown, beneath)
    # Patterns come last and win, wherever they stand.
    assert paths(root, ignore: ["!1", :git_user, :git]) == shown
    assert "1/x.o" in paths(root, ignore: ["!*.o", :git])
  end

  test "ignore: a file beyond its bounds is used up to them, and is an error" do
    too_long = "*.o\n" <> String.duplicate("x\n", 0x80000)
    too_slow = "*.o\n" <> String.duplicate("*a*b*c*d*e*\n", 50_000)

    for {rules, detail} <- [{too_long, "first MiB"}, {too_slow, "not used from line "}] do
      root = Tree.tmp!() |> Tree.make!([{"a/.gitignore", rules}, "a/x.o", "a/y"])
      {:ok, entries, summary} = Scanner.list(root, ignore: :git)
      assert Enum.sort(Enum.map(entries, & &1.path)) == ["a", "a/.gitignore", "a/y"]
      assert %{status: :partial, skipped: 1, errors: %{count: 1, first: [error]}} = summary
      assert %{reason: :efbig, operation: :ignore, path: "a/.gitignore"} = error
      assert error.detail =~ detail
      assert Exception.message(error) =~ "Shorten it"
    end
  end

  test "ignore: :git applies the rules above the root, within its repository" do
    repository = [{".git/HEAD", "ref: refs/heads/main\n"}, ".git/objects/", ".git/refs/"]
    root = Tree.tmp!() |> Tree.make!(repository ++ [{".gitignore", "*.o\n/a/x\n"}])
    Tree.make!(root, ["a/x", "a/y", "a/z.o", "a/own/z.o"])
    Tree.make!(root <> "/a/own", repository)
    assert paths(root <> "/a", ignore: :git) == ["own", "own/z.o", "y"]
    assert paths(root <> "/a", ignore: [:git, "y"]) == ["own", "own/z.o"]
    {:ok, scan} = Scanner.scan_subdir(root, "a/own", ignore: :git)
    assert {[%{path: "a/own/z.o"}], _} = receive_entries(scan)
  end

  # The rules above, by hand: the comparison with git itself has a test of its own.
  defp git_ignores?(path) do
    path == ".git" or String.starts_with?(path, ".git/") or
      path == "build" or String.starts_with?(path, "build/") or
      (String.ends_with?(path, ".o") and Path.basename(path) != "keep.o")
  end

  test "threads: one and many find the same", %{root: root} do
    expected = Find.entries(root)

    for threads <- [1, 2, 1024] do
      assert Enum.sort(Scanner.list!(root, threads: threads)) == expected
    end
  end

  test "options together", %{root: root} do
    opts = [hidden: false, exclude: ["skip"], ignore: ["*.o"], depth: 2, metadata: false]
    {:ok, entries, _} = Scanner.list(root, opts)

    expected =
      Find.paths(root, ~w[-maxdepth 2 ( -name .* -o -name *.o -o -type d -name skip ) -prune -o])

    assert Enum.sort(Enum.map(entries, & &1.path)) == expected
  end

  describe "same_file_system" do
    @describetag skip: !Aether.Case.root?() && "needs root, to mount"

    test "lists a mount point and does not enter it" do
      root = Tree.tmp!() |> Tree.make!(["mount/", "beside/x"])
      mount = root <> "/mount"
      {_, 0} = System.cmd("mount", ["-t", "tmpfs", "none", mount])
      on_exit(fn -> System.cmd("umount", ["-l", mount], stderr_to_stdout: true) end)
      Tree.make!(mount, ["inside/y"])

      for {same?, args} <- [{false, []}, {true, ["-xdev"]}] do
        {:ok, entries, summary} = Scanner.list(root, same_file_system: same?)
        assert Enum.sort(entries) == Find.entries(root, args)
        assert summary.status == :complete
      end

      # The root counts, and not its parent.
      assert paths(mount, same_file_system: true) == ["inside", "inside/y"]
      {:ok, scan} = Scanner.scan(root, same_file_system: true)
      {_, _} = receive_entries(scan)

      for from <- [scan, root] do
        opts = if from == root, do: [same_file_system: true], else: []
        {:ok, below} = Scanner.scan_subdir(from, "mount", opts)
        assert {[slab], %{status: :complete}, []} = receive_all(below)

        assert Aether.Slab.listings(slab) == [{"mount", :other_file_system, []}]

        assert {:error, %{reason: :enoent, path: "mount/inside"}} =
                 Scanner.scan_subdir(from, "mount/inside", opts)
      end

      {_, 0} = System.cmd("umount", [mount])
    end
  end
end
