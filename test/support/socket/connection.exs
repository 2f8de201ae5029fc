defmodule Aether.SocketServer.Connection do
  @moduledoc false
  # The process of one websocket, as Phoenix's transport is: frames by cowlib, the topics that were joined, and what is to be
  # sent for them. A browser that takes nothing in holds this process up in sending; channels never wait for it.

  alias Aether.SocketServer.Channel
  alias Phoenix.Socket.Message

  defstruct [:tcp, :socket, buffer: "", frame: :undefined, parts: [], topics: %{}]

  @doc "Answers the request for a websocket, and serves it until it ends."
  def run(tcp, headers, opts) do
    key = :cow_ws.encode_key(headers["sec-websocket-key"])

    :ok =
      :gen_tcp.send(tcp, [
        "HTTP/1.1 101 Switching Protocols\r\nupgrade: websocket\r\nconnection: upgrade\r\n",
        ["sec-websocket-accept: ", key, "\r\n\r\n"]
      ])

    socket = %Phoenix.Socket{
      channel: opts.channel,
      serializer: opts.serializer,
      transport_pid: self()
    }

    :ok = :inet.setopts(tcp, packet: :raw, active: :once)
    loop(frames(%__MODULE__{tcp: tcp, socket: socket}))
  end

  defp loop(%{tcp: tcp} = state) do
    receive do
      {:tcp, ^tcp, bytes} ->
        state = frames(%{state | buffer: state.buffer <> bytes})
        :ok = :inet.setopts(tcp, active: :once)
        loop(state)

      {closed, ^tcp} when closed == :tcp_closed ->
        :ok

      {:tcp_error, ^tcp, _reason} ->
        :ok

      {:socket_push, kind, data} ->
        send_frame(state, {kind, data})
        loop(state)

      # A channel that ends by itself tells its client so.
      {:DOWN, _monitor, :process, pid, reason} ->
        loop(ended(state, pid, reason))
    end
  end

  # Whole frames alone: what comes from a browser is small.
  defp frames(state) do
    with {type, frame, rsv, size, mask, rest} <-
           :cow_ws.parse_header(state.buffer, %{}, state.frame),
         <<payload::binary-size(size), rest::binary>> <- rest do
      parsed = :cow_ws.parse_payload(payload, mask, 0, 0, type, size, frame, %{}, rsv)
      frames(frame(%{state | buffer: rest, frame: frame}, type, parsed))
    else
      :error -> exit(:normal)
      _more -> state
    end
  end

  defp frame(state, :text, {:ok, text, _utf8, ""}), do: incoming(state, text)

  defp frame(%{frame: {:fin, :text, _}} = state, :fragment, {:ok, text, _utf8, ""}) do
    text = IO.iodata_to_binary([state.parts, text])
    incoming(%{state | frame: :undefined, parts: []}, text)
  end

  defp frame(state, :fragment, {:ok, text, _utf8, ""}),
    do: %{state | parts: [state.parts | text]}

  defp frame(state, :ping, {:ok, data, _utf8, ""}), do: tap(state, &send_frame(&1, {:pong, data}))
  defp frame(state, :pong, _parsed), do: state

  defp frame(state, _close_or_wrong, _parsed) do
    send_frame(state, :close)
    exit(:normal)
  end

  defp incoming(state, text) do
    message = state.socket.serializer.decode!(text, opcode: :text)
    message(state, message, state.topics[message.topic])
  end

  defp message(state, %Message{topic: "phoenix", event: "heartbeat"} = message, _none),
    do: reply(state, message, {:ok, %{}})

  defp message(state, %Message{event: "phx_join"} = message, nil) do
    case Channel.join(state.socket, message) do
      {{:ok, reply}, pid} ->
        topic = %{pid: pid, monitor: Process.monitor(pid), join_ref: message.ref}
        reply(put_in(state.topics[message.topic], topic), message, {:ok, reply})

      {{:error, reply}, _pid} ->
        reply(state, message, {:error, reply})
    end
  end

  # A client that joins once more starts over.
  defp message(state, %Message{event: "phx_join"} = message, %{pid: pid, monitor: monitor}) do
    Process.exit(pid, :kill)
    receive do: ({:DOWN, ^monitor, _, _, _} -> :ok)
    message(%{state | topics: Map.delete(state.topics, message.topic)}, message, nil)
  end

  defp message(state, %Message{join_ref: join_ref} = message, %{join_ref: join_ref, pid: pid}),
    do: tap(state, fn _ -> send(pid, message) end)

  defp message(state, message, _unknown),
    do: reply(state, message, {:error, %{reason: "unmatched topic"}})

  defp ended(state, pid, reason) do
    case Enum.find(state.topics, fn {_topic, one} -> one.pid == pid end) do
      nil ->
        state

      {topic, %{join_ref: join_ref}} ->
        event = if match?({:shutdown, _}, reason), do: "phx_close", else: "phx_error"
        message = %Message{topic: topic, event: event, payload: %{}, ref: join_ref}
        push(state, %{message | join_ref: join_ref})
        %{state | topics: Map.delete(state.topics, topic)}
    end
  end

  defp reply(state, message, {status, payload}) do
    push(state, %Phoenix.Socket.Reply{
      topic: message.topic,
      ref: message.ref,
      join_ref: message.join_ref,
      status: status,
      payload: payload
    })

    state
  end

  defp push(state, message) do
    {:socket_push, kind, data} = state.socket.serializer.encode!(message)
    send_frame(state, {kind, data})
  end

  # Who is gone is heard of by its message. Debian's cowlib makes frames of binaries alone, which would be a copy.
  defp send_frame(%{tcp: tcp}, {:binary, data}),
    do: :gen_tcp.send(tcp, [<<1::1, 0::3, 2::4>>, size(IO.iodata_length(data)) | data])

  defp send_frame(state, {kind, data}) when is_list(data),
    do: send_frame(state, {kind, IO.iodata_to_binary(data)})

  defp send_frame(%{tcp: tcp}, frame), do: :gen_tcp.send(tcp, :cow_ws.frame(frame, %{}))

  defp size(size) when size < 126, do: <<0::1, size::7>>
  defp size(size) when size < 0x10000, do: <<0::1, 126::7, size::16>>
  defp size(size), do: <<0::1, 127::7, size::64>>
end
