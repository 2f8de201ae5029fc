defmodule Bench.Channel.Client do
  # A client without a browser: speaks the protocol, acknowledges, counts. Decodes nothing, so as not to slow anything
  # down.

  defstruct [:tcp, slabs: 0, bytes: 0, acked: 0]

  # Each one, as it has no timer for the last ones: the server may wait for the acknowledgement of fewer than four.
  @every 1
  @patience 60_000

  def connect!(port) do
    {:ok, tcp} = :gen_tcp.connect({127, 0, 0, 1}, port, [:binary, active: false, nodelay: true])

    :ok =
      :gen_tcp.send(tcp, [
        "GET /socket/websocket?vsn=2.0.0 HTTP/1.1\r\nhost: localhost\r\nupgrade: websocket\r\n",
        "connection: upgrade\r\nsec-websocket-version: 13\r\n",
        "sec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
      ])

    :ok = upgraded(tcp, "")
    client = %__MODULE__{tcp: tcp}
    push(client, "phx_join", "{}")
    {:text, _joined} = frame(client)
    client
  end

  # Byte by byte, as frames follow.
  defp upgraded(tcp, seen) do
    {:ok, byte} = :gen_tcp.recv(tcp, 1)
    seen = seen <> byte
    if String.ends_with?(seen, "\r\n\r\n"), do: :ok, else: upgraded(tcp, seen)
  end

  def push(client, event, payload) do
    text = ~s(["1","1","files","#{event}",#{payload}])
    :ok = :gen_tcp.send(client.tcp, :cow_ws.masked_frame({:text, text}, %{}))
  end

  def scan(client, options \\ ~s("depth":"infinity","progress":false)),
    do: push(client, "scan", ~s({"root":"tree",#{options}}))

  @doc "The next frame: `{:slab, bytes on the wire}`, `{:text, text}`."
  def frame(%{tcp: tcp}) do
    {:ok, <<_fin::4, opcode::4, 0::1, size::7>>} = :gen_tcp.recv(tcp, 2, @patience)
    {size, head} = size(tcp, size)
    {:ok, payload} = :gen_tcp.recv(tcp, size)

    cond do
      opcode == 2 ->
        {:slab, size + head}

      :binary.match(binary_part(payload, 0, min(size, 40)), ["\"slab\"", "\"diff\""]) != :nomatch ->
        {:slab, size + head}

      true ->
        {:text, payload}
    end
  end

  defp size(tcp, 126) do
    {:ok, <<size::16>>} = :gen_tcp.recv(tcp, 2, @patience)
    {size, 4}
  end

  defp size(tcp, 127) do
    {:ok, <<size::64>>} = :gen_tcp.recv(tcp, 8)
    {size, 10}
  end

  defp size(_tcp, size), do: {size, 2}

  @doc "Reads up to `most` slabs, or all, and acknowledges each."
  def read(client, most \\ :infinity)
  def read(%{slabs: slabs} = client, most) when slabs >= most, do: client

  def read(client, most) do
    case frame(client) do
      {:slab, bytes} ->
        read(ack(%{client | slabs: client.slabs + 1, bytes: client.bytes + bytes}), most)

      {:text, text} ->
        cond do
          text =~ ~s("completed") -> client
          text =~ ~s("phx_error") or text =~ ~s("status":"error") -> raise text
          true -> read(client, most)
        end
    end
  end

  defp ack(%{slabs: slabs, acked: acked} = client) when slabs - acked >= @every do
    push(client, "ack", ~s({"count":#{slabs}}))
    %{client | acked: slabs}
  end

  defp ack(client), do: client

  def close(client), do: :gen_tcp.close(client.tcp)
end
