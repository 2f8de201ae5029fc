defmodule Aether.Index.SearchTest do
  use Aether.Case, async: true
  use Aether.VM

  import Aether.Kept
  alias Aether.Index
  alias Aether.Index.{Answer, Hit, SearchResult}

  @tree [
          "src/main.rs",
          "src/index/search.rs",
          "src/index/Search.md",
          "doc/searching.md",
          "doc/a b.txt"
        ] ++
          ["test/search_test.exs", "test/index/", <<0xFF, 0xFE>>, "two\nlines"]

  setup do
    root = Tree.make!(Tree.tmp!(), @tree)
    index = index!()
    scan!(root, index, source_id: "s")
    %{index: index, root: root}
  end

  defp found(index, query, opts \\ []),
    do: Enum.map(value!(Index.search(index, query, opts)).hits, & &1.path)

  test "a query finds what its mode says", %{index: index} do
    for {query, mode, expected} <- [
          {"search", :substring,
           ~w(doc/searching.md src/index/Search.md src/index/search.rs test/search_test.exs)},
          {"SearchI", :substring, ~w(doc/searching.md)},
          {"index/s", :substring, ~w(src/index/Search.md src/index/search.rs)},
          {"*.md", :glob, ~w(doc/searching.md src/index/Search.md)},
          {"[R-T]earch.*", :glob, ~w(src/index/Search.md src/index/search.rs)},
          {"*.{md,txt}", :glob, ["doc/a b.txt", "doc/searching.md", "src/index/Search.md"]},
          {"src/**/*.rs", :glob, ~w(src/index/search.rs src/main.rs)},
          {"srcrs", :fuzzy, ~w(src/index/search.rs src/main.rs)},
          {"sixrs", :fuzzy, ~w(src/index/search.rs)},
          {"hcraes", :fuzzy, []},
          {"*.rs", :auto, ~w(src/index/search.rs src/main.rs)},
          {"mnrs", :auto, ~w(src/main.rs)},
          {"md index", :auto, ~w(src/index/Search.md)},
          {"index !src", :auto, ~w(test/index)},
          {"./src//main.rs:7", :auto, ~w(src/main.rs)},
          {<<0xFF>>, :substring, [<<0xFF, 0xFE>>]},
          {"o\nl", :substring, ["two\nlines"]},
          {"a b", :substring, ["doc/a b.txt"]}
        ] do
      assert {query, Enum.sort(found(index, query, mode: mode))} == {query, expected}
    end
  end

  test "a hit is what the index knows of it", %{index: index, root: root} do
    assert [%Hit{} = hit] = value!(Index.search(index, "main.rs")).hits
    entry = Enum.find(Find.entries(root), &(&1.path == "src/main.rs"))
    assert %{source: "s", path: "src/main.rs", kind: :file, file_count: nil} = hit
    assert {hit.bytes, hit.mtime} == {entry.size, entry.mtime}

    assert [%{kind: :directory, file_count: 2} | _] =
             value!(Index.search(index, "src/index", mode: :glob)).hits
  end

  test "what is near comes first, and limits hold", %{index: index} do
    assert [first | _] = found(index, "search", near: {"s", "doc"})
    assert first == "doc/searching.md"
    assert [first | _] = found(index, "search", near: {"s", "test"})
    assert first == "test/search_test.exs"

    assert %SearchResult{hits: [_, _], matched: 4} =
             value!(Index.search(index, "search", mode: :substring, limit: 2))

    # Near a file is near its folder.
    assert [first | _] = found(index, "search", near: {"s", "doc/searching.md"})
    assert first == "doc/searching.md"
    assert reason(Index.search(index, "x", near: {"s", "no"})) == :no_folder
    assert reason(Index.search(index, "x", near: {"s", "doc/searching.md/x"})) == :enotdir
  end

  test "in one source, in all, and within each other once or twice", %{index: index, root: root} do
    scan!(root <> "/src", index, source_id: "inner")
    both = value!(Index.search(index, "main.rs")).hits
    assert Enum.map(both, &{&1.source, &1.path}) == [{"inner", "main.rs"}]

    all = value!(Index.search(index, "main.rs", all: true)).hits
    assert all |> Enum.map(& &1.source) |> Enum.sort() == ["inner", "s"]

    assert found(index, "main.rs", source: "inner") == ["main.rs"]
    assert found(index, "searching", source: "inner") == []
  end

  test "an answer says how old it is, and that it read the names first", %{
    index: index,
    root: root
  } do
    assert {:ok, %Answer{stale: false, scanning: false, exhaustive: true} = answer} =
             Index.search(index, "main")

    assert %SearchResult{loaded: true, outdated: false, truncated: false, loaded_at: %DateTime{}} =
             answer.value

    assert %DateTime{} = answer.scanned_at
    assert Index.info(index).search_bytes > 0

    assert %{loaded: false} = value!(Index.search(index, "main"))

    # Few names are read again before they are searched.
    Tree.make!(root, ["src/maintain.rs"])
    File.rm!(root <> "/src/main.rs")
    scan!(root, index)
    assert %{loaded: true, outdated: false} = found = value!(Index.search(index, "src/main"))
    assert Enum.map(found.hits, & &1.path) == ["src/maintain.rs"]

    # Never scanned, and so nothing to be sure of.
    assert {:ok, %{stale: true, exhaustive: false, scanned_at: nil}} =
             Index.search(index!(), "main")
  end

  test "memory that is too little is told", %{root: root} do
    index = index!(search_memory: 1)
    scan!(root, index)
    assert {:ok, %{exhaustive: false, value: %{truncated: true}}} = Index.search(index, "main")
  end

  test "queries that cannot be are refused", %{index: index} do
    assert reason(Index.search(index, "[a", mode: :glob)) == :bad_glob
    assert reason(Index.search(index, String.duplicate("a", 1001))) == :query_too_long
    # A text of brackets is no glob, if one says so.
    assert found(index, "[a", mode: :substring) == []
  end

  test "of one session the newest query counts", %{index: index} do
    session = Index.session()
    assert found(index, "s", session: session) != []
    assert "src/main.rs" in found(index, "srcm", session: session)

    # Many at once: each gets an answer, the last one a true one.
    queries = for n <- 1..50, do: {n, String.slice("searching", 0, rem(n, 9) + 1)}

    tasks =
      for {_n, query} <- queries,
          do: Task.async(fn -> Index.search(index, query, session: session, mode: :substring) end)

    results = Enum.zip(queries, Task.await_many(tasks, patience()))

    for {{_n, query}, result} <- results do
      case result do
        {:ok, answer} ->
          assert Enum.map(answer.value.hits, & &1.path) |> Enum.sort() ==
                   Enum.sort(found(index, query, mode: :substring))

        {:error, error} ->
          assert error.reason == :cancelled
      end
    end

    assert Enum.any?(results, &match?({_, {:ok, _}}, &1))
    assert mailbox() == []
  end

  test "processes that die while they ask are in nobody's way", %{index: index} do
    for _ <- 1..50 do
      pid = spawn(fn -> Index.search(index, "search") end)
      Process.exit(pid, :kill)
    end

    assert "src/main.rs" in found(index, "main.rs")
  end

  @tag skip: !VM.measurable?() && "needs Linux's /proc"
  test "many processes search at once", %{root: root} do
    database = Tree.tmp!() <> "/index.db"

    VM.run(VM.start!(), fn ->
      {:ok, index} = Index.open(path: database)
      scan!(root, index, source_id: "s")
      before = VM.os().threads
      sampler = Task.async(fn -> VM.most_threads() end)

      tasks = for n <- 1..200, do: Task.async(fn -> {n, found(index, "main.rs")} end)
      assert Task.await_many(tasks, patience()) == for(n <- 1..200, do: {n, ["src/main.rs"]})
      send(sampler.pid, :stop)
      # One for the index, a few for each search, one query after the other.
      assert Task.await(sampler) - before < 40
      assert :ok = Index.close(index)
    end)
  end
end
