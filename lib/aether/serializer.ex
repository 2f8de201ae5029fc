defmodule Aether.Serializer do
  @moduledoc """
  A `Phoenix.Socket.Serializer` that sends binary payloads without copying them.

  The one that comes with Phoenix puts a header of a few bytes before a binary payload by copying both into a new binary,
  which for slabs is most of what a server does. This one hands header and payload to the socket side by side. What goes
  over the wire is the same, version 2, so that the stock `phoenix.js` reads it. Everything else it leaves to
  `Phoenix.Socket.V2.JSONSerializer`.

      socket "/socket", MyAppWeb.UserSocket,
        websocket: [serializer: [{Aether.Serializer, "~> 2.0.0"}]]

  For websockets: long polling takes no binary payloads.
  """

  # Called by name, so that Aether compiles without Phoenix. It is there when a socket is.
  @compile {:no_warn_undefined, Phoenix.Socket.V2.JSONSerializer}
  alias Phoenix.Socket.V2.JSONSerializer

  @push 0
  @reply 1
  @broadcast 2

  @doc "A broadcast, once for all sockets with this serializer."
  @spec fastlane!(struct) :: {:socket_push, :text | :binary, iodata}
  def fastlane!(%{payload: {:binary, data}} = broadcast),
    do: binary(@broadcast, [topic: broadcast.topic, event: broadcast.event], data)

  def fastlane!(broadcast), do: JSONSerializer.fastlane!(broadcast)

  @doc "A message or a reply."
  @spec encode!(struct) :: {:socket_push, :text | :binary, iodata}
  def encode!(%{payload: {:binary, data}, status: status} = reply) do
    fields = [join_ref: reply.join_ref, ref: reply.ref, topic: reply.topic, status: status]
    binary(@reply, fields, data)
  end

  def encode!(%{payload: {:binary, data}} = message) do
    fields = [join_ref: message.join_ref, topic: message.topic, event: message.event]
    binary(@push, fields, data)
  end

  def encode!(other), do: JSONSerializer.encode!(other)

  @doc "What came from a client."
  @spec decode!(iodata, keyword) :: struct
  def decode!(raw_message, opts), do: JSONSerializer.decode!(raw_message, opts)

  # The kind, the sizes of all fields, the fields, the data.
  defp binary(kind, fields, data) do
    texts = for {name, value} <- fields, do: {name, to_string(value)}
    sizes = for {name, text} <- texts, do: size!(name, text)
    header = IO.iodata_to_binary([kind, sizes | Keyword.values(texts)])
    {:socket_push, :binary, [header | data]}
  end

  defp size!(_name, text) when byte_size(text) <= 255, do: byte_size(text)

  defp size!(name, text) do
    raise ArgumentError,
          "#{name} must be at most 255 bytes to go with a binary payload, got: #{inspect(text)}"
  end
end
