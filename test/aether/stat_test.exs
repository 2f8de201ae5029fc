defmodule Aether.StatTest do
  # A single entry, and the attributes that listings carry, compared with File.lstat and stat.
  use Aether.Case, async: true

  alias Aether.Attributes

  setup do
    root = Tree.tmp!()

    Tree.make!(root, [
      {"a/b/file", String.duplicate("x", 5000)},
      {"a/link", {:link, "../no/../such"}},
      {"out", {:link, "/etc"}},
      {"fifo", :fifo},
      ".hidden/in",
      ".self",
      "skip/in",
      "x.o",
      {<<0xFF, "/\n">>, "1"},
      {<<"to-", 0xFF>>, {:link, <<0xFF, "\n">>}}
    ])

    File.ln!(root <> "/a/b/file", root <> "/second")
    File.chmod!(root <> "/x.o", 0o6755)
    {:ok, root: root}
  end

  # The attributes as `stat` has them. It shows btime in whole seconds only, "-" where there is none.
  @format "%b %i %h %f %u %g %Z %W %s %Y"

  defp told(path) do
    {text, 0} = System.cmd("stat", ["-c", @format, "--", path])
    [blocks, inode, nlink, mode, uid, gid, ctime, btime, size, mtime] = String.split(text)

    %{
      disk: String.to_integer(blocks) * 512,
      inode: String.to_integer(inode),
      nlink: String.to_integer(nlink),
      mode: String.to_integer(mode, 16),
      uid: String.to_integer(uid),
      gid: String.to_integer(gid),
      ctime: String.to_integer(ctime),
      btime: String.to_integer(btime),
      size: String.to_integer(size),
      mtime: String.to_integer(mtime)
    }
  end

  defp seconds(nil), do: 0
  defp seconds(nanoseconds), do: Integer.floor_div(nanoseconds, 1_000_000_000)

  defp seen(%Entry{attributes: attributes} = entry) do
    %{
      disk: attributes.disk,
      inode: attributes.inode,
      nlink: attributes.nlink,
      mode: attributes.mode,
      uid: attributes.uid,
      gid: attributes.gid,
      ctime: seconds(attributes.ctime),
      btime: seconds(attributes.btime),
      size: entry.size,
      mtime: seconds(entry.mtime)
    }
  end

  defp as_file_stat(path),
    do: %{File.lstat!(path) | access: nil, atime: nil, minor_device: nil}

  defp target(path) do
    case :file.read_link_all(path) do
      {:ok, target} when is_list(target) -> :unicode.characters_to_binary(target)
      {:ok, target} -> target
      {:error, _no_link} -> nil
    end
  end

  test "tells of every entry, and of the root, what stat and File.lstat tell", %{root: root} do
    {:ok, scan} = Scanner.scan(root, depth: :infinity)
    {entries, _summary} = receive_entries(scan)
    assert length(entries) > 15

    for from <- [root, scan], %{path: path} = listed <- [%Entry{path: ""} | entries] do
      assert {:ok, %Entry{path: ^path} = entry} = Scanner.stat(from, path)
      at = if path == "", do: root, else: root <> "/" <> path
      assert seen(entry) == told(at)
      assert Entry.to_stat(entry) == as_file_stat(at)
      assert entry.attributes.target == target(at)
      if path != "", do: assert(%{entry | attributes: nil} == listed)
    end

    assert {:ok, %{kind: :directory}} = Scanner.stat(root, "")
    assert mailbox() == []
  end

  test "the entries of a listing have the groups that were asked for", %{root: root} do
    fields = [
      disk: [:disk],
      inode: [:inode, :device, :nlink],
      mode: [:mode],
      times: [:ctime, :btime],
      target: [:target],
      owner: [:uid, :gid]
    ]

    {:ok, all, _} = Scanner.list(root, metadata: Attributes.groups())
    for entry <- all, do: assert(seen(entry) == told(root <> "/" <> entry.path))
    {:ok, plain, %{disk: nil}} = Scanner.list(root)
    assert Enum.sort(plain) == Enum.sort(for entry <- all, do: %{entry | attributes: nil})

    for {group, names} <- fields do
      {:ok, entries, _} = Scanner.list(root, metadata: [group])

      expected =
        for entry <- all,
            do: %{entry | attributes: struct(Attributes, Map.take(entry.attributes, names))}

      assert Enum.sort(entries) == Enum.sort(expected)
    end
  end

  test "a summary has what du counts, if disk was asked for", %{root: root} do
    {text, 0} = System.cmd("du", ["-s", "-B1", "--", root])
    [bytes, _path] = String.split(text, "\t")

    for metadata <- [[:disk], [:mode, :disk]] do
      assert {:ok, _, summary} = Scanner.list(root, metadata: metadata)
      assert {summary.disk, summary.disk_exact} == {String.to_integer(bytes), true}
    end

    assert {:ok, _, %{disk: nil}} = Scanner.list(root, metadata: [:inode])
  end

  test "scan_subdir takes the list over", %{root: root} do
    {:ok, scan} = Scanner.scan(root, depth: 1, metadata: [:mode])
    {_entries, _summary} = receive_entries(scan)
    {:ok, below} = Scanner.scan_subdir(scan, "a", depth: 1)
    {[%{attributes: attributes}, _], _summary} = receive_entries(below)
    assert attributes == %Attributes{mode: File.lstat!(root <> "/a/b").mode}
  end

  test "carries less if less is asked for", %{root: root} do
    {:ok, entry} = Scanner.stat(root, "x.o", metadata: [:mode])
    assert entry.attributes == %Attributes{mode: 0o106755}
    assert {:ok, %{size: 0, attributes: nil}} = Scanner.stat(root, "x.o", metadata: true)
    assert {:ok, %{size: nil, kind: :file}} = Scanner.stat(root, "x.o", metadata: false)

    # What the scan carried makes no difference.
    {:ok, scan} = Scanner.scan(root, metadata: false)
    {_, _} = receive_entries(scan)
    assert {:ok, %{attributes: %{mode: 0o106755}}} = Scanner.stat(scan, "x.o")
  end

  test "a file named as the root is in the slab is itself", %{root: root} do
    assert {:ok, %{path: ".self", kind: :file}} = Scanner.stat(root, ".self")
  end

  test "never leaves the root", %{root: root} do
    for path <- ["..", "../x", "a/../..", "/etc/passwd", "/", "a/b/../../.."] do
      assert reason(Scanner.stat(root, path)) == :outside_root
    end

    for path <- ["a//b", "a/", "./a", ".", "a\0b"],
        do: assert(reason(Scanner.stat(root, path)) == :einval)

    assert reason(Scanner.stat(root, "out/passwd")) == :eloop
    assert {:ok, %{kind: :symlink}} = Scanner.stat(root, "out")
  end

  test "what is not there has the system's reason", %{root: root} do
    for path <- ["no", "no/such", "a/no", <<0xFE>>],
        do: assert(reason(Scanner.stat(root, path)) == :enoent)

    assert reason(Scanner.stat(root, "x.o/y")) == :enotdir
    assert reason(Scanner.stat(root, String.duplicate("n", 256))) == :enametoolong
    assert reason(Scanner.stat(root <> "/no", "")) == :enoent
    assert reason(Scanner.stat(root <> "/x.o", "")) == :enotdir
    assert reason(Scanner.stat("", "")) == :einval
    assert mailbox() == []
  end

  test "sees what a scan with the same rules lists, and no more", %{root: root} do
    rules = [hidden: false, exclude: ["skip"], ignore: ["*.o"]]
    {:ok, scan} = Scanner.scan(root, [depth: :infinity] ++ rules)
    {entries, _} = receive_entries(scan)
    listed = Enum.map(entries, & &1.path)

    for path <- Find.paths(root) do
      for result <- [Scanner.stat(scan, path), Scanner.stat(root, path, rules)] do
        if path in listed,
          do: assert({:ok, %{path: ^path}} = result),
          else: assert(reason(result) == :enoent)
      end

      assert {:ok, _} = Scanner.stat(root, path)
    end

    assert {:ok, _} = Scanner.stat(scan, "x.o", ignore: false)
    assert {:ok, _} = Scanner.stat(scan, "")
  end

  test "of a scan whose root was replaced is refused", %{root: root} do
    {:ok, scan} = Scanner.scan(root <> "/a")
    {_, _} = receive_entries(scan)
    File.rename!(root <> "/a", root <> "/was")
    File.mkdir!(root <> "/a")
    assert reason(Scanner.stat(scan, "")) == :root_changed
    assert {:ok, _} = Scanner.stat(root <> "/a", "")
  end

  @tag skip: !Aether.Stored.possible?() && "needs sqlite3"
  test "of a scan into an index writes nothing there, and goes by its rules", %{root: root} do
    path = Tree.tmp!() <> "/files.db"
    {:ok, index} = Aether.Index.open(path: path)
    {:ok, scan} = Scanner.scan(root, index: index, slabs: false, hidden: false)
    {:ok, %{status: :complete}} = Scanner.await(scan, patience())

    scans = fn ->
      {rows, 0} = System.cmd("sqlite3", ["-readonly", path, "SELECT * FROM scans"])
      rows
    end

    before = scans.()
    assert before != ""
    assert {:ok, %{attributes: %{mode: _}}} = Scanner.stat(scan, "a/b/file")
    assert reason(Scanner.stat(scan, ".self")) == :enoent

    # The rules are the stored ones, as none were given.
    {:ok, again} = Scanner.scan(root, index: index, slabs: false)
    {:ok, %{status: :complete}} = Scanner.await(again, patience())
    later = scans.()
    assert reason(Scanner.stat(again, ".self")) == :enoent
    assert {:ok, _} = Scanner.stat(again, "x.o")
    assert scans.() == later
    :ok = Aether.Index.close(index)
  end

  test "takes its own options and no others", %{root: root} do
    for options <- [
          [depth: 1],
          [index: :files],
          [metadata: []],
          [metadata: [:size]],
          [to: self()]
        ] do
      assert_raise ArgumentError, ~r/Aether.Scanner.stat\/3/, fn ->
        Scanner.stat(root, "", options)
      end
    end

    assert_raise ArgumentError, ~r/raw bytes/, fn -> Scanner.stat(root, ~c"a") end
    assert_raise ArgumentError, ~r/raw bytes/, fn -> Scanner.stat(~c"a", "") end
  end

  test "ends of itself, and leaves nothing in a mailbox with messages in it", %{root: root} do
    for n <- 1..3, do: send(self(), {:scan_chunk, make_ref(), n})
    before = mailbox()
    assert {:ok, _} = Scanner.stat(root, "x.o")
    assert {:error, _} = Scanner.stat(root, "no")
    assert mailbox() == before
  end
end
