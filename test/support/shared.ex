defmodule Aether.Shared do
  @moduledoc false
  # A root that is shared with browsers over a channel, without an index.

  alias Aether.{Browser, Slab, Tree}

  @doc "For `setup`: the directory."
  def shared_root(_context) do
    root = Tree.tmp!()
    Tree.make!(root, ["a/b/c", "a/d", {"e", "four"}, ".f", {"link", {:link, "a"}}, "x\xFFy/z"])
    %{root: root}
  end

  @doc "Joins a channel whose root `r` it is."
  def join!(root, opts \\ []) do
    roots = fn
      "r", _socket -> {:ok, root}
      "gone", _socket -> {:ok, root <> "/no/such"}
      "file", _socket -> {:ok, root <> "/e"}
      _key, _socket -> :error
    end

    {_limits, browser} = Browser.join!([roots: roots] ++ opts, [root])
    browser
  end

  @doc "The paths that a request gives, sorted, and the last word on them."
  def list(browser, event, payload) do
    {%{tag: tag, waiting: false}, browser} = Browser.request!(browser, event, payload)
    {slabs, last, browser} = Browser.scanned(browser, tag)
    {paths_of(slabs), last, browser}
  end

  defp paths_of(slabs),
    do: slabs |> Enum.flat_map(&Slab.entries/1) |> Enum.map(& &1.path) |> Enum.sort()
end
