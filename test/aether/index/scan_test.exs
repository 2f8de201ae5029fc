defmodule Aether.Index.ScanTest do
  # Scans that are kept, from the call to the rows: what is stored is what find sees, whatever came in between.
  use Aether.Case, async: true
  import Aether.Kept
  alias Aether.{Index, Stored}

  @moduletag skip: !Stored.possible?() && "needs sqlite3"

  setup :beside_index

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
    # While it runs, one of its folders may be expanded, and another root scanned.
    assert %{status: :complete} = expand!(root, "a", context.index)
    Tree.make!(context.base, ["other/file"])
    assert {_, %{status: :complete}, _} = keep!(context.base <> "/other", context.index)
    Scanner.cancel(first)
    assert {_, %{status: :cancelled}, _} = receive_all(first)
    assert {_, %{status: :complete}, _} = keep!(root, context.index)
    Stored.assert_equal!(context.database, root)
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
end
