Code.require_file("../../support/phoenix_stand_in.exs", __DIR__)

defmodule Aether.Channel.SearchTest do
  # What a client finds, and what it must not find out.
  use Aether.Case, async: true

  import Aether.SharedIndex
  alias Aether.{Browser, Index, Kept}

  setup :shared_index

  test "a search stays within its root", %{root: root, index: index} do
    other = Tree.make!(Tree.tmp!(), ["report.txt"])
    Kept.scan!(root, Index.get(index), source_id: "s")
    Kept.scan!(other, Index.get(index), source_id: "t")
    browser = join!(root, index)
    {{:ok, found}, browser} = search(browser, %{"query" => "report"})
    assert [%{root: "r", path: "n/m/report.txt", kind: :file, bytes: 0, score: _}] = found.hits
    assert %{matched: 1, loaded: _, outdated: false, truncated: false, stale: false} = found

    {{:ok, found}, browser} =
      search(browser, %{"query" => "*.txt", "mode" => "glob", "path" => "n"})

    assert [%{path: "n/m/report.txt"}] = found.hits
    {{:ok, found}, browser} = search(browser, %{"query" => "nothing"})
    assert found.hits == []
    {reply, browser} = search(browser, %{"query" => "[", "mode" => "glob"})
    assert reply == {:error, %{reason: "bad_request"}}
    {reply, _} = search(browser, %{"query" => "x", "path" => ".."})
    assert reply == {:error, %{reason: "not_found"}}
  end

  describe "a search" do
    setup %{root: root, index: index} do
      Tree.make!(root, for(n <- 1..9, do: {"many/file#{n}.rs", String.duplicate("x", n)}))
      Kept.scan!(root, Index.get(index), source_id: "s")
      :ok
    end

    test "goes through all that matches, page by page", %{root: root, index: index} do
      {hits, browser} = pages(join!(root, index), %{"query" => "file", "limit" => 2})
      assert Enum.sort(hits) == for(n <- 1..9, do: "many/file#{n}.rs")
      assert hits == Enum.uniq(hits)

      forged = %{"query" => "file", "after" => Base.encode64("no cursor")}
      assert {{:error, %{reason: "bad_request"}}, browser} = search(browser, forged)

      # The names are read again when a scan has come between.
      {{:ok, %{next: next}}, browser} = search(browser, %{"query" => "file", "limit" => 2})
      Tree.make!(root, ["many/file10.rs"])
      Kept.scan!(root, Index.get(index))
      {{:ok, _}, browser} = until_found(browser, "file10")
      old = %{"query" => "file", "limit" => 2, "after" => next}
      assert {{:error, %{reason: "cursor_outdated"}}, _} = search(browser, old)
    end

    defp pages(browser, payload, hits \\ []) do
      {{:ok, found}, browser} = search(browser, payload)
      assert length(found.hits) <= payload["limit"]
      hits = hits ++ for(hit <- found.hits, do: hit.path)

      if found.next,
        do: pages(browser, Map.put(payload, "after", found.next), hits),
        else: {hits, browser}
    end

    defp until_found(browser, query) do
      case search(browser, %{"query" => query}) do
        {{:ok, %{hits: []}}, browser} -> until_found(browser, query)
        answered -> answered
      end
    end

    test "applies the client's filters", %{root: root, index: index} do
      later = DateTime.to_unix(DateTime.utc_now(), :millisecond) + 86_400_000

      for {members, expected} <- [
            {%{"query" => "many", "kind" => ["directory", "symlink"]}, ["many"]},
            {%{"query" => "port", "ext" => ["TXT", ".md"]}, ["n/m/report.txt"]},
            {%{"query" => "file", "larger" => 7}, ["many/file8.rs", "many/file9.rs"]},
            {%{"query" => "file", "newer_ms" => later}, []},
            {%{"query" => "file7", "newer_ms" => -later}, ["many/file7.rs"]},
            {%{"query" => "file7", "larger" => 6, "after" => nil}, ["many/file7.rs"]}
          ] do
        {{:ok, found}, _} = search(join!(root, index), members)
        assert %{more: false, next: nil, position: nil} = found
        assert found.hits |> Enum.map(& &1.path) |> Enum.sort() == expected
      end
    end

    test "says where in the file", %{root: root, index: index} do
      for {query, line, column} <- [{"many/file7.rs:42", 42, nil}, {"./many/file7.rs:4:2", 4, 2}] do
        {{:ok, found}, _} = search(join!(root, index), %{"query" => query})
        assert [%{path: "many/file7.rs"}] = found.hits
        assert found.position == %{line: line, column: column}
      end
    end

    test "takes a pasted path as long as paths are", %{root: root, index: index} do
      query = String.duplicate("./", 2000) <> "many/file7.rs"
      assert {{:ok, %{hits: [_]}}, _} = search(join!(root, index), %{"query" => query})
    end

    # Guesses at where the root lies, whole and in part, right and wrong: what is found must not tell them apart.
    test "does not reveal where the root lies", %{root: root, index: index} do
      file = "many/file7.rs"
      name = Path.basename(root)
      wrong = fn path -> String.replace(path, name, String.reverse(name)) end

      for guess <- [
            root <> "/" <> file,
            "file://" <> root <> "/" <> file,
            root <> "/./" <> file <> ":7",
            root <> "//many/../" <> file,
            name <> "/" <> file,
            String.upcase(name) <> "/many/",
            Path.basename(Path.dirname(root)) <> "/" <> name <> "/" <> file
          ] do
        {{:ok, right}, browser} = search(join!(root, index), %{"query" => guess})
        {{:ok, other}, _} = search(browser, %{"query" => wrong.(guess)})
        assert {guess, right.hits, right.matched, right.position} == {guess, [], 0, nil}
        assert Map.drop(right, [:age_ms, :loaded]) == Map.drop(other, [:age_ms, :loaded])
      end
    end

    test "finds an absolute path by the one that the app has given", %{root: root, index: index} do
      roots = fn "r", _socket -> {:ok, root, source_id: "s", known_as: "/srv/Shared"} end
      {_, browser} = Browser.join!([roots: roots, index: index], [root])

      for {query, expected} <- [
            {"/srv/Shared/many/file7.rs:7", ["many/file7.rs"]},
            {"file:///srv/Shared/many/file7.rs", ["many/file7.rs"]},
            {"shared/many/file7.rs", ["many/file7.rs"]},
            {"/srv/other/many/file7.rs", []},
            {root <> "/many/file7.rs", []},
            {Path.basename(root) <> "/many/file7.rs", []}
          ] do
        {{:ok, found}, _} = search(browser, %{"query" => query})
        assert {query, Enum.map(found.hits, & &1.path)} == {query, expected}
      end
    end
  end
end
