defmodule Aether.SubdirTest do
  # Lazy expansion: folders beneath a root, and nothing outside it.
  use Aether.Case, async: true

  setup do
    root = Tree.tmp!()

    Tree.make!(root, [
      {"a/b/c/file", "12345"},
      {"a/b/.hidden", ""},
      {"a/b/x.o", ""},
      {"a/b/skip/inside", ""},
      {"a/link", {:link, "b"}},
      {"out", {:link, "/"}},
      {"self", {:link, "."}},
      {"up", {:link, ".."}},
      {"file", ""},
      {"fifo", :fifo},
      "..a/in",
      ".../in",
      {<<0xFF, "/\n/in">>, ""}
    ])

    {:ok, root: root}
  end

  defp beneath(root, folder, args \\ []) do
    for entry <- Find.entries(root <> "/" <> folder, args),
        do: %{entry | path: folder <> "/" <> entry.path}
  end

  defp subdir(scan_or_root, folder, opts \\ []) do
    {:ok, scan} = Scanner.scan_subdir(scan_or_root, folder, opts)
    assert scan.folder == folder
    receive_entries(scan)
  end

  test "lists beneath a folder, with paths relative to the root and depth from the folder",
       %{root: root} do
    assert {entries, %{status: :complete, max_depth: 2, unread: 0}} = subdir(root, "a/b")
    assert entries == beneath(root, "a/b")

    assert {entries, %{status: :complete, max_depth: 1, unread: 2}} =
             subdir(root, "a/b", depth: 1)

    assert entries == beneath(root, "a/b", ["-maxdepth", "1"])
  end

  test "the empty folder is the root", %{root: root} do
    {:ok, scan} = Scanner.scan(root)
    assert {entries, %{status: :complete}} = receive_entries(scan)
    assert {^entries, %{status: :complete}} = subdir(scan, "")
    assert {^entries, %{status: :complete}} = subdir(root, "")
    assert {^entries, %{status: :complete}} = subdir(root <> "/", "")
  end

  test "every folder that a scan lists can be expanded, whatever its bytes", %{root: root} do
    {:ok, scan} = Scanner.scan(root, depth: :infinity)
    {entries, _} = receive_entries(scan)
    folders = for %{kind: :directory, path: path} <- entries, do: path
    assert <<0xFF, "/\n">> in folders and "..a" in folders

    for folder <- folders do
      {below, %{status: :complete}} = subdir(scan, folder, depth: 1)
      assert below == beneath(root, folder, ["-maxdepth", "1"])
    end
  end

  test "works on a scan that is running, parked, cancelled, ended, and on one of a folder",
       %{root: root} do
    {:ok, scan} = Scanner.scan(root, active: false)
    expected = beneath(root, "a/b/c")
    assert {^expected, _} = subdir(scan, "a/b/c")
    :ok = Scanner.cancel(scan, flush: true)
    assert {^expected, _} = subdir(scan, "a/b/c")
    {:ok, below} = Scanner.scan_subdir(scan, "a/b")
    {_, %{status: :complete}} = receive_entries(below)
    # Still relative to the root, which is the same.
    assert below.root == root
    assert {^expected, _} = subdir(below, "a/b/c")
    {:ok, of_path} = Scanner.scan_subdir(root, "a/b")
    {_, %{status: :complete}} = receive_entries(of_path)
    assert {^expected, _} = subdir(of_path, "a/b/c")
  end

  test "has its own ref and receiver", %{root: root} do
    {:ok, scan} = Scanner.scan(root, active: false)
    me = self()

    Task.await(
      Task.async(fn ->
        {:ok, below} = Scanner.scan_subdir(scan, "a", active: true)
        assert below.ref != scan.ref and below.receiver == self() and below.receiver != me
        assert {_, %{status: :complete}} = receive_entries(below)
      end)
    )

    :ok = Scanner.cancel(scan, flush: true)
  end

  test "inherits metadata, hidden, ignore and exclude", %{root: root} do
    opts = [metadata: false, hidden: false, ignore: ["*.o"], exclude: ["skip"]]
    {:ok, scan} = Scanner.scan(root, opts)
    {_, _} = receive_entries(scan)
    {entries, summary} = subdir(scan, "a/b")

    assert [%Entry{path: "a/b/c", size: nil, mtime: nil}, %Entry{path: "a/b/c/file"}] = entries
    assert summary.skipped == 3
  end

  test "a folder that is left out is :enoent, whichever name on the path excludes it", %{
    root: root
  } do
    Tree.make!(root, [{".ssh/keys/id", "secret"}, {"a/.gitignore", "b/skip\n"}])

    for {opts, folders} <- [
          {[hidden: false], [".ssh", ".ssh/keys", ".ssh/none", ".none", "...", "a/.gitignore"]},
          {[exclude: ["skip", "keys"]], ["a/b/skip", ".ssh/keys", "skip/x"]},
          {[ignore: ["b", "file"]], ["a/b", "a/b/c", "file", "b"]},
          {[ignore: :git], ["a/b/skip", "a/b/skip/x", ".git"]}
        ],
        folder <- folders do
      {:ok, scan} = Scanner.scan(root, opts ++ [depth: 1])
      {_, _} = receive_entries(scan)
      assert {:error, %{reason: :enoent} = error} = Scanner.scan_subdir(scan, folder)
      assert {:error, ^error} = Scanner.scan_subdir(root, folder, opts)
    end
  end

  test "given options override inherited ones", %{root: root} do
    opts = [metadata: false, hidden: false, ignore: ["*.o"], exclude: ["skip"]]
    {:ok, scan} = Scanner.scan(root, opts)
    {_, _} = receive_entries(scan)
    options = [metadata: true, hidden: true, ignore: false, exclude: []]
    assert {entries, %{skipped: 0}} = subdir(scan, "a/b", options)
    assert entries == beneath(root, "a/b")
  end

  test "depth, tag and active are not inherited", %{root: root} do
    {:ok, scan} = Scanner.scan(root, depth: 1, tag: 9, active: false)
    {:ok, below} = Scanner.scan_subdir(scan, "a/b")
    {slabs, %{status: :complete, max_depth: 2}, []} = receive_all(below)
    assert [<<"ASLB", 1::little-16, _::16, 0::little-32, _::binary>> | _] = slabs
    :ok = Scanner.cancel(scan, flush: true)
  end

  test "ignore files of all directories above apply, up to the root", %{root: root} do
    Tree.make!(root, [{".gitignore", "*.o\n"}, {"a/.gitignore", "skip/\n"}])
    {:ok, scan} = Scanner.scan(root, ignore: :git)
    {_, _} = receive_entries(scan)
    {entries, _} = subdir(scan, "a/b")
    assert Enum.sort(Enum.map(entries, & &1.path)) == ["a/b/.hidden", "a/b/c", "a/b/c/file"]
    # Without the root's rules the object file is there.
    {entries, _} = subdir(root <> "/a", "b", ignore: :git)
    assert Enum.sort(Enum.map(entries, & &1.path)) == ["b/.hidden", "b/c", "b/c/file", "b/x.o"]
  end

  test "a path that could leave the root, or is not plain, is refused", %{root: root} do
    {:ok, scan} = Scanner.scan(root)
    {_, _} = receive_entries(scan)

    for {folder, reason} <- [
          {"..", :outside_root},
          {"../x", :outside_root},
          {"a/..", :outside_root},
          {"a/../../etc", :outside_root},
          {"a/b/..", :outside_root},
          {"/", :outside_root},
          {"/etc", :outside_root},
          {root, :outside_root},
          {"a/", :einval},
          {"a//b", :einval},
          {".", :einval},
          {"a/./b", :einval},
          {"a\0", :einval},
          {"\0", :einval},
          {"..\0", :einval}
        ],
        from <- [scan, root] do
      assert {folder, reason(Scanner.scan_subdir(from, folder))} == {folder, reason}
    end

    for folder <- [:a, nil, 1, ~c"a", ["a"]] do
      assert_raise ArgumentError, ~r/a folder is a binary/, fn ->
        Scanner.scan_subdir(scan, folder)
      end
    end
  end

  test "links, files, pipes and missing names on a path are refused", %{root: root} do
    {:ok, scan} = Scanner.scan(root)
    {_, _} = receive_entries(scan)

    for {folder, reason} <- [
          {"absent", :enoent},
          {"a/absent/b", :enoent},
          {"file", :enotdir},
          {"file/x", :enotdir},
          {"fifo", :enotdir},
          {"a/link", :eloop},
          {"a/link/c", :eloop},
          {"self/a", :eloop},
          {"up", :eloop},
          {"out", :eloop},
          {"out/etc", :eloop},
          {"a\n", :enoent}
        ],
        from <- [scan, root] do
      assert {folder, reason(Scanner.scan_subdir(from, folder))} == {folder, reason}
    end
  end

  test "magic links of /proc lead nowhere" do
    for folder <- ["self", "self/root", "self/cwd", "thread-self/root"] do
      assert reason(Scanner.scan_subdir("/proc", folder)) == :eloop
    end

    pid = System.pid()
    assert reason(Scanner.scan_subdir("/proc", pid <> "/root/etc")) == :eloop
    assert reason(Scanner.scan_subdir("/proc", pid <> "/cwd")) == :eloop
  end

  test "a root that was replaced is noticed", %{root: root} do
    path = root <> "/a"
    {:ok, scan} = Scanner.scan(path)
    {_, _} = receive_entries(scan)
    File.rename!(path, root <> "/was")
    assert reason(Scanner.scan_subdir(scan, "b")) == :enoent
    Tree.make!(root, ["a/b/other"])
    assert reason(Scanner.scan_subdir(scan, "b")) == :root_changed
    assert reason(Scanner.scan_subdir(scan, "")) == :root_changed
    # By its path it is a new root.
    assert {[%Entry{path: "b/other"}], _} = subdir(path, "b")
    # The same directory under its name again is the same root.
    Tree.remove!(path)
    File.rename!(root <> "/was", path)
    assert {_, %{status: :complete}} = subdir(scan, "b")
  end
end
