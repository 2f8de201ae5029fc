Code.require_file("../../support/phoenix_stand_in.exs", __DIR__)

defmodule Aether.Channel.FlowTest do
  # How much a client gets, and when: windows, turns, ends.
  use Aether.Case, async: true

  alias Aether.{Browser, Channel, Hang}

  @slabs 60

  # A tree that makes so many slabs and more, of one entry each.
  setup do
    root = Tree.tmp!()
    Tree.files!(root, @slabs)
    %{root: root}
  end

  defp join!(root, opts \\ []) do
    roots = fn "r", _socket -> {:ok, root} end
    options = Keyword.merge([slab_entries: 1], Keyword.get(opts, :options, []))

    {_limits, browser} =
      Browser.join!([roots: roots] ++ Keyword.put(opts, :options, options), [root])

    browser
  end

  defp scan!(browser, options \\ %{}) do
    {%{tag: tag}, browser} = Browser.request!(browser, "scan", Map.put(options, "root", "r"))
    {tag, browser}
  end

  defp by_tag(browser) do
    browser
    |> Browser.pushed("slab")
    |> Enum.frequencies_by(fn {:binary, slab} -> Slab.tag(slab) end)
  end

  describe "a window" do
    test "bounds what is sent to a client that never acknowledges", %{root: root} do
      {_, browser} = scan!(join!(root))
      browser = Browser.stalled(browser)
      assert Browser.count(browser) == 16
      assert Browser.pushed(browser, "completed") == []
    end

    test "advances by the number of acknowledged slabs", %{root: root} do
      {tag, browser} = scan!(join!(root, window: 4))
      browser = Browser.stalled(browser)
      {:noreply, browser} = Browser.request(browser, "ack", %{"count" => 1})
      browser = Browser.stalled(browser)
      assert Browser.count(browser) == 5
      # Said once more, or late, it changes nothing.
      {:noreply, browser} = Browser.request(browser, "ack", %{"count" => 1})
      {:noreply, browser} = Browser.request(browser, "ack", %{"count" => 0})
      assert browser |> Browser.stalled() |> Browser.count() == 5
      refused = {:error, %{reason: "bad_request"}}
      assert {^refused, browser} = Browser.request(browser, "ack", %{"count" => 6})

      {slabs, last, browser} = Browser.scanned(Browser.acknowledge(browser), tag)
      assert last.status == :complete
      assert slabs |> Enum.flat_map(&Slab.entries/1) |> length() == @slabs
      assert Browser.count(browser) == length(slabs)
    end

    test "is shared, and a second scan need not wait for the first", %{root: root} do
      {first, browser} = scan!(join!(root))
      browser = Browser.stalled(browser)
      {second, browser} = scan!(browser)
      browser = Browser.stalled(browser)
      assert by_tag(browser) == %{first => 16, second => 1}
      {:noreply, browser} = Browser.request(browser, "ack", %{"count" => 12})
      browser = Browser.stalled(browser)
      assert by_tag(browser) == %{first => 20, second => 8}
      {_, %{status: :complete}, browser} = Browser.scanned(Browser.acknowledge(browser), second)
      {_, %{status: :complete}, _} = Browser.scanned(Browser.acknowledge(browser), first)
    end

    test "bounds the memory that a client costs" do
      me = self()
      :telemetry.subscribe()

      {pid, monitor} =
        spawn_monitor(fn ->
          browser = join!("/usr", options: [slab_entries: 1000, depth: :infinity])
          {_, browser} = scan!(browser)
          browser = Browser.stalled(browser)
          :erlang.garbage_collect()
          {:binary, binaries} = Process.info(self(), :binary)
          slabs = for {"slab", {:binary, slab}} <- browser.pushed, do: byte_size(slab)
          held = binaries |> Enum.uniq() |> Enum.map(&elem(&1, 1)) |> Enum.sum()
          send(me, {:held, Enum.sum(slabs), held})

          receive do: (:stop -> :ok)
          # Held until here: a parked scan whose handle is gone would end.
          Browser.count(browser)
        end)

      assert_receive {:held, sent, bytes}, patience()
      assert sent <= 16 * 1024
      # What is sent, besides the slabs that it was cut from.
      assert bytes <= 16 * 256 * 1024 + sent
      # The channel's death ends the scan.
      send(pid, :stop)
      assert_receive {:DOWN, ^monitor, :process, ^pid, :normal}, patience()
      assert %{status: :cancelled} = receive_stop(&(&1.receiver == pid))
    end

    test "of a sleeping client is closed after a while, and the channel stays", %{root: root} do
      {tag, browser} = scan!(join!(root, window: 3, running: 1, idle_timeout: 50))
      {second, browser} = scan!(browser)
      {last, browser} = Browser.await(browser, "completed", &(&1.tag == tag))
      assert %{status: :cancelled, reason: "idle"} = last
      # Those that waited, too.
      assert [%{tag: ^second, status: :cancelled, reason: "idle"}, _] =
               Browser.pushed(browser, "completed")

      assert Browser.count(browser) == 3
      # It wakes up.
      browser = Browser.acknowledge(browser)
      {tag, browser} = scan!(browser)
      {_, %{status: :complete}, _} = Browser.scanned(browser, tag)
    end

    test "of a slow client stays open", %{root: root} do
      {_, browser} = scan!(join!(root, window: 2, idle_timeout: 60_000))
      browser = Browser.stalled(browser)
      timer = Browser.state(browser).scans.idle
      assert is_reference(timer)
      {:noreply, browser} = Browser.request(browser, "ack", %{"count" => 0})
      assert Browser.state(browser).scans.idle == timer
      {:noreply, browser} = Browser.request(browser, "ack", %{"count" => 1})
      refute Browser.state(browser).scans.idle == timer
      # What the old timer may have sent by then.
      assert Channel.handle_info({:timeout, timer, Channel.Scans}, browser.socket) == :unhandled
    end
  end

  describe "turns" do
    test "are limited; some more scans wait, and further ones are refused", %{root: root} do
      browser = join!(root, running: 2)

      {tags, browser} =
        Enum.map_reduce(1..10, browser, fn n, browser ->
          {%{tag: tag, waiting: waiting?}, browser} =
            Browser.request!(browser, "scan", %{"root" => "r"})

          assert waiting? == n > 2
          {tag, browser}
        end)

      assert length(Enum.uniq(tags)) == 10
      refused = {:error, %{reason: "too_many_scans"}}
      assert {^refused, browser} = Browser.request(browser, "scan", %{"root" => "r"})

      assert {^refused, browser} =
               Browser.request(browser, "scan_subdir", %{"root" => "r", "path" => "no"})

      browser = Browser.stalled(browser)
      assert by_tag(browser) |> Map.keys() |> Enum.sort() == tags |> Enum.take(2) |> Enum.sort()

      # Each has its turn.
      {_, last, browser} = Browser.scanned(Browser.acknowledge(browser), List.last(tags))
      assert last.status == :complete
      browser = Browser.quiet(Browser.acknowledge(browser))

      assert Enum.sort(for(p <- Browser.pushed(browser, "completed"), do: p.tag)) ==
               Enum.sort(tags)
    end

    test "come in the order of the requests", %{root: root} do
      browser = join!(root, running: 1)
      {tags, browser} = Enum.map_reduce(1..4, browser, fn _, browser -> scan!(browser) end)
      {_, _, browser} = Browser.scanned(browser, List.last(tags))
      assert for(last <- Browser.pushed(browser, "completed"), do: last.tag) == tags
      slabs = for {:binary, slab} <- Browser.pushed(browser, "slab"), do: Slab.tag(slab)
      assert Enum.dedup(slabs) == tags
    end

    test "pass to the next scan when one cannot be opened", %{root: root} do
      browser = join!(root, running: 1)

      {%{tag: bad}, browser} =
        Browser.request!(browser, "scan_subdir", %{"root" => "r", "path" => "no"})

      {good, browser} = scan!(browser)
      {_, %{status: :complete}, browser} = Browser.scanned(browser, good)
      assert [%{tag: ^bad, reason: "not_found"}, _] = Browser.pushed(browser, "completed")
    end

    test "do not wait for a file system that hangs", %{root: root} do
      if Hang.possible?() do
        File.mkdir_p!(root <> "/hung")
        port = Hang.mount!(root <> "/hung")
        browser = join!(root)
        hung = %{"root" => "r", "path" => "hung"}
        {%{tag: first}, browser} = Browser.request!(browser, "scan_subdir", hung)
        options = %{"path" => "", "depth" => 1, "metadata" => false}

        {%{tag: tag}, browser} =
          Browser.request!(browser, "scan_subdir", Map.put(options, "root", "r"))

        {_, %{status: :complete}, browser} = Browser.scanned(browser, tag)
        assert length(Browser.pushed(browser, "completed")) == 1
        {%{}, browser} = Browser.request!(browser, "cancel", %{"tag" => first})
        {last, browser} = Browser.await(browser, "completed", &(&1.tag == first))
        assert %{status: :cancelled, reason: "client"} = last
        # It has its turn until then, or somebody who asks and cancels could have any number hang.
        assert [%{tag: ^first, stage: :opening}] = Browser.state(browser).scans.scans
        Hang.release!(port)
        assert length(Browser.pushed(Browser.quiet(browser), "completed")) == 2
      end
    end
  end

  describe "cancel" do
    test "ends a running scan, and nothing more of it is sent", %{root: root} do
      {tag, browser} = scan!(join!(root, window: 4))
      {_, browser} = Browser.await(browser, "slab")
      {%{}, browser} = Browser.request!(browser, "cancel", %{"tag" => tag})
      sent = browser |> Browser.pushed("slab") |> length()
      {last, browser} = Browser.await(browser, "completed")
      assert %{tag: ^tag, status: :cancelled, reason: "client"} = last
      assert length(Browser.pushed(browser, "slab")) <= sent + 3
      # Idempotent, also after the end, and of a scan that never was.
      for tag <- [tag, 0, 1], do: {%{}, _} = Browser.request!(browser, "cancel", %{"tag" => tag})
      assert Browser.quiet(browser).pushed == browser.pushed
    end

    test "ends a scan that waits or is being opened", %{root: root} do
      browser = join!(root, running: 1)
      {opening, browser} = scan!(browser)
      {waiting, browser} = scan!(browser)
      {%{}, browser} = Browser.request!(browser, "cancel", %{"tag" => waiting})
      {last, browser} = Browser.await(browser, "completed")
      assert %{tag: ^waiting, status: :cancelled, reason: "client", files: 0} = last
      {%{}, browser} = Browser.request!(browser, "cancel", %{"tag" => opening})
      {last, browser} = Browser.await(browser, "completed")
      assert %{tag: ^opening, status: :cancelled, reason: "client"} = last
      assert Browser.pushed(Browser.quiet(browser), "slab") == []
    end
  end

  test "the channel hibernates when its last scan has ended, and not before", %{root: root} do
    {_, browser} = scan!(join!(root))
    browser = Browser.stalled(browser)
    [%{scan: scan}] = Browser.state(browser).scans.scans
    Scanner.cancel(scan)
    {:ok, summary} = Scanner.await(scan, patience())
    done = {:scan_completed, scan.ref, summary}
    assert {:noreply, socket, :hibernate} = Channel.handle_info(done, browser.socket)
    assert Channel.handle_info(done, socket) == :unhandled
    assert {:message_queue_data, :off_heap} = Process.info(self(), :message_queue_data)
  end

  test "a scan that ends before its opener has reported it is reported as ended", %{root: root} do
    {tag, browser} = scan!(join!(root))
    message = receive do: ({:DOWN, _, _, _, _} = message -> message)
    {:shutdown, {_, {:ok, scan}}} = elem(message, 4)
    Scanner.cancel(scan)
    ended = receive do: ({:scan_completed, _, _} = ended -> ended)

    {:noreply, socket, _} =
      with {:noreply, s} <- Channel.handle_info(ended, browser.socket), do: {:noreply, s, nil}

    send(self(), message)
    {last, browser} = Browser.await(%{browser | socket: socket}, "completed")
    assert %{tag: ^tag, status: :cancelled} = last
    assert Browser.state(browser).scans.pending.early == %{}
  end

  test "a client that joins again starts over: other tags, and all slabs again", %{root: root} do
    {tag, browser} = scan!(join!(root, window: 100))
    {slabs, _, _} = Browser.scanned(browser, tag)
    {again, browser} = scan!(join!(root, window: 100))
    {others, _, _} = Browser.scanned(browser, again)
    # One in four thousand million that they are the same.
    assert again != tag
    assert length(slabs) == length(others)
    assert Enum.map(others, &Slab.sequence/1) == Enum.to_list(0..(length(others) - 1))
  end
end
