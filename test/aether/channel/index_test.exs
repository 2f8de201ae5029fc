Code.require_file("../../support/phoenix_stand_in.exs", __DIR__)

defmodule Aether.Channel.IndexTest do
  # What a client asks of an index, and the scans of whole roots that clients share.
  use Aether.Case, async: true

  alias Aether.{Browser, Channel, Hang, Index, Kept}
  alias Aether.Channel.Sources

  setup do
    root = Tree.tmp!()
    Tree.make!(root, ["a/b/c", {"a/d", "four"}, "e", "x\xFFy/z", "n/m/report.txt"])
    name = :"#{__MODULE__}#{System.unique_integer([:positive])}"
    start_supervised!({Index, name: name, path: Tree.tmp!() <> "/index.db"})
    start_supervised!({Sources, index: name})
    %{root: root, index: name}
  end

  # A supervisor reports what these tests end.
  setup context do
    if context[:kills] do
      filter = fn
        %{msg: {:report, %{label: {:supervisor, _}}}}, _ -> :stop
        _event, _ -> :ignore
      end

      :logger.add_handler_filter(:default, context.test, {filter, nil})
      on_exit(fn -> :logger.remove_handler_filter(:default, context.test) end)
    end

    :ok
  end

  defp join!(root, index, opts \\ []) do
    roots = fn
      "r", _socket -> {:ok, root, source_id: "s"}
      "other", _socket -> {:ok, root <> "/a"}
      _key, _socket -> :error
    end

    {_limits, browser} = Browser.join!([roots: roots, index: index] ++ opts, [root])
    browser
  end

  defp answer(browser, event, payload \\ %{}),
    do: Browser.later(browser, event, Map.merge(%{"root" => "r", "path" => ""}, payload))

  defp scan!(browser, payload \\ %{}) do
    {%{}, browser} = Browser.request!(browser, "scan", Map.merge(%{"root" => "r"}, payload))
    {_, browser} = Browser.await(browser, "index")
    browser
  end

  defp whole!(browser, payload \\ %{}) do
    browser = scan!(browser, payload)
    {last, browser} = Browser.await(browser, "index", &(&1.status != :scanning))
    {last, browser}
  end

  describe "a whole root" do
    test "is scanned beside the client's own scan", %{root: root, index: index} do
      {last, browser} = whole!(join!(root, index, options: [depth: 1]))
      assert %{root: "r", status: :complete, files: 5, reason: nil} = last
      assert hd(Browser.pushed(browser, "index")) == %{root: "r", status: :scanning}

      [%{status: :complete}] = Browser.pushed(Browser.quiet(browser), "completed")
      assert {:ok, %{value: %{file_count: 5}, exhaustive: true}} = Index.totals(index, "s", "")

      # Known well enough now; unless it is to be scanned again.
      {_, again} = Browser.request!(join!(root, index), "scan", %{"root" => "r"})
      assert {%{root: "r", status: :fresh}, again} = Browser.await(again, "index")
      Browser.quiet(again)
      {last, _} = whole!(join!(root, index), %{"index" => true})
      assert last.status == :complete
      assert {:ok, %{value: %{generation: 2}}} = Index.source(index, "s")
    end

    test "is not scanned if the client does not want it", %{root: root, index: index} do
      {%{tag: tag}, browser} =
        Browser.request!(join!(root, index), "scan", %{"root" => "r", "index" => false})

      {_, %{status: :complete}, browser} = Browser.scanned(browser, tag)
      assert Browser.pushed(Browser.quiet(browser), "index") == []
      assert Index.sources(index) == {:ok, []}
    end

    test "is scanned by the rules of the app", %{root: root, index: index} do
      {_, _} = whole!(join!(root, index, options: [exclude: ["a"]]))
      assert {:ok, %{value: %{file_count: 3}}} = Index.totals(index, "s", "")

      # Others are refused by the index, and the client hears so.
      browser = join!(root, index)
      {_, browser} = Browser.request!(browser, "scan", %{"root" => "r", "index" => true})
      {last, _} = Browser.await(browser, "index")
      assert last == %{root: "r", status: :failed, reason: "rules_changed"}
    end

    # From now on a scan of it ends when it is cancelled, or when its hung directory is let go of.
    defp lasting!(root) do
      File.mkdir!(root <> "/hung")
      Hang.mount!(root <> "/hung")
    end

    @tag skip: !Hang.possible?() && "needs root and /dev/fuse"
    test "goes on without the client, and others join it", %{root: root, index: index} do
      port = lasting!(root)
      me = self()

      {pid, monitor} =
        spawn_monitor(fn ->
          scan!(join!(root, index))
          send(me, :scanning)
          receive do: (:stop -> :ok)
        end)

      assert_receive :scanning, patience()
      browser = scan!(join!(root, index))
      send(pid, :stop)
      assert_receive {:DOWN, ^monitor, _, _, :normal}, patience()

      Hang.release!(port)
      {last, _} = Browser.await(browser, "index", &(&1.status != :scanning))
      assert last.status in [:complete, :partial]
      # It was one scan.
      assert {:ok, %{value: %{generation: 1}}} = Index.source(index, "s")
      assert :sys.get_state(Sources.name(index)).roots == %{}
    end

    @tag skip: !Hang.possible?() && "needs root and /dev/fuse"
    test "is cancelled by the last client that takes part", %{root: root, index: index} do
      port = lasting!(root)
      sources = Sources.name(index)
      # Told that it is being scanned, the client is a member of a scan that is open.
      first = scan!(join!(root, index))
      assert [{one, members}] = members(sources)
      assert map_size(members) == 1

      # Another client has it scanned as well.
      other = spawn(fn -> receive do: (:stop -> :ok) end)
      assert Sources.join(sources, other, root, :stale)
      assert [{^one, members}] = members(sources)
      assert map_size(members) == 2

      {%{}, first} = Browser.request!(first, "cancel", %{"root" => "r"})
      {%{root: "r"}, first} = Browser.await(first, "index", &(&1.status == :left))
      first = scan!(first)
      Process.exit(other, :kill)
      # The one who scans has heard of it too.
      Aether.VM.until(fn ->
        match?([{^one, %{} = left}] when map_size(left) == 1, members(sources))
      end)

      {%{}, first} = Browser.request!(first, "cancel", %{"root" => "r"})
      {last, _} = Browser.await(first, "index", &(&1.status not in [:scanning, :left]))
      assert last.status == :cancelled
      assert members(sources) == []
      # Of one that does not run it is no error.
      Sources.cancel(sources, self(), root)
      assert members(sources) == []
      Hang.release!(port)
    end

    # Of each scan its reference, and who is told of it.
    defp members(sources),
      do: for({_key, one} <- :sys.get_state(sources).roots, do: {one.scan.ref, one.members})

    test "that another process scans is being scanned", %{root: root, index: index} do
      {:ok, scan} = Scanner.scan(root, index: index, source_id: "s", active: false)
      browser = scan!(join!(root, index))
      assert Browser.pushed(browser, "index") == [%{root: "r", status: :scanning}]
      Scanner.cancel(scan, flush: true)
    end

    test "that does not exist is not found", %{index: index} do
      {%{tag: tag}, browser} =
        Browser.request!(join!("/no/such", index), "scan", %{"root" => "r"})

      {news, browser} = Browser.await(browser, "index")
      assert news == %{root: "r", status: :failed, reason: "not_found"}
      assert {_, %{reason: "not_found"}, _} = Browser.scanned(browser, tag)
    end

    test "can be scanned without slabs, and sends events for each of the client's keys", %{
      root: root,
      index: index
    } do
      roots = fn key, _socket -> if key in ["one", "two"], do: {:ok, root}, else: :error end
      {_, browser} = Browser.join!([roots: roots, index: index], [root])

      browser =
        for key <- ["one", "two"], reduce: browser do
          browser -> browser |> Browser.request!("index", %{"root" => key}) |> elem(1)
        end

      browser = browser |> until_ended("one") |> until_ended("two")
      browser = %{browser | pushed: []}
      {%{}, browser} = Browser.request!(browser, "index", %{"root" => "one", "again" => true})
      {last, browser} = Browser.await(browser, "index", &ended?/1)
      assert last.status == :complete
      assert Browser.pushed(Browser.quiet(browser), "slab") == []
      {_, none} = Browser.join!(roots: roots)
      refused = {:error, %{reason: "no_index"}}
      assert {^refused, _} = Browser.request(none, "index", %{"root" => "one"})
    end

    @tag :kills
    test "is scanned again when Sources is restarted", %{index: index} do
      {:ok, scan} = hold(index, "/usr/share")
      browser = scan!(join!("/usr/share", index))
      # Somebody else's scan is one of which no more is told; its end is none of this one.
      Scanner.cancel(scan, flush: true)
      browser = %{browser | pushed: []}
      Process.exit(Process.whereis(Sources.name(index)), :kill)
      {last, _} = Browser.await(browser, "index", &ended?/1)
      assert last.status in [:complete, :partial]
    end

    @tag skip: !Hang.possible?() && "needs root and /dev/fuse"
    test "fails when Sources ends and has no successor", context do
      %{root: root, index: index} = context
      port = lasting!(root)
      {:ok, sources} = GenServer.start(Sources, index)
      browser = scan!(join!(root, index, sources: sources))
      Process.exit(sources, :kill)
      {last, _} = Browser.await(browser, "index", &ended?/1)
      assert last == %{root: "r", status: :failed, reason: "index_closed"}
      Hang.release!(port)
    end

    defp until_ended(browser, key) do
      over? = &(&1.root == key and ended?(&1))

      if Enum.any?(Browser.pushed(browser, "index"), over?),
        do: browser,
        else: browser |> Browser.await("index", over?) |> elem(1)
    end

    defp ended?(news), do: news.status != :scanning

    defp hold(index, root), do: Scanner.scan(root, index: index, source_id: "s", active: false)

    test "cannot be scanned without Sources", %{root: root, index: index} do
      browser = join!(root, index, sources: :nobody)
      {%{tag: tag}, browser} = Browser.request!(browser, "scan", %{"root" => "r"})
      {news, browser} = Browser.await(browser, "index")
      assert news == %{root: "r", status: :failed, reason: "index_closed"}
      assert {_, %{status: :complete}, _} = Browser.scanned(browser, tag)
    end
  end

  describe "children" do
    setup %{root: root, index: index} do
      Kept.scan!(root, Index.get(index), source_id: "s")
      :ok
    end

    test "come page by page, with their freshness", %{root: root, index: index} do
      browser = join!(root, index)
      {{:ok, page}, browser} = answer(browser, "children", %{"limit" => 2})

      assert [%{name: "a", kind: :directory, file_count: 2, bytes: 4}, %{name: "n"}] =
               page.entries

      assert %{moved: false, stale: false, scanning: false, exhaustive: true} = page
      assert %{unreadable: 0, imported: false, rolled_back: false} = page
      assert is_integer(page.age_ms)

      {{:ok, page}, browser} = answer(browser, "children", %{"after" => page.next})
      assert [%{name_base64: name}, %{name: "e", kind: :file} = file] = page.entries
      assert Base.decode64!(name) == "x\xFFy"
      assert page.next == nil

      assert file.mtime_ms ==
               div(File.stat!(root <> "/e", time: :posix).mtime, 1) * 1000 +
                 rem(file.mtime_ms, 1000)

      {{:ok, page}, browser} =
        answer(browser, "children", %{"sort" => "size", "order" => "asc", "path" => "a"})

      assert for(entry <- page.entries, do: entry.name) == ["b", "d"]

      {{:ok, page}, _} =
        Browser.later(browser, "children", %{
          "root" => "r",
          "path_base64" => Base.encode64("x\xFFy")
        })

      assert [%{name: "z"}] = page.entries
    end

    test "of a missing or forbidden folder are not found, whatever the reason", %{
      root: root,
      index: index
    } do
      browser = join!(root, index)

      for path <- ["no", "e", "..", "/etc", "a//b", "a\0"] do
        {reply, _} = answer(browser, "children", %{"path" => path})
        assert reply == {:error, %{reason: "not_found"}}, path
      end

      # A root that the app gives, and the index does not know.
      {reply, _} = answer(browser, "children", %{"root" => "other"})
      assert reply == {:error, %{reason: "not_found"}}
      {reply, _} = answer(browser, "children", %{"after" => Base.encode64("cursor")})
      assert reply == {:error, %{reason: "bad_request"}}
    end

    test "are limited in the number of queries at once", %{root: root, index: index} do
      browser = join!(root, index)
      payload = %{"root" => "r", "path" => ""}

      {replies, browser} =
        Enum.map_reduce(1..10, browser, fn _, browser ->
          Browser.request(browser, "children", payload)
        end)

      refused = {:error, %{reason: "too_many_requests"}}
      assert replies == List.duplicate(:noreply, 8) ++ [refused, refused]
      assert {{:ok, _}, _} = answer(Browser.quiet(browser), "children")
    end

    test "are not available while the index is closed", %{root: root, index: index} do
      browser = join!(root, index)
      :ok = stop_supervised(index)
      {reply, browser} = answer(browser, "children")
      assert reply == {:error, %{reason: "index_closed"}}
      watch = %{"root" => "r", "path" => ""}
      assert {{:error, %{reason: "index_closed"}}, _} = Browser.request(browser, "watch", watch)
    end
  end

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

  defp search(browser, payload),
    do: Browser.later(browser, "search", Map.put(payload, "root", "r"))

  describe "a watched folder" do
    setup %{root: root, index: index} do
      Kept.scan!(root, Index.get(index), source_id: "s")
      :ok
    end

    defp watch!(browser, event, path) do
      {%{}, browser} = Browser.request!(browser, event, %{"root" => "r", "path" => path})
      browser
    end

    test "pushes its subfolders' totals until it is unwatched", %{
      root: root,
      index: index
    } do
      browser = join!(root, index) |> watch!("watch", "") |> watch!("watch", "n")
      # Once more is no more.
      browser = watch!(browser, "watch", "")
      assert Index.info(index).subscriptions == 2

      Tree.make!(root, ["a/new", "n/o/new"])
      Kept.scan!(root, Index.get(index))

      {news, browser} = told(browser, "", &(hd(&1).file_count == 3))
      assert news.root == "r"

      assert [%{name: "a", bytes: 4}, %{name: "n", file_count: 2}, %{name_base64: _}] =
               news.folders

      {news, browser} = told(browser, "n", &(length(&1) == 2))
      assert [%{name: "m", file_count: 1}, %{name: "o", file_count: 1}] = news.folders

      browser =
        browser |> watch!("unwatch", "") |> watch!("unwatch", "n") |> watch!("unwatch", "no")

      assert Index.info(index).subscriptions == 0
      assert Browser.state(browser).index.watches.folders == %{}
    end

    # News of two folders come in any order.
    defp told(browser, path, fun) do
      found? = &(&1.path == path and fun.(&1.folders))

      case Enum.find(Browser.pushed(browser, "folders"), found?) do
        nil -> Browser.await(browser, "folders", found?)
        news -> {news, browser}
      end
    end

    test "has its stored totals pushed at once", %{root: root, index: index} do
      browser = join!(root, index) |> watch!("watch", "") |> watch!("watch", "no")
      {%{folders: folders}, browser} = told(browser, "", fn _ -> true end)
      assert [%{name: "a", file_count: 2, bytes: 4}, %{name: "n"}, %{name_base64: _}] = folders
      assert {%{folders: []}, _} = told(browser, "no", fn _ -> true end)
    end

    @tag :kills
    test "is still watched when the index is restarted", %{root: root, index: index} do
      browser = join!(root, index) |> watch!("watch", "") |> watch!("watch", "n")
      {_, browser} = told(browser, "", fn _ -> true end)
      {_, browser} = told(browser, "n", fn _ -> true end)
      browser = Browser.quiet(%{browser | pushed: []})
      Process.exit(Process.whereis(index), :kill)
      {_, browser} = told(browser, "", fn _ -> true end)
      {_, browser} = told(browser, "n", fn _ -> true end)
      assert Index.info(index).subscriptions == 2

      Tree.make!(root, ["a/new"])
      Kept.scan!(root, Index.get(index))
      {_, browser} = told(browser, "", &(hd(&1).file_count == 3))

      # While there is none, too.
      :ok = stop_supervised(index)
      browser = lost(browser)
      browser = browser |> watch!("watch", "n") |> watch!("unwatch", "n")
      assert [{_, ""}] = Browser.state(browser).index.watches.lost
    end

    test "fails when the index ends and has no successor", %{root: root} do
      {:ok, index} = GenServer.start(Index.Server, path: Tree.tmp!() <> "/other.db")
      Kept.scan!(root, Index.get(index), source_id: "s")
      browser = join!(root, index) |> watch!("watch", "") |> watch!("watch", "a")
      Process.exit(index, :kill)
      {news, browser} = Browser.await(browser, "index")
      assert news == %{root: "r", status: :failed, reason: "index_closed"}
      watch = %{"root" => "r", "path" => ""}
      assert {{:error, %{reason: "index_closed"}}, _} = Browser.request(browser, "watch", watch)
    end

    defp lost(browser) do
      if Browser.state(browser).index.watches.lost == [],
        do: browser |> Browser.step() |> elem(1) |> lost(),
        else: browser
    end

    test "is one of a limited number", %{root: root, index: index} do
      browser = join!(root, index, watches: 2) |> watch!("watch", "") |> watch!("watch", "a")
      refused = {:error, %{reason: "too_many_watches"}}

      assert {^refused, browser} =
               Browser.request(browser, "watch", %{"root" => "r", "path" => "n"})

      browser = browser |> watch!("unwatch", "a") |> watch!("watch", "n")

      for path <- ["..", "/", "a\0"] do
        request = %{"root" => "r", "path" => path}
        browser = watch!(browser, "unwatch", "n")
        assert {{:error, %{reason: "not_found"}}, _} = Browser.request(browser, "watch", request)
      end
    end

    test "waits while the client is not ready", %{root: root, index: index} do
      {%{}, browser} = Browser.request!(join!(root, index, window: 1), "scan", %{"root" => "r"})
      browser = Browser.stalled(browser)
      [%{scan: scan}] = Browser.state(browser).scans.scans
      # A transport that does not get anything sent.
      line = spawn(fn -> receive do: (:sent -> transport()) end)
      for n <- 1..50, do: send(line, {:frame, n})
      browser = put_in(browser.socket, Map.put(browser.socket, :transport_pid, line))
      browser = watch!(browser, "watch", "")
      Kept.scan!(root, Index.get(index))

      news = receive do: ({:index_folders, _, _} = news -> news)
      {:noreply, socket} = Channel.handle_info(news, browser.socket)
      socket = until_read(socket)
      again = receive do: ({:timeout, _, Channel.Watches} = again -> again)
      {:noreply, socket} = Channel.handle_info(again, socket)
      refute_received {:pushed, _, _}
      # Progress is left out.
      {:noreply, socket} = progress(socket)
      {:noreply, socket} = Channel.handle_info({:scan_progress, scan.ref, %Progress{}}, socket)
      refute_received {:pushed, _, _}

      send(line, :sent)
      again = receive do: ({:timeout, _, Channel.Watches} = again -> again)
      wait_empty(line)
      {:noreply, _socket} = Channel.handle_info(again, socket)
      assert_received {:pushed, "folders", %{folders: [_, _, _]}}
    end
  end

  defp until_read(socket) do
    if socket.assigns.aether.index.watches.jobs == %{} do
      socket
    else
      down = receive do: ({:DOWN, _, _, _, _} = down -> down)
      {:noreply, socket} = Channel.handle_info(down, socket)
      until_read(socket)
    end
  end

  describe "an index that has the root with other rules" do
    # By narrower ones, by wider ones, by others.
    @rules [
      {[], [hidden: false]},
      {[hidden: false], []},
      {[exclude: ["a"]], [exclude: ["b"]]},
      {[ignore: ["*.txt"]], [ignore: false]},
      {[ignore: :git], [ignore: [".git"]]},
      {[same_file_system: true], []}
    ]

    defp refused?(reply), do: reply == {:error, %{reason: "rules_changed"}}

    test "shows no children, searches nothing, watches nothing", %{root: root, index: index} do
      Tree.make!(root, [".ssh/id", {".gitignore", ""}])

      for {stored, options} <- @rules do
        Kept.scan!(root, Index.get(index), [source_id: "s", rules: :replace] ++ stored)
        browser = join!(root, index, options: options)

        for path <- ["", "a", ".ssh", "none"] do
          assert {{:error, %{reason: "rules_changed"}}, browser} =
                   answer(browser, "children", %{"path" => path})

          assert {{:error, %{reason: "rules_changed"}}, _} =
                   Browser.request(browser, "watch", %{"root" => "r", "path" => path})
        end

        {reply, browser} = search(browser, %{"query" => "id"})
        assert refused?(reply)
        assert Index.info(index).subscriptions == 0

        browser =
          for payload <- [%{}, %{"again" => true}], reduce: browser do
            browser ->
              {%{}, browser} = Browser.request!(browser, "index", Map.put(payload, "root", "r"))
              {news, browser} = Browser.await(browser, "index", &ended?/1)
              assert news == %{root: "r", status: :failed, reason: "rules_changed"}
              browser
          end

        # Slabs need no index.
        request = %{"root" => "r", "index" => false}
        {%{tag: tag}, browser} = Browser.request!(browser, "scan", request)
        {_, %{status: :complete}, _} = Browser.scanned(browser, tag)
      end
    end

    test "answers with equal rules, in whatever order they were given", %{
      root: root,
      index: index
    } do
      Kept.scan!(root, Index.get(index), source_id: "s", hidden: false, exclude: ["b", "a"])
      browser = join!(root, index, options: [exclude: ["a", "b", "a"], hidden: false])
      assert {{:ok, _}, browser} = answer(browser, "children")
      assert {{:ok, _}, browser} = search(browser, %{"query" => "e"})
      assert {%{}, browser} = Browser.request!(browser, "watch", %{"root" => "r", "path" => ""})
      {%{}, browser} = Browser.request!(browser, "index", %{"root" => "r"})
      assert {%{status: :fresh}, _} = Browser.await(browser, "index")
    end

    test "prefers the options of the root to the channel's", %{root: root, index: index} do
      Kept.scan!(root, Index.get(index), source_id: "s", hidden: false)
      opts = [hidden: false, source_id: "s"]
      roots = fn "r", _socket -> {:ok, root, opts} end
      {_, browser} = Browser.join!([roots: roots, index: index, options: [hidden: true]], [root])
      assert {{:ok, _}, _} = answer(browser, "children")
      {_, browser} = Browser.join!([roots: roots, index: index, options: [ignore: :git]], [root])
      assert {reply, _} = answer(browser, "children")
      assert refused?(reply)
    end

    test "ends a watch when the source gets other rules", %{root: root, index: index} do
      Kept.scan!(root, Index.get(index), source_id: "s", hidden: false)
      browser = join!(root, index, options: [hidden: false])
      {%{}, browser} = Browser.request!(browser, "watch", %{"root" => "r", "path" => ""})
      {_, browser} = Browser.await(browser, "folders")
      Tree.make!(root, [".ssh/id"])
      Kept.scan!(root, Index.get(index), hidden: true, rules: :replace)
      {news, browser} = Browser.await(browser, "index")
      assert news == %{root: "r", status: :failed, reason: "rules_changed"}
      shown = for %{folders: folders} <- Browser.pushed(browser, "folders"), do: folders
      refute inspect(shown) =~ ".ssh"
      assert Index.info(index).subscriptions == 0
    end

    test "is not scanned together with clients of other rules", %{root: root, index: index} do
      roots = fn
        "all", _socket -> {:ok, root}
        "some", _socket -> {:ok, root, hidden: false}
      end

      {_, browser} = Browser.join!([roots: roots, index: index], [root])
      {:ok, scan} = Scanner.scan(root, index: index, active: false)
      {%{}, browser} = Browser.request!(browser, "index", %{"root" => "all"})
      {%{}, browser} = Browser.request!(browser, "index", %{"root" => "some"})
      {news, browser} = Browser.await(browser, "index", &(&1.root == "some"))
      assert news == %{root: "some", status: :failed, reason: "rules_changed"}

      {_, browser} = Browser.await(browser, "index", &(&1 == %{root: "all", status: :scanning}))

      # Of another client neither.
      {_, other} = Browser.join!([roots: roots, index: index], [root])
      {%{}, other} = Browser.request!(other, "index", %{"root" => "some"})
      {news, _} = Browser.await(other, "index", &(&1.root == "some"))
      assert news == %{root: "some", status: :failed, reason: "rules_changed"}
      Scanner.cancel(scan, flush: true)
      assert Enum.all?(Browser.pushed(browser, "index"), &(&1.root == "all" or ended?(&1)))
    end
  end

  defp progress(socket) do
    root = %{keys: ["r"], how: {:stale, []}, open?: true}
    socket = put_in(socket.assigns.aether.index.roots["/p"], root)
    Channel.handle_info({Sources, "/p", %Progress{}}, socket)
  end

  defp transport do
    receive do: (_ -> transport())
  end

  defp wait_empty(pid) do
    if Process.info(pid, :message_queue_len) != {:message_queue_len, 0}, do: wait_empty(pid)
  end
end
