defmodule Aether.Index.ChangesTest do
  # What appeared, vanished and grew between scans.
  use Aether.Case, async: true

  import Aether.Kept
  alias Aether.Index
  alias Aether.Index.Changes

  setup do
    root = Tree.make!(Tree.tmp!(), ["a/1", "a/2", {"b/3", "three"}, "c/d/4"])
    index = index!(history: 3)
    scan!(root, index, source_id: "s")
    %{index: index, root: root}
  end

  defp changes(index, from, to, opts \\ []), do: value!(Index.changes(index, "s", from, to, opts))

  test "by folder, the largest first", %{index: index, root: root} do
    Tree.make!(root, [{"a/new", String.duplicate("x", 100)}, {"b/3", "more than three"}])
    Tree.remove!(root <> "/c/d")
    scan!(root, index)

    assert %Changes{pruned: false, first_load: false} = found = changes(index, 1, 2)
    assert [%{generation: 2, status: :complete, ended_at: %DateTime{}}] = found.generations

    assert [
             %{
               path: "a",
               added: 1,
               removed: 0,
               changed: 0,
               file_count: 1,
               bytes: 100,
               gone: false
             },
             %{
               path: "b",
               added: 0,
               removed: 0,
               changed: 1,
               file_count: 0,
               bytes: 10,
               generation: 2
             }
             | rest
           ] = found.folders

    assert [%{path: "c", removed: 1}, %{path: "c/d", gone: true, file_count: -1}] =
             Enum.sort_by(rest, & &1.path)

    assert [%{path: "a"}] = changes(index, 1, 2, limit: 1).folders
    assert [%{path: "b"}] = changes(index, 1, 2, folder: "b").folders
    assert changes(index, 2, 2).folders == []
  end

  test "list the single files on request", %{index: index, root: root} do
    entries = fn from, to, path ->
      assert [change] =
               changes(index, from, to, entries: true).folders |> Enum.filter(&(&1.path == path))

      {for(entry <- change.entries, do: {entry.name, entry.change, entry.kind, entry.bytes}),
       change.entries_complete}
    end

    Tree.make!(root, [{"a/new", "12345"}, {"a/2", "x"}, <<"a/", 0xFF>>])
    File.ln_s!("nowhere", root <> "/a/link")
    Tree.remove!(root <> "/a/1")
    Tree.remove!(root <> "/c/d")
    scan!(root, index)

    assert entries.(1, 2, "a") ==
             {[
                {"1", :removed, nil, 0},
                {"2", :changed, :file, 1},
                {"link", :added, :symlink, 0},
                {"new", :added, :file, 5},
                {<<0xFF>>, :added, :file, 0}
              ], true}

    assert entries.(1, 2, "c") == {[], true}
    assert entries.(1, 2, "c/d") == {[], false}
    refute Map.has_key?(hd(changes(index, 1, 2).folders), :entries)

    # What came and went in between is not told; what went and came again has changed.
    Tree.remove!(root <> "/a/new")
    Tree.make!(root, [{"a/1", "again"}, {"a/2", "xyz"}])
    scan!(root, index)

    assert entries.(1, 3, "a") ==
             {[
                {"1", :changed, :file, 5},
                {"2", :changed, :file, 3},
                {"link", :added, :symlink, 0},
                {<<0xFF>>, :added, :file, 0}
              ], true}

    assert {_, false} = entries.(0, 3, "a")
  end

  test "of more files than are kept are marked as incomplete", %{index: index, root: root} do
    name = &String.pad_leading("#{&1}", 200, "0")

    Tree.make!(
      root,
      for(n <- 1..327, do: "a/#{name.(n)}") ++ for(n <- 1..328, do: "b/#{name.(n)}")
    )

    scan!(root, index)
    folders = Map.new(changes(index, 1, 2, entries: true).folders, &{&1.path, &1})
    # 65,400 bytes of names, and 65,600.
    assert %{added: 327, entries_complete: true} = folders["a"]
    assert length(folders["a"].entries) == 327
    assert %{added: 328, entries_complete: false} = folders["b"]
    assert length(folders["b"].entries) < 328
  end

  test "add up over scans, and are empty if nothing changed", %{index: index, root: root} do
    scan!(root, index)
    assert %{folders: [], pruned: false} = changes(index, 1, 2)
    Tree.make!(root, ["a/x"])
    scan!(root, index)
    Tree.make!(root, ["a/y"])
    scan!(root, index)
    assert [%{path: "a", added: 2, generation: 4}] = changes(index, 2, 4).folders
    assert [%{path: "a", added: 1, generation: 3}] = changes(index, 2, 3).folders
  end

  test "are kept for a limited number of scans", %{index: index, root: root} do
    for n <- 1..5 do
      Tree.make!(root, ["a/n#{n}"])
      scan!(root, index)
    end

    assert %{pruned: true} = changes(index, 1, 6)
    assert %{pruned: false, folders: [%{added: 3}]} = changes(index, 3, 6)
    assert %{pruned: true, generations: []} = changes(index, 6, 9)
    assert %{first_load: true} = changes(index, 0, 6)
  end

  test "a scan that did not see everything is marked", %{index: index, root: root} do
    {:ok, scan} = Scanner.scan(root, index: index, active: false)
    Scanner.cancel(scan, flush: true)
    assert [%{generation: 2, status: :cancelled}] = changes(index, 1, 2).generations
  end
end
