defmodule Aether.DocsExamplesTest do
  # Compiles and runs the modules that README and guides show, as they stand there, against the
  # stand-ins for Phoenix in test/support/phoenix_stand_in.exs.
  use ExUnit.Case, async: true

  alias Aether.{Markdown, Scanner, Slab, Summary}

  @root Path.expand("..", __DIR__)

  Code.require_file("support/phoenix_stand_in.exs", __DIR__)

  defp read(path), do: File.read!(Path.join(@root, path))

  test "the LiveView shows every entry and the end" do
    module = example("README.md", "MyAppWeb.FilesLive")
    {:ok, dead} = module.mount(%{}, %{}, %Phoenix.Socket{connected?: false})
    assert dead.assigns.scan == nil

    {:ok, socket} = module.mount(%{}, %{}, %Phoenix.Socket{})
    assert %{summary: nil, count: 0, streams: _} = module.render(with_streams(socket))
    socket = feed(module, socket, & &1.assigns.summary)

    {_, ids} = socket.streams.entries
    assert socket.assigns.count == Summary.entries(socket.assigns.summary)
    assert socket.assigns.count == ids |> Enum.uniq() |> length()
    assert socket.assigns.summary.status == :complete
    assert %{summary: %Summary{}} = module.render(with_streams(socket))
  end

  test "the Channel pushes every slab, and never more than 16 unread ones" do
    module = example("guides/demand.md", "MyAppWeb.FilesChannel")
    {:ok, socket} = module.join("files:share", %{}, %Phoenix.Socket{})
    {slabs, done} = browse(module, socket, 0, [])
    assert Enum.map(slabs, &Slab.sequence/1) == Enum.to_list(0..(length(slabs) - 1))

    assert slabs |> Enum.map(&Slab.count/1) |> Enum.sum() ==
             length(Scanner.list!("/usr/share"))

    assert done == %{status: :complete, errors: 0}
  end

  test "the Channel that uses Aether's gives only its roots" do
    module = example("guides/phoenix.md", "MyAppWeb.TreeChannel")
    socket = %Phoenix.Socket{}

    assert {:ok, %{window: 16, running: 4, waiting: 8}, socket} =
             module.join("files:all", %{}, socket)

    assert {:reply, {:ok, %{tag: _}}, _} = module.handle_in("scan", %{"root" => "share"}, socket)
    refused = {:error, %{reason: "not_found"}}
    assert {:reply, ^refused, _} = module.handle_in("scan", %{"root" => "home"}, socket)
    assert module.root("home", %{assigns: %{user: "u"}}) == {:ok, "/srv/home/u", hidden: false}
  end

  test "the LiveView beside the Channel shows the summary, and passes on a click" do
    module = example("guides/phoenix.md", "MyAppWeb.TreeLive")
    {:ok, socket} = module.mount(%{}, %{}, %Phoenix.Socket{})
    assert module.render(socket.assigns) == %{root: "share", summary: nil}
    {:noreply, socket} = module.handle_event("completed", %{"files" => 1}, socket)
    assert %{summary: %{"files" => 1}} = module.render(socket.assigns)
    {:noreply, _} = module.handle_event("again", %{}, socket)
    assert_received {:pushed, "again", %{}}
  end

  test "the LiveView without a build goes from folder to folder, only beneath its root" do
    module = example("guides/phoenix.md", "MyAppWeb.FolderLive")
    {:ok, socket} = module.mount(%{}, %{}, %Phoenix.Socket{})

    visit = fn folder, socket ->
      params = %{"folder" => Base.url_encode64(folder, padding: false)}
      {:noreply, socket} = module.handle_params(params, "", socket)
      socket
    end

    # Left before it has ended: nothing of it comes later.
    socket = visit.("", socket)
    ended = & &1.assigns.summary
    folder = Enum.find(File.ls!("/usr/share"), &folder?(Path.join("/usr/share", &1)))
    socket = feed(module, visit.(folder, socket), ended)
    {_, ids} = socket.streams.entries
    expected = Enum.map(File.ls!(Path.join("/usr/share", folder)), &Path.join(folder, &1))

    assert Enum.sort(ids) ==
             Enum.sort(
               for path <- expected, do: "entry-" <> Base.url_encode64(path, padding: false)
             )

    assert %{summary: %Summary{status: :complete}} = module.render(with_streams(socket))
    refute_received {_, _, _}

    for folder <- ["..", "no such", "/etc"] do
      socket = visit.(folder, socket)
      socket = if socket.assigns.scan, do: feed(module, socket, ended), else: socket
      assert socket.assigns.error || socket.assigns.summary.status == :failed
      assert {_, []} = socket.streams.entries
    end
  end

  test "the GenServer adds up the totals" do
    module = example("guides/demand.md", "MyApp.Totals")
    {:ok, server} = module.start_link(Path.join(@root, "lib"))
    assert {:complete, totals} = module.totals(server)
    assert {:complete, ^totals} = module.totals(server)

    expected =
      for path <- Path.wildcard(Path.join(@root, "lib/**/*")),
          File.regular?(path),
          reduce: %{} do
        sums ->
          Map.update(
            sums,
            Path.extname(path),
            File.stat!(path).size,
            &(&1 + File.stat!(path).size)
          )
      end

    assert totals == expected
  end

  # One with some entries, fewer than the page shows.
  defp folder?(path),
    do: match?({:ok, %{type: :directory}}, File.lstat(path)) and length(File.ls!(path)) in 2..1000

  defp example(page, name) do
    [code] = Enum.filter(Markdown.blocks(read(page), "elixir"), &(&1 =~ "defmodule #{name} do"))
    [{module, _}] = Code.compile_string(code, page)
    assert inspect(module) == name
    module
  end

  defp with_streams(socket), do: Map.put(socket.assigns, :streams, socket.streams)

  defp feed(module, socket, done?) do
    receive do
      message when elem(message, 0) in [:scan_chunk, :scan_passive, :scan_completed] ->
        {:noreply, socket} = module.handle_info(message, socket)
        if done?.(socket), do: socket, else: feed(module, socket, done?)
    after
      20_000 -> flunk("no end of the scan")
    end
  end

  # A browser that reads when nothing more comes. `read` is how many slabs it has said to have read.
  defp browse(module, socket, read, slabs) do
    receive do
      {:pushed, "slab", {:binary, slab}} ->
        browse(module, socket, read, [slab | slabs])

      {:pushed, "done", payload} ->
        {Enum.reverse(slabs), payload}

      {:scan_passive, _ref} = message ->
        {:noreply, socket} = module.handle_info(message, socket)
        slabs = pushed(slabs)
        assert length(slabs) == read + 16
        refused = fn -> module.handle_in("read", %{"slabs" => 17}, socket) end
        assert_raise FunctionClauseError, refused
        {:noreply, socket} = module.handle_in("read", %{"slabs" => 16}, socket)
        browse(module, socket, read + 16, slabs)

      message when elem(message, 0) in [:scan_chunk, :scan_completed] ->
        {:noreply, socket} = module.handle_info(message, socket)
        browse(module, socket, read, slabs)
    after
      20_000 -> flunk("no end of the scan")
    end
  end

  defp pushed(slabs) do
    receive do
      {:pushed, "slab", {:binary, slab}} -> pushed([slab | slabs])
    after
      0 -> slabs
    end
  end
end
