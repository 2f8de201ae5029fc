Code.require_file("../support/phoenix_stand_in.exs", __DIR__)

defmodule Aether.ChannelTest do
  # What a client asks for, and what it gets; how much of it, is in channel/flow_test.exs.
  use Aether.Case, async: true

  alias Aether.{Browser, Channel}

  doctest Aether.Channel.Wire
  doctest Aether.Channel.Request
  doctest Aether.Channel.Sources, only: [name: 1]

  setup do
    root = Tree.tmp!()
    Tree.make!(root, ["a/b/c", "a/d", {"e", "four"}, ".f", {"link", {:link, "a"}}, "x\xFFy/z"])
    %{root: root}
  end

  defp join!(root, opts \\ []) do
    roots = fn
      "r", _socket -> {:ok, root}
      "gone", _socket -> {:ok, root <> "/no/such"}
      "file", _socket -> {:ok, root <> "/e"}
      _key, _socket -> :error
    end

    {_limits, browser} = Browser.join!([roots: roots] ++ opts, [root])
    browser
  end

  defp paths_of(slabs),
    do: slabs |> Enum.flat_map(&Slab.entries/1) |> Enum.map(& &1.path) |> Enum.sort()

  # The paths that a request gives, and the last word on them.
  defp list(browser, event, payload) do
    {%{tag: tag, waiting: false}, browser} = Browser.request!(browser, event, payload)
    {slabs, last, browser} = Browser.scanned(browser, tag)
    {paths_of(slabs), last, browser}
  end

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

  describe "a directory that the client cannot have" do
    test "gives one answer, whether absent, forbidden, outside or not a directory", %{root: root} do
      Tree.make!(root, ["secret/x"])
      File.chmod!(root <> "/secret", 0)

      for request <- [
            %{"root" => "r", "path" => "no/such"},
            %{"root" => "r", "path" => "e"},
            %{"root" => "r", "path" => "link"},
            %{"root" => "r", "path" => ".."},
            %{"root" => "r", "path" => "a/../.."},
            %{"root" => "r", "path" => "/etc"},
            %{"root" => "r", "path" => "a//b"},
            %{"root" => "r", "path" => "./a"},
            %{"root" => "r", "path" => "a/"},
            %{"root" => "r", "path" => "a\0b"},
            %{"root" => "r", "path" => String.duplicate("n", 256)},
            %{"root" => "r", "path" => String.duplicate("n/", 5000) <> "n"},
            %{"root" => "gone", "path" => "a"},
            %{"root" => "file", "path" => ""}
          ] do
        {%{tag: tag}, browser} = Browser.request!(join!(root), "scan_subdir", request)
        {slabs, last, _} = Browser.scanned(browser, tag)
        expected = %{status: :failed, reason: "not_found", tag: tag, files: 0, slabs: []}

        assert Map.put(Map.take(last, [:status, :reason, :tag, :files]), :slabs, slabs) ==
                 expected

        assert last.errors == %{count: 0, by_reason: %{}, first: []}
      end
    end

    test "may be one that the options leave out, or one beneath it", %{root: root} do
      Tree.make!(root, [".ssh/id", "a/secret/in", {"a/.gitignore", "b\n"}])

      for {options, folders} <- [
            {[hidden: false], [".ssh", ".ssh/id", ".none", "a/.gitignore"]},
            {[exclude: ["secret"]], ["a/secret", "a/secret/in", "secret"]},
            {[ignore: ["secret", "/a/b"]], ["a/secret", "a/b", "secret/x"]},
            {[ignore: :git], ["a/b", "a/b/c", ".git"]}
          ],
          folder <- folders,
          # Whether the app says so, or says so of this root.
          {of_channel, of_root} <- [{options, []}, {[], options}] do
        roots = fn "r", _socket -> {:ok, root, of_root} end
        {_, browser} = Browser.join!([roots: roots, options: of_channel], [root])
        request = %{"root" => "r", "path" => folder}
        {%{tag: tag}, browser} = Browser.request!(browser, "scan_subdir", request)
        assert {[], %{status: :failed, reason: "not_found"}, _} = Browser.scanned(browser, tag)
      end
    end

    test "is refused at once if the app refuses the root", %{root: root} do
      for event <- ["scan", "scan_subdir", "children", "search", "watch", "unwatch", "cancel"] do
        members = %{
          "scan_subdir" => %{"path" => "a"},
          "children" => %{"path" => ""},
          "search" => %{"query" => "x"},
          "watch" => %{"path" => ""},
          "unwatch" => %{"path" => ""}
        }

        payload = Map.merge(%{"root" => "other"}, Map.get(members, event, %{}))
        {reply, browser} = Browser.request(join!(root), event, payload)
        assert reply == {:error, %{reason: "not_found"}}, event
        assert Browser.quiet(browser).pushed == []
      end
    end

    test "is checked with the app each time", %{root: root} do
      me = self()

      roots = fn key, socket ->
        send(me, {:asked, key, socket.assigns[:user]})
        receive do: ({:answer, answer} -> answer)
      end

      {_, browser} = Browser.join!(roots: roots)
      browser = put_in(browser.socket.assigns[:user], "u")
      send(self(), {:answer, {:ok, root}})
      {{:ok, %{tag: tag}}, browser} = Browser.request(browser, "scan", %{"root" => "k"})
      assert_received {:asked, "k", "u"}
      {_, _, browser} = Browser.scanned(browser, tag)
      send(self(), {:answer, :error})
      refused = {:error, %{reason: "not_found"}}
      assert {^refused, _} = Browser.request(browser, "scan", %{"root" => "k"})
    end
  end

  describe "wrong requests" do
    test "are refused with the name of the wrong member, and start nothing", %{root: root} do
      browser = join!(root)
      long = String.duplicate("x", 1025)

      for {event, payload, member} <- [
            {"scan", %{}, "root"},
            {"scan", %{"root" => ""}, "root"},
            {"scan", %{"root" => nil}, "root"},
            {"scan", %{"root" => 1}, "root"},
            {"scan", %{"root" => String.duplicate("r", 256)}, "root"},
            {"scan", %{"root" => "\xFF"}, "root"},
            {"scan", %{"root" => "r", "path" => "a"}, "path"},
            {"scan", %{"root" => "r", "depth" => 0}, "depth"},
            {"scan", %{"root" => "r", "depth" => -1}, "depth"},
            {"scan", %{"root" => "r", "depth" => 1.5}, "depth"},
            {"scan", %{"root" => "r", "depth" => "all"}, "depth"},
            {"scan", %{"root" => "r", "depth" => nil}, "depth"},
            {"scan", %{"root" => "r", "metadata" => 1}, "metadata"},
            {"scan", %{"root" => "r", "hidden" => "no"}, "hidden"},
            {"scan", %{"root" => "r", "ignore" => true}, "ignore"},
            {"scan", %{"root" => "r", "ignore" => ["a" | "b"]}, "ignore"},
            {"scan", %{"root" => "r", "ignore" => [1]}, "ignore"},
            {"scan", %{"root" => "r", "ignore" => [long]}, "ignore"},
            {"scan", %{"root" => "r", "ignore" => List.duplicate("a", 101)}, "ignore"},
            {"scan", %{"root" => "r", "exclude" => "a"}, "exclude"},
            {"scan", %{"root" => "r", "exclude" => ["a/b"]}, "exclude"},
            {"scan", %{"root" => "r", "exclude" => [""]}, "exclude"},
            {"scan", %{"root" => "r", "exclude" => ["a\0"]}, "exclude"},
            {"scan", %{"root" => "r", "index" => "yes"}, "index"},
            # Options of a scan that are no business of a client.
            {"scan", %{"root" => "r", "threads" => 1}, "threads"},
            {"scan", %{"root" => "r", "active" => true}, "active"},
            {"scan", %{"root" => "r", "to" => "me"}, "to"},
            {"scan", %{"root" => "r", "tag" => 1}, "tag"},
            {"scan", %{"root" => "r", "slab_entries" => 1}, "slab_entries"},
            {"scan", %{"root" => "r", "accept_root" => true}, "accept_root"},
            {"scan_subdir", %{"root" => "r"}, "path"},
            {"scan_subdir", %{"root" => "r", "path" => nil}, "path"},
            {"scan_subdir", %{"root" => "r", "path" => ["a"]}, "path"},
            {"scan_subdir", %{"root" => "r", "path_base64" => "%"}, "path_base64"},
            {"scan_subdir", %{"root" => "r", "path_base64" => 1}, "path_base64"},
            {"scan_subdir", %{"root" => "r", "path" => "a", "path_base64" => "YQ=="},
             "path_base64"},
            {"scan_subdir", %{"path" => "a"}, "root"},
            {"scan_subdir", %{"root" => "r", "path" => "a", "index" => true}, "index"},
            {"cancel", %{"tag" => -1}, "tag"},
            {"cancel", %{"tag" => "1"}, "tag"},
            {"cancel", %{"tag" => 0x100000000}, "tag"},
            {"ack", %{}, "count"},
            {"ack", %{"count" => -1}, "count"},
            {"ack", %{"count" => 1.0}, "count"},
            {"ack", %{"count" => "1"}, "count"},
            {"children", %{"root" => "r"}, "path"},
            {"children", %{"root" => "r", "path" => "", "limit" => 0}, "limit"},
            {"children", %{"root" => "r", "path" => "", "limit" => 1001}, "limit"},
            {"children", %{"root" => "r", "path" => "", "after" => 1}, "after"},
            {"children", %{"root" => "r", "path" => "", "after" => "%"}, "after"},
            {"children", %{"root" => "r", "path" => "", "sort" => "kind"}, "sort"},
            {"children", %{"root" => "r", "path" => "", "order" => "up"}, "order"},
            {"search", %{"root" => "r"}, "query"},
            {"search", %{"root" => "r", "query" => 1}, "query"},
            {"search", %{"root" => "r", "query" => "\xFF"}, "query"},
            {"search", %{"root" => "r", "query" => long}, "query"},
            {"search", %{"root" => "r", "query" => "/" <> String.duplicate("x", 4096)}, "query"},
            {"search", %{"root" => "r", "query" => "x", "mode" => "regex"}, "mode"},
            {"search", %{"root" => "r", "query" => "x", "limit" => 1001}, "limit"},
            {"search", %{"root" => "r", "query" => "x", "after" => "%"}, "after"},
            {"search", %{"root" => "r", "query" => "x", "kind" => "file"}, "kind"},
            {"search", %{"root" => "r", "query" => "x", "kind" => ["link"]}, "kind"},
            {"search", %{"root" => "r", "query" => "x", "kind" => ["file" | "link"]}, "kind"},
            {"search", %{"root" => "r", "query" => "x", "ext" => "rs"}, "ext"},
            {"search", %{"root" => "r", "query" => "x", "ext" => [""]}, "ext"},
            {"search", %{"root" => "r", "query" => "x", "ext" => List.duplicate("a", 101)},
             "ext"},
            {"search", %{"root" => "r", "query" => "x", "larger" => -1}, "larger"},
            {"search", %{"root" => "r", "query" => "x", "larger" => 1.5}, "larger"},
            {"search", %{"root" => "r", "query" => "x", "newer_ms" => "now"}, "newer_ms"},
            {"search", %{"root" => "r", "query" => "x", "newer_ms" => 0x20000000000000},
             "newer_ms"},
            # What is the app's to say.
            {"search", %{"root" => "r", "query" => "x", "known_as" => "/"}, "known_as"},
            {"search", %{"root" => "r", "query" => "x", "all" => true}, "all"},
            {"search", %{"query" => "x"}, "root"},
            {"watch", %{"root" => "r"}, "path"},
            {"unwatch", %{"root" => "r", "path" => 1}, "path"}
          ] do
        assert {{:error, %{reason: "bad_request", member: ^member}}, after_it} =
                 Browser.request(browser, event, payload)

        assert Browser.state(after_it).scans.scans == []
      end

      for {event, payload} <- [
            {"scan", nil},
            {"scan", []},
            {"scan", "r"},
            {"scan", {:binary, "r"}},
            {"scan", %URI{}},
            {"scan", %{"root" => "r", "\xFF" => 1}},
            {"scan", %{"root" => "r", String.duplicate("m", 300) => 1}},
            {"cancel", %{}},
            {"cancel", %{"tag" => 1, "root" => "r"}},
            {"ack", %{"count" => 1}},
            {"ack", %{"count" => 1_000_000_000_000}}
          ] do
        assert {{:error, reply}, _} = Browser.request(browser, event, payload)
        assert reply == %{reason: "bad_request"}
      end

      assert {:unhandled, _} = Browser.request(browser, "rename", %{"root" => "r"})
      assert Channel.handle_info(:something, browser.socket) == :unhandled
      assert Channel.handle_info({:scan_chunk, make_ref(), ""}, browser.socket) == :unhandled
      assert Channel.handle_info({:scan_passive, make_ref()}, browser.socket) == :unhandled
      down = {:DOWN, make_ref(), :process, self(), :normal}
      assert Channel.handle_info(down, browser.socket) == :unhandled
      assert Channel.handle_info({:timeout, nil, Channel.Scans}, browser.socket) == :unhandled
      assert mailbox() == []
    end

    test "with an invalid pattern end the scan", %{root: root} do
      {%{tag: tag}, browser} =
        Browser.request!(join!(root), "scan", %{"root" => "r", "ignore" => ["a[b"]})

      {_, last, _} = Browser.scanned(browser, tag)
      assert %{status: :failed, reason: "bad_request"} = last
    end

    test "without an index are refused", %{root: root} do
      for {event, payload} <- [
            {"children", %{"root" => "r", "path" => ""}},
            {"search", %{"root" => "r", "query" => "x"}},
            {"watch", %{"root" => "r", "path" => ""}},
            {"unwatch", %{"root" => "r", "path" => ""}},
            {"cancel", %{"root" => "r"}}
          ] do
        assert {{:error, %{reason: "no_index"}}, _} = Browser.request(join!(root), event, payload)
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
      assert reply == %{window: 3, running: 2, waiting: 8}
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

  describe "the guide" do
    @guide File.read!(Path.expand("../../guides/phoenix.md", __DIR__))

    test "has every request, and every member that it takes" do
      rows =
        for [events, members, _] <- Aether.Markdown.table(@guide, "request"),
            event <- Aether.Markdown.spans(events),
            into: %{},
            do: {event, members}

      assert Enum.sort(Map.keys(rows)) == Enum.sort(Channel.Request.events())
      shared = rows["scan"]

      for {event, {needs, takes}} <- Channel.Request.requests(), member <- needs ++ takes do
        text = if event == "scan_subdir", do: rows[event] <> shared, else: rows[event]
        assert text =~ "`#{member}`", "#{event}: #{member}"
      end
    end

    test "has every event, with its members", %{root: root} do
      rows =
        for [event, text] <- Aether.Markdown.table(@guide, "event"), into: %{} do
          {event |> Aether.Markdown.spans() |> hd(), text}
        end

      assert Enum.sort(Map.keys(rows)) == ~w(completed folders index progress slab)
      progress = Channel.Wire.progress(%Progress{})

      for key <- Map.keys(progress) -- [:persisted, :expected],
          do: assert(rows["progress"] =~ "`#{key}`", "#{key}")

      {_, last, _} = list(join!(root), "scan", %{"root" => "r"})
      fields = Map.keys(%Summary{}) -- [:__struct__, :error]

      for key <- Map.keys(last) -- [:tag, :reason | fields],
          do: assert(rows["completed"] =~ "`#{key}`", "#{key}")
    end
  end

  test "inspecting a socket's state does not show its content", %{root: root} do
    assert inspect(join!(root).socket) =~ "#Aether.Channel<...>"
  end
end
