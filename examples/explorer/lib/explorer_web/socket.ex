defmodule ExplorerWeb.Socket do
  @moduledoc false
  # One connection for LiveViews and slabs: LiveView's own socket, with the channel of the trees added.
  use Phoenix.LiveView.Socket

  channel "files:*", ExplorerWeb.TreeChannel
end
