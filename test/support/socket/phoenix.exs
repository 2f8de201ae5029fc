# As much of Phoenix as a channel needs to speak to a browser: what a socket and its messages are, `push`, `reply`, and the
# serializer for JSON. Who runs channels and holds connections, is in channel.exs and connection.exs. For tests and benches
# that have no Phoenix; phoenix_stand_in.exs is for examples that go over no wire.

Code.require_file("../phoenix_messages.exs", __DIR__)

defmodule Phoenix.Socket do
  defstruct assigns: %{},
            channel: nil,
            channel_pid: nil,
            join_ref: nil,
            joined: false,
            ref: nil,
            serializer: nil,
            topic: nil,
            transport_pid: nil
end

defmodule Phoenix.Socket.V2.JSONSerializer do
  # Version 2 of the wire: an array of five, and binary frames with a header for binary payloads. What Aether.Serializer does
  # itself is here as Phoenix does it, for who wants to compare.

  alias Aether.SocketServer.JSON
  alias Phoenix.Socket.{Message, Reply}

  def encode!(%Reply{payload: {:binary, data}} = reply) do
    {:socket_push, :binary,
     header(1, [reply.join_ref, reply.ref, reply.topic, reply.status], data)}
  end

  def encode!(%Message{payload: {:binary, data}} = message) do
    {:socket_push, :binary, header(0, [message.join_ref, message.topic, message.event], data)}
  end

  def encode!(%Reply{} = reply) do
    payload = %{status: reply.status, response: reply.payload}
    text([reply.join_ref, reply.ref, reply.topic, "phx_reply", payload])
  end

  def encode!(%Message{} = message),
    do: text([message.join_ref, message.ref, message.topic, message.event, message.payload])

  def decode!(text, opcode: :text) do
    [join_ref, ref, topic, event, payload] = Aether.JSON.decode!(text)
    %Message{topic: topic, event: event, payload: payload, ref: ref, join_ref: join_ref}
  end

  defp text(list), do: {:socket_push, :text, JSON.encode(list)}

  # Into one binary, as Phoenix has it.
  defp header(kind, fields, data) do
    fields = Enum.map(fields, &to_string/1)
    IO.iodata_to_binary([kind, Enum.map(fields, &byte_size/1), fields, data])
  end
end

defmodule Phoenix.Channel do
  alias Phoenix.Socket.{Message, Reply}

  defmacro __using__(_opts) do
    quote do
      import Phoenix.Channel
    end
  end

  # Encoded by the channel's process; the transport's process only sends it.
  def push(socket, event, payload) do
    message = %Message{
      topic: socket.topic,
      join_ref: socket.join_ref,
      event: event,
      payload: payload
    }

    send(socket.transport_pid, socket.serializer.encode!(message))
    :ok
  end

  def socket_ref(%{ref: ref} = socket) when ref != nil,
    do: {socket.transport_pid, socket.serializer, socket.topic, ref, socket.join_ref}

  def reply({pid, serializer, topic, ref, join_ref}, {status, payload}) do
    reply = %Reply{topic: topic, ref: ref, join_ref: join_ref, status: status, payload: payload}
    send(pid, serializer.encode!(reply))
    :ok
  end
end
