defmodule Aether.Serializer do
  @moduledoc """
  A `Phoenix.Socket.Serializer` that sends binary payloads without copying them.

  Phoenix's own serializer copies a binary payload and its header of a few bytes into a new binary, which with slabs is most of
  a server's work. This one passes header and payload to the socket as iodata. The bytes on the wire are the same, version 2 of
  the protocol, so `phoenix.js` needs no change. Everything else is left to `Phoenix.Socket.V2.JSONSerializer`.

      socket "/socket", MyAppWeb.UserSocket,
        websocket: [serializer: [{Aether.Serializer, "~> 2.0.0"}]]

  For websockets only: long polling has no binary payloads.
  """

  # Called by name, so that Aether compiles without Phoenix. Where a socket runs, Phoenix is there.
  @compile {:no_warn_undefined, Phoenix.Socket.V2.JSONSerializer}
  alias Phoenix.Socket.V2.JSONSerializer

  @push 0
  @reply 1
  @broadcast 2

  @doc "Encodes a broadcast, once for all sockets with this serializer."
  @spec fastlane!(struct) :: {:socket_push, :text | :binary, iodata}
  def fastlane!(%{payload: {:binary, data}} = broadcast),
    do: binary(@broadcast, [topic: broadcast.topic, event: broadcast.event], data)

  def fastlane!(broadcast), do: JSONSerializer.fastlane!(broadcast)

  @doc "Encodes a message or a reply."
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

  @doc "Decodes a message from a client."
  @spec decode!(iodata, keyword) :: struct
  def decode!(raw_message, opts), do: JSONSerializer.decode!(raw_message, opts)

  # The header: the kind, the sizes of all fields, the fields. Then the data.
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
