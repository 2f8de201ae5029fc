defmodule Aether.ShapesTest do
  # Hostile names, depths, sizes and times, all the way to entries in Elixir; find is the oracle.
  use Aether.Case, async: true

  @i64 0x7FFF_FFFF_FFFF_FFFF
  @u64 0xFFFF_FFFF_FFFF_FFFF

  setup do: {:ok, root: Tree.tmp!()}

  # All ways to the entries of a tree give the same.
  defp same_by_all(root) do
    expected = Find.entries(root)

    assert {:ok, entries, %{status: :complete, errors: %{count: 0}} = summary} =
             Scanner.list(root)

    assert Enum.sort(entries) == expected
    assert root |> Scanner.stream!(slab_entries: 3) |> Enum.sort() == expected
    {:ok, scan} = Scanner.scan(root, depth: :infinity)
    assert {^expected, %{status: :complete}} = receive_entries(scan)
    summary
  end

  test "every byte except slash and NUL is a name, alone and within one", %{root: root} do
    bytes = for byte <- 1..255, byte not in [?/, ?.], do: <<byte>>
    for byte <- bytes, do: File.write!(root <> "/" <> byte, "")
    for byte <- bytes, do: File.mkdir_p!(root <> "/d" <> byte <> "/" <> byte <> "x")
    assert same_by_all(root).files == 253
  end

  test "names that could be mistaken for something else", %{root: root} do
    names =
      ["...", "..a", ".a", " a", "a ", "  ", "-x", "--", "*", "[x]", "\\", "'", "\"", "%00", "~"] ++
        ["a\nb", "\n", "\e[31m", "\u202Eexe.txt", "\u200B", "\u0065\u0301", "\u00E9", "A", "a"] ++
        [<<0xFF, 0xFE>>, <<0xC0, 0xAF>>, <<0xED, 0xA0, 0x80>>, <<0xF4, 0x90, 0x80, 0x80>>] ++
        [String.duplicate("n", 255), String.duplicate(<<0xFF>>, 255)]

    for name <- names, do: Tree.make!(root, [name <> "/" <> name])
    summary = same_by_all(root)
    assert {summary.files, summary.directories} == {length(names), length(names)}

    # Each of them can be expanded by the bytes that a slab has for it.
    {:ok, scan} = Scanner.scan(root, depth: 1)
    {entries, _} = receive_entries(scan)
    assert Enum.sort(Enum.map(entries, & &1.path)) == Enum.sort(names)

    for %Entry{path: path} <- entries do
      {:ok, below} = Scanner.scan_subdir(scan, path)
      assert {[%Entry{path: inside}], %{status: :complete}} = receive_entries(below)
      assert inside == path <> "/" <> path
    end
  end

  # Deeper than any path that could be given to the system at once.
  defp chain!(root, name, levels) do
    program = """
    my ($at, $name, $levels) = @ARGV;
    chdir $at or die $!;
    for (1 .. $levels) { mkdir $name or die $!; chdir $name or die $! }
    """

    {_, 0} = System.cmd("perl", ["-e", program, root, name, Integer.to_string(levels)])
  end

  @tag skip: !System.find_executable("perl") && "needs perl, to make what is too deep for a path"
  test "3,000 levels, and 40 of the longest possible names", %{root: root} do
    for {name, levels} <- [{"d", 3000}, {String.duplicate("n", 255), 40}] do
      chain!(root, name, levels)
      top = root <> "/" <> name
      assert %{max_depth: depth} = same_by_all(top)
      assert depth == levels - 1

      # The last one is within reach of a call as well.
      folder = List.duplicate(name, levels - 1) |> Enum.join("/")
      {:ok, scan} = Scanner.scan_subdir(root, folder)
      last = folder <> "/" <> name
      assert {[%Entry{path: ^last, kind: :directory}], _summary} = receive_entries(scan)
    end
  end

  test "links are entries, whatever they point to", %{root: root} do
    Tree.make!(root, [
      {"d/self", {:link, "self"}},
      {"d/up", {:link, ".."}},
      {"d/root", {:link, "/"}},
      {"d/there", {:link, "../e/back"}},
      {"e/back", {:link, "../d/there"}},
      {"e/dangling", {:link, "nowhere"}},
      {"e/dir", {:link, "../d"}},
      {"e/fifo", :fifo}
    ])

    {:ok, socket} = :gen_tcp.listen(0, ifaddr: {:local, root <> "/e/socket"})
    File.ln!(root <> "/e/fifo", root <> "/d/hard")
    assert %{symlinks: 7, directories: 2, others: 3, files: 0} = same_by_all(root)
    :gen_tcp.close(socket)
  end

  describe "on a file system that stores any value" do
    @describetag skip: !File.dir?("/dev/shm") && "needs /dev/shm, a tmpfs"

    setup do
      root = "/dev/shm/aether-#{System.pid()}-#{System.unique_integer([:positive])}"
      File.mkdir!(root)
      on_exit(fn -> Tree.remove!(root) end)
      {:ok, root: root}
    end

    test "times before 1970, with fractions, and at the limits", %{root: root} do
      times =
        ~w(@0 @-0.5 @-1.000000001 @-1.5 @0.999999999 @1700000000.123456789 1800-01-01 2500-06-01) ++
          ~w(@9223372036.854775807 @-9223372036.5 @9223372037 @-9223372037 @253402300800) ++
          ~w(@67767976233532799 @-67768040609740800)

      for {time, n} <- Enum.with_index(times) do
        {_, 0} = System.cmd("touch", ["-d", time, "#{root}/#{n}"], env: [{"TZ", "UTC"}])
      end

      # Exact as long as they can be told in nanoseconds, and at the end of that range otherwise.
      expected =
        for %Entry{mtime: mtime} = entry <- Find.entries(root),
            do: %{entry | mtime: mtime |> max(-@i64 - 1) |> min(@i64)}

      assert Enum.sort(Scanner.list!(root)) == Enum.sort(expected)
      mtimes = for %Entry{mtime: mtime} <- expected, do: mtime
      assert Enum.min(mtimes) == -@i64 - 1 and Enum.max(mtimes) == @i64
      assert -500_000_000 in mtimes and -1_000_000_001 in mtimes
    end

    test "sizes are exact to the last byte, their sum saturates", %{root: root} do
      sizes = [0, 1, 0xFFFFFFFF, 0x1_0000_0000, 0xFFF_FFFF_F000, @i64 - 1, @i64]

      for size <- sizes do
        {_, 0} = System.cmd("truncate", ["-s", "#{size}", "#{root}/#{size}"])
      end

      summary = same_by_all(root)
      assert Enum.sort(for entry <- Scanner.list!(root), do: entry.size) == Enum.sort(sizes)
      assert summary.bytes == @u64
    end
  end
end
