Code.require_file("../../support/phoenix_stand_in.exs", __DIR__)

defmodule Aether.Channel.WatchesTest do
  # Folders whose totals a client is told.
  use Aether.Case, async: true

  import Aether.SharedIndex
  alias Aether.{Browser, Channel, Index, Kept}
  alias Aether.Channel.Sources

  setup [:shared_index, :quiet_kills]

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
