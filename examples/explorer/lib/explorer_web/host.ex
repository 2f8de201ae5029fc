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
    names = for "//" <> name <- ExplorerWeb.Endpoint.config(:check_origin), do: bare(name)

    if bare(conn.host) in names,
      do: conn,
      else: conn |> send_resp(421, "This server does not go by that name.\n") |> halt()
  end

  # Addresses of IPv6 stand in brackets, or do not.
  defp bare(name), do: String.trim(String.trim(name, "["), "]")
end
