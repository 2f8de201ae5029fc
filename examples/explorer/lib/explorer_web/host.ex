defmodule ExplorerWeb.Host do
  @moduledoc false
  # Serves only requests to the names in `check_origin`. Otherwise a page elsewhere could make its own name point to this
  # machine ("DNS rebinding"): it would then have the same origin, and could read what is served here.
  @behaviour Plug
  import Plug.Conn

  @impl true
  def init(opts), do: opts

  @impl true
  def call(conn, _opts) do
    names = for "//" <> name <- ExplorerWeb.Endpoint.config(:check_origin), do: bare(name)

    if bare(conn.host) in names,
      do: conn,
      else: conn |> send_resp(421, "This server does not have that name.\n") |> halt()
  end

  # IPv6 addresses may be in brackets.
  defp bare(name), do: String.trim(String.trim(name, "["), "]")
end
