defmodule Aether.Index.SearchPagesTest do
  # All that matches and not only the best: pages, filters, pasted paths, and names that come and go between pages.
  use Aether.Case, async: true

  import Aether.Kept
  import Bitwise, only: [<<<: 2]
  alias Aether.{Index, VM}
  alias Aether.Index.SearchResult

  defp hits(found), do: Enum.map(found.hits, & &1.path)

  # All pages of a query, after another.
  defp pages(index, query, opts, cursor \\ nil) do
    found = value!(Index.search(index, query, [after: cursor] ++ opts))
    assert length(found.hits) <= opts[:limit]
    assert found.next != cursor or cursor == nil
    if found.next, do: [found | pages(index, query, opts, found.next)], else: [found]
  end

  describe "pages" do
    setup do
      root = Tree.make!(Tree.tmp!(), for(n <- 1..40, do: "d#{rem(n, 3)}/file#{n}.rs"))
      index = index!()
      scan!(root, index, source_id: "s")
      %{index: index, root: root}
    end

    test "hold each match once, in the order of one answer", %{index: index, root: root} do
      for {query, opts} <- [
            {"file", []},
            {"rs file !d1", [near: {"s", "d2"}]},
            {"*2*", [mode: :glob, source: "s"]},
            {"fl", [mode: :fuzzy]},
            {"d0/", []}
          ],
          session <- [nil, Index.session()] do
        all = value!(Index.search(index, query, [limit: 10_000] ++ opts))
        assert all.next == nil and all.matched == length(all.hits)
        pages = pages(index, query, [limit: 7, session: session] ++ opts)
        assert Enum.flat_map(pages, &hits/1) == hits(all)
        assert Enum.all?(pages, &(&1.matched == all.matched and not &1.more))
      end

      names = for page <- pages(index, "file", limit: 9), path <- hits(page), do: path
      assert Enum.sort(names) == Find.paths(root, ["-name", "*file*"])
    end

    test "of names that have been read again start over", %{index: index, root: root} do
      assert %{next: next} = value!(Index.search(index, "file", limit: 2))
      assert %{hits: [_, _]} = value!(Index.search(index, "file", limit: 2, after: next))
      Tree.make!(root, ["file41.rs"])
      scan!(root, index)
      # Until they are read, the old ones are searched, and the answer says so.
      VM.until(fn -> value!(Index.search(index, "file41")).hits != [] end)
      assert reason(Index.search(index, "file", after: next)) == :cursor_outdated
    end

    test "begin with a cursor, or with none", %{index: index} do
      for wrong <- ["", "no cursor", String.duplicate("x", 24), String.duplicate("x", 25)],
          do:
            assert(
              reason(Index.search(index, "f", after: wrong)) in [:bad_cursor, :cursor_outdated]
            )

      assert reason(Index.search(index, "f", after: "no cursor")) == :bad_cursor
    end
  end

  describe "filters" do
    setup do
      root =
        Tree.make!(Tree.tmp!(), [
          {"a/one.rs", "1"},
          {"a/two.RS", "22"},
          {"b/three.tar.gz", "333"},
          {"b/ünï.Ü", "4444"},
          {"b/rs", "55555"},
          {"b/.rs", "666666"},
          {"link.rs", {:link, "a/one.rs"}},
          {"b/<\xFF>.rs", "7777777"},
          {"fifo.rs", :fifo},
          "empty.rs/"
        ])

      for {path, time} <- [{"a/one.rs", 1}, {"b/rs", 1_000_000_000}, {"b/.rs", 1_000_000_001}],
          do: File.touch!("#{root}/#{path}", time)

      index = index!()
      scan!(root, index, source_id: "s")
      %{index: index, root: root}
    end

    test "leave out what find leaves out", %{index: index, root: root} do
      for {options, args} <- [
            {[], []},
            {[kind: :file], ["-type", "f"]},
            {[kind: [:directory, :symlink]], ["-type", "d,l"]},
            {[kind: [:other]], ["-type", "p"]},
            {[ext: "rs"], ["-iname", "?*.rs"]},
            {[ext: ["RS", ".gz"]], ["(", "-iname", "?*.rs", "-o", "-name", "*.gz", ")"]},
            {[ext: "tar.gz"], ["-name", "*.tar.gz"]},
            {[ext: "ü"], ["-name", "*.Ü"]},
            {[larger: 3, kind: :file], ["-type", "f", "-size", "+3c"]},
            {[larger: 0, kind: :file], ["-type", "f", "-size", "+0c"]},
            {[newer: 1_000_000_000 * 1_000_000_000], ["-newermt", "@1000000000"]},
            {[newer: ~U[2001-09-09 01:46:40Z]], ["-newermt", "@1000000000"]},
            {[newer: ~U[2001-09-09 01:46:39.5Z]], ["-newermt", "@999999999.5"]},
            {[newer: ~U[1969-12-31 00:00:00Z]], []},
            {[newer: -1], []},
            {[newer: ~U[9999-12-31 00:00:00Z]], ["-newermt", "@9999999999"]},
            {[ext: ["rs"], kind: :file, larger: 1, newer: 7],
             ["-iname", "?*.rs", "-type", "f", "-size", "+1c"]}
          ] do
        found = value!(Index.search(index, "", options))
        assert {options, Enum.sort(hits(found))} == {options, Find.paths(root, args)}
        assert Enum.flat_map(pages(index, "", [limit: 2] ++ options), &hits/1) == hits(found)
      end
    end

    # Of a folder, all files beneath count.
    test "know how much is in a folder", %{index: index, root: root} do
      bytes = for %{kind: :file, size: size, path: "b/" <> _} <- Find.entries(root), do: size
      find = &hits(value!(Index.search(index, "", larger: &1, kind: :directory)))
      assert find.(Enum.sum(bytes) - 1) == ["b"]
      assert find.(Enum.sum(bytes)) == []
    end

    test "that are none raise", %{index: index} do
      for {name, wrong} <- [
            kind: :link,
            kind: [:file | :link],
            kind: nil,
            ext: "",
            ext: [:rs],
            larger: -1,
            larger: 1.5,
            larger: 1 <<< 63,
            newer: "yesterday",
            newer: 1 <<< 63,
            limit: 0,
            limit: 10_001,
            after: 7,
            known_as: :hidden,
            known_as: "srv"
          ] do
        assert_raise ArgumentError, ~r/option :#{name} of Aether.Index.search takes/, fn ->
          Index.search(index, "a", [{name, wrong}])
        end
      end
    end
  end

  describe "a pasted path" do
    setup do
      root = Tree.tmp!() <> "/Project"
      Tree.make!(root, ["src/main.rs", "src/a:7", "doc/main.rs"])
      index = index!()
      scan!(root, index, source_id: "s")
      %{index: index, root: root}
    end

    test "is found, and says where in the file", %{index: index, root: root} do
      for {query, position} <- [
            {root <> "/src/main.rs", nil},
            {root <> "/src/main.rs:42", {42, nil}},
            {"file://" <> root <> "/src/main.rs:42:7", {42, 7}},
            {"./src//main.rs:1:2:", {1, 2}},
            {"project/src/main.rs", nil}
          ] do
        assert %SearchResult{hits: [%{path: "src/main.rs"}]} =
                 found = value!(Index.search(index, query))

        assert {query, found.position} == {query, position}
      end

      # What has it in its name is no position.
      assert %{position: nil, hits: [%{path: "src/a:7"}]} =
               value!(Index.search(index, root <> "/src/a:7"))
    end

    test "begins with what the root is known as", %{index: index, root: root} do
      find = &hits(value!(Index.search(index, &1, known_as: &2)))
      full = root <> "/src/main.rs"
      assert find.(full, :root) == ["src/main.rs"]
      assert find.(full, nil) == []
      assert find.("project/src/main.rs", nil) == []
      assert find.("/src/main.rs", nil) == ["src/main.rs"]

      for query <- ["/home/me/src/main.rs", "me/src/main.rs"] do
        assert find.(query, "/home/me") == ["src/main.rs"]
        assert find.(query, :root) == []
      end

      assert find.(full, "/home/me") == []
      assert find.("/src/main.rs", "/") == ["src/main.rs"]
    end
  end

  describe "while names come and go" do
    # A scan that goes on only when it is asked to: what it has written is found, or the answer says that it is outdated.
    test "an answer tells when it may miss some" do
      root = Tree.make!(Tree.tmp!(), for(d <- 1..400, do: "d#{d}/name"))
      index = index!()
      scan!(root, index, source_id: "s")
      Tree.make!(root, for(d <- 1..400, n <- 1..4, do: "d#{d}/name#{n}"))
      opts = [index: index, source_id: "s", active: false, slab_entries: 10, threads: 1]
      {:ok, scan} = Scanner.scan(root, opts)

      # The first 40 are the root's own folders.
      for {slabs, files} <- [{60, 450}, {60, 750}, {60, 1100}] do
        Scanner.ask(scan, slabs)
        VM.until(fn -> written(index) >= files end)
        found = value!(Index.search(index, "name"))
        assert found.matched >= files or found.outdated
      end

      assert {:ok, %{value: %{status: :running}}} = Index.source(index, "s")
      Scanner.cancel(scan, flush: true)
    end

    defp written(index) do
      case Index.totals(index, "s") do
        {:ok, answer} -> answer.value.file_count
        {:error, _nothing_yet} -> 0
      end
    end

    # So many names that they are not read again before the first search, but behind it.
    test "what has gone makes room for what comes after it" do
      root = Tree.tmp!() <> "/root"
      script = "mkdir -p -- \"$0\" && cd -- \"$0\" && seq -f \"ñandú-%g\" 50000 | xargs touch"
      {_, 0} = System.cmd("sh", ["-c", script, root])
      Tree.files!(root, 350, "match")
      index = index!()
      scan!(root, index, source_id: "s")
      best = value!(Index.search(index, "match", limit: 100))
      assert {length(best.hits), best.matched} == {100, 350}

      for hit <- best.hits, do: File.rm!("#{root}/#{hit.path}")
      scan!(root, index)
      found = value!(Index.search(index, "match", limit: 100))
      assert length(found.hits) == 100
      assert Enum.all?(found.hits, &File.exists?("#{root}/#{&1.path}"))
      left = for page <- pages_of_one_load(index), path <- hits(page), do: path
      assert Enum.sort(left) == Find.paths(root, ["-name", "match*"])
    end

    defp pages_of_one_load(index) do
      VM.until(fn -> not value!(Index.search(index, "match")).outdated end)
      pages(index, "match", limit: 100)
    end
  end
end
