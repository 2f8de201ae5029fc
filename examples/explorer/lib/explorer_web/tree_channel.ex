defmodule ExplorerWeb.TreeChannel do
  @moduledoc false
  # The directories, for browsers. Everybody who reaches this server may see all of them; an app with users would look
  # at the socket's session here.
  use Phoenix.Channel
  use Aether.Channel, index: Explorer.Index

  @impl Aether.Channel
  def root(key, _socket) do
    # Who has it run knows where its directories lie, and pastes paths from a terminal.
    with {:ok, root} <- Explorer.root(key), do: {:ok, root.path, known_as: root.path}
  end
end
