defmodule ExplorerWeb.Host do
  @moduledoc false
  # Answers to the names alone that `check_origin` knows. A page elsewhere can have its own name point to this machine
  # ("DNS rebinding"), and would be of the same origin then: it would read what is served here.
  @behaviour Plug
  import Plug.Conn

  @impl true
  def init(opts), do: opts

  @impl true
  def call(conn, _opts) do
    origins = ExplorerWeb.Endpoint.config(:check_origin)
    host = if String.contains?(conn.host, ":"), do: "[#{conn.host}]", else: conn.host

    if ("//" <> host) in origins or "//#{conn.host}" in origins,
      do: conn,
      else: conn |> send_resp(421, "This server does not go by that name.\n") |> halt()
  end
end
