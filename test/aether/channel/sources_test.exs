Code.require_file("../../support/phoenix_stand_in.exs", __DIR__)

defmodule Aether.Channel.SourcesTest do
  # The scans of whole roots that clients share.
  use Aether.Case, async: true

  import Aether.SharedIndex
  alias Aether.{Browser, Hang, Index}
  alias Aether.Channel.Sources

  setup [:shared_index, :quiet_kills]

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

    # From now on a scan of it ends when it is cancelled, or when its hung directory answers.
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

    # Each scan's reference, and the processes that are notified of it.
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
      # Nothing more is reported of somebody else's scan, whose end is not the end of this one.
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

    defp hold(index, root), do: Scanner.scan(root, index: index, source_id: "s", active: false)

    test "cannot be scanned without Sources", %{root: root, index: index} do
      browser = join!(root, index, sources: :nobody)
      {%{tag: tag}, browser} = Browser.request!(browser, "scan", %{"root" => "r"})
      {news, browser} = Browser.await(browser, "index")
      assert news == %{root: "r", status: :failed, reason: "index_closed"}
      assert {_, %{status: :complete}, _} = Browser.scanned(browser, tag)
    end
  end
end
