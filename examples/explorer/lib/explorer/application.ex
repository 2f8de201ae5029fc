defmodule Explorer.Application do
  @moduledoc false
  # Starts the index, the process that scans whole roots into it, and the web server.
  use Application

  @impl true
  def start(_type, _args) do
    children = [
      {Phoenix.PubSub, name: Explorer.PubSub},
      {Aether.Index, name: Explorer.Index, path: Explorer.index_path!()},
      {Aether.Channel.Sources, index: Explorer.Index},
      ExplorerWeb.Endpoint
    ]

    Supervisor.start_link(children, strategy: :rest_for_one, name: Explorer.Supervisor)
  end
end
