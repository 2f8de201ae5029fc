defmodule ExplorerWeb.TreeChannel do
  @moduledoc false
  # Serves the directories to browsers. Anyone who can reach this server may see all of them; an app with users would
  # check the socket's session here.
  use Phoenix.Channel

  # All groups: users started the app themselves, and may see what it may.
  use Aether.Channel,
    index: Explorer.Index,
    attributes: [:disk, :inode, :mode, :owner, :times, :target]

  @impl Aether.Channel
  def root(key, _socket) do
    # Users started the app themselves, know the paths, and paste them from a terminal.
    with {:ok, root} <- Explorer.root(key), do: {:ok, root.path, known_as: root.path}
  end
end
