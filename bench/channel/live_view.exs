# The entries as rows of a LiveView stream: the template is rendered and the diff sent as JSON, as LiveView does for
# each message that changes a page. Calls internal functions of LiveView's channel, which may change between versions.

# As in an app's build: consolidated protocols are fast.
for protocol <- [Enumerable, Phoenix.HTML.Safe, Jason.Encoder] do
  implementations = Protocol.extract_impls(protocol, :code.get_path())
  # This project's own build has put its version into the code path.
  :code.del_path(to_charlist(Path.join(Mix.Project.build_path(), "lib/aether/consolidated")))
  :code.purge(protocol)
  {:ok, binary} = Protocol.consolidate(protocol, implementations)
  {:module, ^protocol} = :code.load_binary(protocol, ~c"consolidated", binary)
end

defmodule Bench.Channel.LiveView do
  use Phoenix.Component
  import Phoenix.LiveView, only: [stream: 3, stream_configure: 3]

  alias Phoenix.LiveView.{Diff, Lifecycle, Socket, Utils}
  alias Phoenix.Socket.V2.JSONSerializer

  def encode!(%{payload: {:binary, slab}} = message) do
    {socket, prints, components} = Process.get(__MODULE__) || new()
    socket = stream(socket, :entries, Aether.Slab.entries(slab))
    rendered = render(Map.put(socket.assigns, :socket, socket))
    {socket, diff, prints, components} = diff(socket, rendered, prints, components)
    socket = socket |> Lifecycle.after_render() |> Utils.clear_changed() |> Utils.clear_temp()
    Process.put(__MODULE__, {socket, prints, components})
    list = [message.join_ref, nil, message.topic, "diff", diff]
    {:socket_push, :text, Jason.encode_to_iodata!(list)}
  end

  def encode!(other), do: JSONSerializer.encode!(other)
  def decode!(text, opts), do: JSONSerializer.decode!(text, opts)

  defp new do
    socket = %Socket{view: __MODULE__, private: %{lifecycle: %Lifecycle{}, live_temp: %{}}}
    socket = stream_configure(socket, :entries, dom_id: &"e#{:erlang.phash2(&1.path)}")
    prints = if newer?(), do: apply(Diff, :new_fingerprints, [])
    {socket, prints, Diff.new_components()}
  end

  # Before 1.0 the socket kept what was rendered before.
  defp diff(socket, rendered, prints, components) do
    if newer?() do
      {diff, prints, components} = apply(Diff, :render, [socket, rendered, prints, components])
      {socket, diff, prints, components}
    else
      {socket, diff, components} = apply(Diff, :render, [socket, rendered, components])
      {socket, diff, nil, components}
    end
  end

  defp newer?, do: function_exported?(Diff, :render, 4)

  def render(assigns) do
    ~H"""
    <ul id="entries" phx-update="stream">
      <li :for={{id, entry} <- @streams.entries} id={id}>
        <b><%= entry.path %></b> <i><%= entry.kind %></i> <i><%= entry.size %></i> <i><%= entry.mtime %></i>
      </li>
    </ul>
    """
  end
end
