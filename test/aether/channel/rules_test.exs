Code.require_file("../../support/phoenix_stand_in.exs", __DIR__)

defmodule Aether.Channel.RulesTest do
  # Roots that the index has with other rules than the app's.
  use Aether.Case, async: true

  import Aether.SharedIndex
  alias Aether.{Browser, Index, Kept}

  setup :shared_index

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
        browser = join!(root, index, options: options, attributes: [:inode])

        for path <- ["", "a", ".ssh", "none"] do
          for event <- ["links", "largest", "breakdown"] do
            assert {{:error, %{reason: "rules_changed"}}, _} =
                     answer(browser, event, %{"path" => path})
          end

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
end
