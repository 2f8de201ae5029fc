defmodule ExplorerWeb.Socket do
  @moduledoc false
  # One connection for LiveViews and for slabs: LiveView's own socket, and the channel of the trees beside it.
  use Phoenix.LiveView.Socket

  channel "files:*", ExplorerWeb.TreeChannel
end
