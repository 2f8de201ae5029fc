Code.require_file("../../support/phoenix_stand_in.exs", __DIR__)

defmodule Aether.Channel.SlowLineTest do
  # What goes to a client that acknowledges late, and in which order. The line's speed is in pace_test.exs.
  use Aether.Case, async: true

  alias Aether.Browser
  alias Aether.Channel.Pace

  @least 16 * 1024
  @files 3000

  setup do
    root = Tree.tmp!()
    Tree.files!(root, @files)
    File.mkdir!(root <> "/docs")
    File.write!(root <> "/docs/one", "1")
    %{root: root}
  end

  defp join!(root, opts \\ []) do
    roots = fn "r", _socket -> {:ok, root} end
    {_limits, browser} = Browser.join!([roots: roots] ++ opts, [root])
    browser
  end

  defp scan!(browser) do
    {%{tag: tag}, browser} = Browser.request!(browser, "scan", %{"root" => "r", "depth" => 1})
    {tag, browser}
  end

  defp slabs(browser), do: for({:binary, slab} <- Browser.pushed(browser, "slab"), do: slab)
  defp bytes(slabs), do: slabs |> Enum.map(&byte_size/1) |> Enum.sum()

  test "a client gets 16 KB before it has acknowledged anything", %{root: root} do
    {tag, browser} = scan!(join!(root))
    browser = Browser.stalled(browser)
    sent = bytes(slabs(browser))
    assert sent <= @least
    assert sent > div(@least, 2)

    # The rest comes, each entry once, in slabs that are numbered without gaps; the scan's end is last.
    {slabs, last, browser} = Browser.scanned(Browser.acknowledge(browser), tag)
    assert last.status == :complete
    names = slabs |> Enum.flat_map(&Slab.entries/1) |> Enum.map(& &1.path)
    assert Enum.sort(names) == Enum.sort(File.ls!(root))
    assert Enum.map(slabs, &Slab.sequence/1) == Enum.to_list(0..(length(slabs) - 1))
    assert [{"completed", _} | _] = browser.pushed
  end

  test "slabs that wait are cut for the line as it is when they are sent", %{root: root} do
    # Nearly all that may be on its way is. It is acknowledged before it was sent: no line is faster.
    later = System.monotonic_time(:microsecond) + 3_600_000_000
    full = Pace.sent(%Pace{}, @least - 1024, false, later)
    browser = put_in(join!(root).socket.assigns.aether.scans.pace, full)
    {tag, browser} = scan!(browser)
    browser = Browser.stalled(browser)
    sent = Browser.count(browser)
    [{_ref, waiting}] = Browser.state(browser).scans.outbox.turns
    {:noreply, browser} = Browser.request(browser, "ack", %{"count" => 1})
    {%{status: :complete}, browser} = Browser.await(browser, "completed", &(&1.tag == tag))
    sizes = browser |> slabs() |> Enum.drop(sent) |> Enum.map(&byte_size/1)
    assert sizes == for({slab, true} <- waiting, do: byte_size(slab))
    assert Enum.max(sizes) > @least
  end

  test "a folder opened later comes between the pieces of what is under way", %{
    root: root
  } do
    {_first, browser} = scan!(join!(root))
    browser = Browser.stalled(browser)
    before = Browser.count(browser)
    request = %{"root" => "r", "path" => "docs"}
    {%{tag: second}, browser} = Browser.request!(browser, "scan_subdir", request)
    browser = Browser.stalled(browser)
    # The next that there is room for is its.
    {_slabs, %{status: :complete}, browser} =
      Browser.scanned(Browser.acknowledge(browser), second)

    tags = browser |> slabs() |> Enum.drop(before) |> Enum.map(&Slab.tag/1)
    assert hd(tags) == second
  end

  test "a scan that is cancelled while its slabs wait ends at once, and nothing more of it comes",
       %{root: root} do
    {tag, browser} = scan!(join!(root))
    browser = Browser.stalled(browser)
    before = Browser.count(browser)
    {%{}, browser} = Browser.request!(browser, "cancel", %{"tag" => tag})
    {last, browser} = Browser.await(browser, "completed")
    assert %{tag: ^tag, status: :cancelled, reason: "client"} = last
    browser = Browser.quiet(Browser.acknowledge(browser))
    assert Browser.count(browser) == before
    assert length(Browser.pushed(browser, "completed")) == 1
  end

  test "over long polling slabs are text, which is all that it carries", %{root: root} do
    browser = join!(root)
    browser = %{browser | socket: Map.put(browser.socket, :transport, :longpoll)}
    {tag, browser} = scan!(browser)
    {%{base64: text}, _browser} = Browser.await(browser, "slab")
    assert text |> Base.decode64!() |> Slab.tag() == tag
  end

  test "a client that acknowledges nothing of them is taken for asleep", %{root: root} do
    {tag, browser} = scan!(join!(root, idle_timeout: 50))
    {last, browser} = Browser.await(browser, "completed", &(&1.tag == tag))
    assert %{status: :cancelled, reason: "idle"} = last
    assert bytes(slabs(browser)) <= @least
  end
end
