# As much of Phoenix as the examples in the documentation use, so that they can be compiled and run
# without it. A socket is a map; what is pushed and replied goes to the process itself.

Code.require_file("phoenix_messages.exs", __DIR__)

defmodule Phoenix.Socket do
  defstruct assigns: %{}, ref: nil, connected?: true, streams: %{}
end

# What it would make of a message is Phoenix's business.
defmodule Phoenix.Socket.V2.JSONSerializer do
  def fastlane!(broadcast), do: {:fastlaned, broadcast}
  def encode!(message), do: {:encoded, message}
  def decode!(message, opts), do: {:decoded, message, opts}
end

defmodule Phoenix.LiveView do
  defmacro __using__(_opts) do
    quote do
      import Phoenix.LiveView
      import Phoenix.Assigns
    end
  end

  def connected?(socket), do: socket.connected?

  def stream_configure(socket, name, dom_id: dom_id) when is_function(dom_id, 1),
    do: put_in(socket.streams[name], {dom_id, []})

  # With an id for every item, or it raises.
  def stream(socket, name, items, opts \\ []) do
    update_in(socket.streams[name], fn {dom_id, ids} ->
      {dom_id, Enum.map(items, dom_id) ++ if(opts[:reset], do: [], else: ids)}
    end)
  end

  def push_event(socket, event, payload) do
    send(self(), {:pushed, event, payload})
    socket
  end

  # What a template asks for. Its markup is HEEx's business.
  defmacro sigil_H({:<<>>, _, [template]}, []) do
    names = for [_, name] <- Regex.scan(~r/@(\w+)/, template), do: String.to_atom(name)
    quote do: Map.take(var!(assigns), unquote(Enum.uniq(names)))
  end
end

defmodule Phoenix.Channel do
  defmacro __using__(_opts) do
    quote do
      import Phoenix.Channel
      import Phoenix.Assigns
    end
  end

  def push(_socket, event, payload) do
    send(self(), {:pushed, event, payload})
    :ok
  end

  def socket_ref(socket), do: socket.ref

  def reply(ref, reply) do
    send(self(), {:replied, ref, reply})
    :ok
  end
end

defmodule Phoenix.Assigns do
  def assign(socket, assigns), do: %{socket | assigns: Enum.into(assigns, socket.assigns)}

  def update(socket, name, fun),
    do: %{socket | assigns: Map.update!(socket.assigns, name, fun)}
end
