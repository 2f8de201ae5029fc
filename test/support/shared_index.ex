defmodule Aether.SharedIndex do
  @moduledoc false
  # A root that is shared with browsers over a channel, with an index.

  import ExUnit.Callbacks
  alias Aether.{Browser, Index, Tree}
  alias Aether.Channel.Sources

  @doc "For `setup`: the directory, and the name of an index."
  def shared_index(_context) do
    root = Tree.tmp!()
    Tree.make!(root, ["a/b/c", {"a/d", "four"}, "e", "x\xFFy/z", "n/m/report.txt"])
    name = :"#{__MODULE__}#{System.unique_integer([:positive])}"
    start_supervised!({Index, name: name, path: Tree.tmp!() <> "/index.db"})
    start_supervised!({Sources, index: name})
    %{root: root, index: name}
  end

  @doc "For `setup`: keeps quiet what a supervisor reports of the processes that tests with the tag `:kills` end."
  def quiet_kills(context) do
    if context[:kills] do
      filter = fn
        %{msg: {:report, %{label: {:supervisor, _}}}}, _ -> :stop
        _event, _ -> :ignore
      end

      :logger.add_handler_filter(:default, context.test, {filter, nil})
      on_exit(fn -> :logger.remove_handler_filter(:default, context.test) end)
    end

    :ok
  end

  @doc "Joins a channel whose root `r` it is."
  def join!(root, index, opts \\ []) do
    roots = fn
      "r", _socket -> {:ok, root, source_id: "s"}
      "other", _socket -> {:ok, root <> "/a"}
      _key, _socket -> :error
    end

    {_limits, browser} = Browser.join!([roots: roots, index: index] ++ opts, [root])
    browser
  end

  @doc "The reply to a request about the root, or about a folder of it."
  def answer(browser, event, payload \\ %{}),
    do: Browser.later(browser, event, Map.merge(%{"root" => "r", "path" => ""}, payload))

  @doc "The reply to a search of the root."
  def search(browser, payload),
    do: Browser.later(browser, "search", Map.put(payload, "root", "r"))

  @doc "Whether this is the last news of a scan of a whole root."
  def ended?(news), do: news.status != :scanning
end
