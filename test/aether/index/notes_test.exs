defmodule Aether.Index.NotesTest do
  # Facts about entries, what becomes of them, and what is taken out.
  use Aether.Case, async: true

  import Aether.Kept
  alias Aether.Index

  setup do
    root = Tree.make!(Tree.tmp!(), ["a/file", {"a/other", "x"}, "a/b/c", <<"a/", 0xFF>>])
    index = index!()
    scan!(root, index, source_id: "s")
    %{index: index, root: root}
  end

  defp notes(index, path), do: value!(Index.notes(index, "s", path))

  test "are stored by key, replaced and deleted", %{index: index} do
    for path <- ["a/file", "a", "a/b", <<"a/", 0xFF>>] do
      assert notes(index, path) == %{}
      assert Index.put_note(index, "s", path, "k", "v") == :ok
      assert Index.put_note(index, "s", path, <<0, 0xFF>>, <<1, 2, 0>>) == :ok
      assert Index.put_note(index, "s", path, "k", "w") == :ok
      assert notes(index, path) == %{"k" => "w", <<0, 0xFF>> => <<1, 2, 0>>}
      assert Index.put_note(index, "s", path, "k", nil) == :ok
      assert notes(index, path) == %{<<0, 0xFF>> => <<1, 2, 0>>}
    end
  end

  test "are deleted when the entry changes or goes; others stay", %{index: index, root: root} do
    for path <- ["a/file", "a/other", "a/b"],
        do: :ok = Index.put_note(index, "s", path, "k", path)

    scan!(root, index)
    assert notes(index, "a/file") == %{"k" => "a/file"}

    File.write!(root <> "/a/file", "longer")
    Tree.remove!(root <> "/a/b")
    scan!(root, index)
    assert notes(index, "a/file") == %{}
    assert notes(index, "a/b") == %{}
    assert notes(index, "a/other") == %{"k" => "a/other"}
  end

  test "are refused for a missing entry", %{index: index} do
    for path <- ["no", "a/no", "no/a"] do
      assert reason(Index.put_note(index, "s", path, "k", "v")) == :no_folder
    end

    assert reason(Index.put_note(index, "s", "", "k", "v")) == :einval
    assert notes(index, "no") == %{}
  end

  test "are refused if the entry has changed", %{index: index, root: root} do
    child = fn path -> value!(Index.stat(index, "s", path)) end
    before = child.("a/other")
    directory = child.("a")

    for expected <- [before, %{bytes: 1}, %{kind: :file, mtime: before.mtime}, nil] do
      assert Index.put_note(index, "s", "a/other", "k", "v", if: expected) == :ok
    end

    File.write!(root <> "/a/other", "longer")
    File.touch!(root <> "/a/file", 0)
    scan!(root, index)
    assert notes(index, "a/other") == %{}

    for expected <- [before, %{bytes: 1}, %{kind: :symlink}, %{mtime: nil}] do
      refused = Index.put_note(index, "s", "a/other", "k", "v", if: expected)
      assert reason(refused) == :entry_changed
      assert {:error, %{path: "a/other", operation: :write}} = refused
    end

    assert notes(index, "a/other") == %{}
    # What is in a directory may change while it stays what it is.
    assert directory.bytes != child.("a").bytes
    assert Index.put_note(index, "s", "a", "k", "v", if: directory) == :ok

    for bad <- [%{}, %{size: 1}, %{kind: :folder}, %{bytes: -1}, %{mtime: 1.0}, [bytes: 1], "x"] do
      assert_raise ArgumentError, ~r/option :if of Aether.Index.put_note takes/, fn ->
        Index.put_note(index, "s", "a", "k", "v", if: bad)
      end
    end
  end

  test "come from many processes at once", %{index: index} do
    tasks =
      for n <- 1..200, do: Task.async(fn -> Index.put_note(index, "s", "a/file", "#{n}", "") end)

    assert tasks |> Task.await_many(patience()) |> Enum.uniq() == [:ok]
    assert map_size(notes(index, "a/file")) == 200
  end

  test "a writer that is closed in between still answers", %{index: index} do
    tasks =
      for n <- 1..100, do: Task.async(fn -> Index.put_note(index, "s", "a/file", "#{n}", "") end)

    :ok = Index.close(index)

    for result <- Task.await_many(tasks, patience()) do
      assert result == :ok or reason(result) == :index_closed
    end
  end

  describe "forget" do
    test "a folder becomes unread, and a scan brings it back", %{index: index, root: root} do
      before = value!(Index.totals(index, "s"))
      assert Index.forget(index, "s", "a/b") == :ok
      assert {:ok, %{exhaustive: false}} = Index.totals(index, "s")
      assert value!(Index.totals(index, "s")).file_count == before.file_count - 1
      assert %{status: :unread, file_count: 0} = value!(Index.stat(index, "s", "a/b"))
      assert value!(Index.stat(index, "s", "a/b/c")) == nil

      scan!(root, index)
      assert value!(Index.totals(index, "s")) == before
      assert reason(Index.forget(index, "s", "no")) == :no_folder
      assert reason(Index.forget(index, "s", "a/file")) == :enotdir
    end

    test "a source is removed completely", %{index: index, root: root} do
      :ok = Index.put_note(index, "s", "a/file", "k", "v")
      assert Index.forget(index, "s") == :ok
      assert Index.sources(index) == {:ok, []}
      assert reason(Index.totals(index, "s")) == :no_source
      assert reason(Index.forget(index, "s")) == :no_source

      scan!(root, index, source_id: "s")
      assert notes(index, "a/file") == %{}
      assert value!(Index.source(index, "s")).generation == 1
    end

    test "is refused during a scan", %{index: index, root: root} do
      {:ok, scan} = Scanner.scan(root, index: index, active: false)
      assert {:error, error} = Index.forget(index, "s")
      assert {error.reason, error.detail} == {:already_scanning, inspect(scan.ref)}
      assert {:error, error} = Scanner.scan(root, index: index)
      assert {error.reason, error.detail} == {:already_scanning, inspect(scan.ref)}
      Scanner.cancel(scan, flush: true)
      assert Index.forget(index, "s") == :ok
    end
  end
end
