defmodule ExplorerWeb.Router do
  @moduledoc false
  # Three pages: the explorer, the same tree in a LiveView, and a list without any JavaScript of our own.
  use Phoenix.Router, helpers: false
  import Phoenix.LiveView.Router

  # Pages load nothing from elsewhere, and cannot be framed.
  @policy "default-src 'self'; img-src 'self' data:; style-src 'self' 'unsafe-inline'; " <>
            "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"

  pipeline :browser do
    plug :accepts, ["html"]
    plug :fetch_session
    plug :protect_from_forgery
    plug :put_secure_browser_headers, %{"content-security-policy" => @policy}
    plug :put_root_layout, html: {ExplorerWeb.Layouts, :root}
  end

  scope "/", ExplorerWeb do
    pipe_through :browser
    get "/", PageController, :index
    live "/live", TreeLive

    live_session :list, root_layout: {ExplorerWeb.Layouts, :list} do
      live "/list", ListLive
      live "/list/:root", ListLive
      live "/list/:root/:folder", ListLive
    end
  end
end
