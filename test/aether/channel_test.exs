Code.require_file("../support/phoenix_stand_in.exs", __DIR__)

defmodule Aether.ChannelTest do
  # What a client asks for, and what it gets; how much of it, is in channel/flow_test.exs; what is refused, in
  # channel/request_test.exs and channel/forbidden_test.exs.
  use Aether.Case, async: true

  import Aether.Shared
  alias Aether.{Browser, Channel}

  doctest Aether.Channel.Wire
  doctest Aether.Channel.Request
  doctest Aether.Channel.Sources, only: [name: 1]

  setup :shared_root

  describe "scans" do
    test "list two levels by default, as find does, and end with a summary", %{root: root} do
      {%{tag: tag}, browser} = Browser.request!(join!(root), "scan", %{"root" => "r"})
      {slabs, last, browser} = Browser.scanned(browser, tag)

      assert slabs |> Enum.flat_map(&Slab.entries/1) |> Enum.sort() ==
               Find.entries(root, ["-maxdepth", "2"])

      assert Enum.map(slabs, &Slab.sequence/1) == Enum.to_list(0..(length(slabs) - 1))
      assert %{tag: ^tag, status: :complete, reason: nil, files: 4, directories: 3} = last
      assert %{errors: %{count: 0, first: []}, unread: 1, symlinks: 1, max_depth: 2} = last
      assert is_float(last.duration_ms) and is_float(last.first_entry_ms)
      assert Browser.quiet(browser).socket.assigns.aether.scans.scans == []
    end

    test "use the options of the client", %{root: root} do
      all = Find.paths(root)

      for {options, expected} <- [
            {%{"depth" => 1}, ["-maxdepth", "1"]},
            {%{"depth" => "infinity"}, []},
            {%{"hidden" => false}, ["-maxdepth", "2", "!", "-name", ".f"]},
            {%{"exclude" => ["a"]},
             ["-maxdepth", "2", "!", "-path", "*/a", "!", "-path", "*/a/*"]},
            {%{"ignore" => ["e"]}, ["-maxdepth", "2", "!", "-name", "e"]},
            {%{"ignore" => "git", "same_file_system" => true}, ["-maxdepth", "2"]}
          ] do
        {paths, last, _} = list(join!(root), "scan", Map.put(options, "root", "r"))
        assert paths == Find.paths(root, expected), inspect(options)
        assert last.status == :complete and length(all) >= length(paths)
      end
    end

    test "of a folder take its path as text or as bytes", %{root: root} do
      for {path, expected} <- [
            {%{"path" => "a"}, ["a/b", "a/b/c", "a/d"]},
            {%{"path" => "a/b"}, ["a/b/c"]},
            {%{"path_base64" => Base.encode64("x\xFFy")}, ["x\xFFy/z"]},
            {%{"path_base64" => Base.encode64("a/b")}, ["a/b/c"]},
            {%{"path" => "a", "depth" => 1}, ["a/b", "a/d"]}
          ] do
        {paths, _, _} = list(join!(root), "scan_subdir", Map.put(path, "root", "r"))
        assert paths == expected
      end
    end

    test "of a folder inherit the options of its root's last scan", %{
      root: root
    } do
      browser = join!(root)
      options = %{"root" => "r", "exclude" => ["b"], "depth" => 1}
      {_, _, browser} = list(browser, "scan", options)
      {paths, _, browser} = list(browser, "scan_subdir", %{"root" => "r", "path" => "a"})
      assert paths == ["a/d"]
      given = %{"root" => "r", "path" => "a", "exclude" => []}
      {paths, _, _} = list(browser, "scan_subdir", given)
      assert paths == ["a/b", "a/b/c", "a/d"]
    end

    test "cannot override the app's options", %{root: root} do
      browser = join!(root, options: [hidden: false, depth: 1])
      {paths, _, browser} = list(browser, "scan", %{"root" => "r"})
      assert ".f" not in paths and "a/b" not in paths

      for {member, value} <- [{"hidden", true}, {"depth", 9}] do
        assert {{:error, %{reason: "bad_request", member: ^member}}, _} =
                 Browser.request(browser, "scan", %{"root" => "r", member => value})
      end

      narrow = join!(root, allow: [:depth])
      {_, _, narrow} = list(narrow, "scan", %{"root" => "r", "depth" => 1})
      refused = %{"root" => "r", "metadata" => false}
      assert {{:error, %{member: "metadata"}}, _} = Browser.request(narrow, "scan", refused)

      roots = fn "r", _socket -> {:ok, root, depth: 1} end
      {_, own} = Browser.join!(roots: roots)
      {paths, _, _} = list(own, "scan", %{"root" => "r", "depth" => "infinity"})
      assert paths == Find.paths(root, ["-maxdepth", "1"])
    end

    test "report what could not be read, with paths relative to the root", %{root: root} do
      if root?() and Aether.Hang.possible?() do
        File.mkdir_p!(root <> "/gone")
        port = Aether.Hang.mount!(root <> "/gone")
        {%{tag: tag}, browser} = Browser.request!(join!(root), "scan", %{"root" => "r"})
        {_, browser} = Browser.await(browser, "slab")
        Aether.Hang.release!(port)
        {_, last, _} = Browser.scanned(browser, tag)
        assert last.status in [:partial, :complete]
        for error <- last.errors.first, do: assert(%{path: "gone"} = error)
      end
    end

    test "send progress", %{root: root} do
      for n <- 1..50, do: Tree.files!("#{root}/big/#{n}", 20)
      browser = join!(root, options: [slab_entries: 1], window: 1)
      {%{tag: tag}, browser} = Browser.request!(browser, "scan", %{"root" => "r", "depth" => 9})
      {_, _, browser} = Browser.scanned(browser, tag)

      for progress <- Browser.pushed(browser, "progress") do
        assert %{tag: ^tag, found: found, elapsed_ms: elapsed, path: path} = progress
        assert is_integer(found) and is_float(elapsed) and is_binary(path)
      end
    end
  end

  describe "an app's module" do
    @code """
    defmodule Aether.ChannelTest.NAME do
      use Phoenix.Channel
      use Aether.Channel, options: [depth: 1], window: 3
      JOIN
      def handle_in("hello", payload, socket), do: {:reply, {:ok, payload}, socket}
      @impl Aether.Channel
      def root("r", socket), do: {:ok, socket.assigns[:root]}
      def root(_key, _socket), do: :error
      def handle_info(:hello, socket), do: {:noreply, assign(socket, hello: true)}
      def handle_in("scan", %{"root" => "mine"}, socket), do: {:reply, {:ok, %{}}, socket}
    end
    """

    defp compile!(name, join \\ "") do
      code = @code |> String.replace("NAME", name) |> String.replace("JOIN", join)
      me = self()

      warnings =
        ExUnit.CaptureIO.capture_io(:stderr, fn -> send(me, Code.compile_string(code)) end)

      # Its own: clauses of handle_in apart from each other.
      refute warnings =~ "channel.ex"
      assert_received [{module, _}]
      module
    end

    test "comes first, and the channel answers the rest", %{root: root} do
      module = compile!("Plain")
      {reply, browser} = Browser.join!(module)
      assert reply == %{window: 3, running: 4, waiting: 8}
      browser = put_in(browser.socket.assigns[:root], root)

      assert {{:ok, %{"a" => 1}}, _} = Browser.request(browser, "hello", %{"a" => 1})
      assert {{:ok, %{}}, _} = Browser.request(browser, "scan", %{"root" => "mine"})
      assert {{:error, %{reason: "bad_request"}}, _} = Browser.request(browser, "other", %{})

      assert {{:error, %{reason: "not_found"}}, _} =
               Browser.request(browser, "scan", %{"root" => "no"})

      assert {:noreply, %{assigns: %{hello: true}}} = module.handle_info(:hello, browser.socket)
      assert {:noreply, _} = module.handle_info(:other, browser.socket)

      {paths, %{status: :complete}, _} = list(browser, "scan", %{"root" => "r"})
      assert paths == Find.paths(root, ["-maxdepth", "1"])
    end

    test "may join by itself, with or without calling Aether", %{root: root} do
      own = ~S|def join("files:" <> _, _params, socket), do: {:ok, %{own: true}, socket}|
      module = compile!("Own", own)
      {%{own: true}, browser} = Browser.join!(module)
      assert {:noreply, _} = module.handle_info(:early, browser.socket)
      browser = put_in(browser.socket.assigns[:root], root)
      {_, %{status: :complete}, _} = list(browser, "scan", %{"root" => "r"})

      passing =
        ~S|def join("files:" <> _, _, socket), do: Aether.Channel.join(socket, __MODULE__)|

      {%{window: 3}, _} = Browser.join!(compile!("Passing", passing))
    end

    test "gets an error for wrong options" do
      roots = fn _key, _socket -> :error end

      for {opts, message} <- [
            {[], "needs option :roots"},
            {[roots: 1], "option :roots of Aether.Channel takes a function of two arguments"},
            {[roots: roots, windw: 1], "unknown option :windw"},
            {[roots: roots, window: 0], "option :window of Aether.Channel takes an integer"},
            {[roots: roots, running: 0], "option :running"},
            {[roots: roots, waiting: -1], "option :waiting"},
            {[roots: roots, idle_timeout: 0], "option :idle_timeout"},
            {[roots: roots, allow: [:threads]], "option :allow"},
            {[roots: roots, options: [active: 1]], "option :options"},
            {[roots: roots, options: [depht: 1]], "did you mean :depth?"},
            {:no, "takes options as a keyword list"}
          ] do
        assert_raise ArgumentError, ~r/#{Regex.escape(message)}/, fn ->
          Channel.Config.new(opts)
        end
      end
    end
  end

  test "inspecting a socket's state does not show its content", %{root: root} do
    assert inspect(join!(root).socket) =~ "#Aether.Channel<...>"
  end
end
