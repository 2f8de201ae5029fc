Code.require_file("../../support/phoenix_stand_in.exs", __DIR__)

defmodule Aether.Channel.RequestTest do
  # Requests that are wrong.
  use Aether.Case, async: true

  import Aether.Shared
  alias Aether.{Browser, Channel}

  setup :shared_root

  describe "wrong requests" do
    test "are refused with the name of the wrong member, and start nothing", %{root: root} do
      browser = join!(root)
      long = String.duplicate("x", 1025)
      endless = String.duplicate("x", 65_537)

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
            {"scan_subdir", %{"root" => "r", "path" => endless}, "path"},
            {"scan_subdir", %{"root" => "r", "path_base64" => Base.encode64(endless)},
             "path_base64"},
            {"stat", %{"root" => "r", "path" => endless}, "path"},
            {"children", %{"root" => "r", "path" => endless}, "path"},
            {"search", %{"root" => "r", "query" => "q", "path" => endless}, "path"},
            {"watch", %{"root" => "r", "path" => endless}, "path"},
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
            {"links", %{"root" => "r"}, "path"},
            {"links", %{"root" => "r", "path" => endless}, "path"},
            {"largest", %{"root" => "r", "path" => "", "limit" => 1001}, "limit"},
            {"largest", %{"root" => "r", "path" => "", "by" => "extension"}, "by"},
            {"largest", %{"root" => "r", "path" => "", "by" => "count"}, "by"},
            {"breakdown", %{"root" => "r", "path" => "", "by" => "size"}, "by"},
            {"breakdown", %{"root" => "r", "path" => "", "by" => 1}, "by"},
            {"breakdown", %{"root" => "r", "path" => "", "after" => "x"}, "after"},
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
            {"largest", %{"root" => "r", "path" => ""}},
            {"breakdown", %{"root" => "r", "path" => ""}},
            {"search", %{"root" => "r", "query" => "x"}},
            {"watch", %{"root" => "r", "path" => ""}},
            {"unwatch", %{"root" => "r", "path" => ""}},
            {"cancel", %{"root" => "r"}}
          ] do
        assert {{:error, %{reason: "no_index"}}, _} = Browser.request(join!(root), event, payload)
      end
    end
  end
end
