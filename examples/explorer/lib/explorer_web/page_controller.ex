defmodule ExplorerWeb.PageController do
  @moduledoc false
  # The explorer's page: an element that Svelte fills.
  use Phoenix.Controller, formats: [:html]
  plug :put_layout, false

  def index(conn, _params) do
    roots = for root <- Explorer.roots(), do: Map.take(root, [:key, :label])
    render(conn, :index, roots: roots, script: "explorer")
  end
end

defmodule ExplorerWeb.PageHTML do
  @moduledoc false
  use Phoenix.Component

  def index(assigns) do
    ~H"""
    <div id="explorer" data-roots={Jason.encode!(@roots)}></div>
    """
  end
end
