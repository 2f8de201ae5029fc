defmodule ExplorerWeb.Endpoint do
  @moduledoc false
  # Channels and LiveViews share one socket.
  use Phoenix.Endpoint, otp_app: :explorer

  @session [store: :cookie, key: "_explorer", signing_salt: "explorer", same_site: "Strict"]

  # Not compressed: compressing slabs takes longer than sending them.
  socket "/socket", ExplorerWeb.Socket,
    websocket: [
      connect_info: [session: @session],
      serializer: [{Aether.Serializer, "~> 2.0.0"}]
    ],
    longpoll: false

  plug ExplorerWeb.Host

  plug Plug.Static, at: "/", from: :explorer, only: ~w(page list icon.svg)

  # LiveView's own JavaScript as it is shipped: the list is a page without a build.
  plug Plug.Static,
    at: "/vendor/phoenix",
    from: {:phoenix, "priv/static"},
    only: ~w(phoenix.min.js)

  plug Plug.Static,
    at: "/vendor/live_view",
    from: {:phoenix_live_view, "priv/static"},
    only: ~w(phoenix_live_view.min.js)

  plug Plug.Session, @session
  plug ExplorerWeb.Router

  @doc "The URL of the server."
  def address do
    {:ok, {ip, port}} = server_info(:http)

    case :inet.ntoa(ip) do
      ~c"127.0.0.1" -> "http://localhost:#{port}"
      text when tuple_size(ip) == 8 -> "http://[#{text}]:#{port}"
      text -> "http://#{text}:#{port}"
    end
  end
end
