Code.require_file("../../support/phoenix_stand_in.exs", __DIR__)

defmodule Aether.Channel.ForbiddenTest do
  # Directories that a client cannot have, and that nothing tells it why.
  use Aether.Case, async: true

  import Aether.Shared
  alias Aether.Browser

  setup :shared_root

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
      for event <-
            ~w(scan scan_subdir children largest breakdown search watch unwatch cancel) do
        members = %{
          "scan_subdir" => %{"path" => "a"},
          "children" => %{"path" => ""},
          "largest" => %{"path" => ""},
          "breakdown" => %{"path" => ""},
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
end
