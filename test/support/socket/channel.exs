defmodule Aether.SocketServer.Channel do
  @moduledoc false
  # The process of one topic on one connection, as Phoenix.Channel.Server is: calls the channel's module with what comes,
  # encodes what it answers, and ends with its connection.

  use GenServer

  alias Phoenix.Socket.{Message, Reply}

  @doc "Starts it and joins: the process, or what the module refused with."
  def join(socket, %Message{} = message) do
    socket = %{socket | topic: message.topic, join_ref: message.ref}

    with {:ok, pid} <- GenServer.start(__MODULE__, socket),
         do: {GenServer.call(pid, {:join, message.payload}, :infinity), pid}
  end

  @impl true
  def init(socket), do: {:ok, %{socket | channel_pid: self()}}

  @impl true
  def handle_call({:join, payload}, _from, socket) do
    Process.monitor(socket.transport_pid)

    case socket.channel.join(socket.topic, payload, socket) do
      {:ok, reply, socket} -> {:reply, {:ok, reply}, %{socket | joined: true}}
      {:error, reply} -> {:stop, :normal, {:error, reply}, socket}
    end
  end

  @impl true
  def handle_info(%Message{event: "phx_leave"} = message, socket) do
    reply(%{socket | ref: message.ref}, {:ok, %{}})
    {:stop, {:shutdown, :left}, socket}
  end

  def handle_info(%Message{event: event, payload: payload, ref: ref}, socket) do
    case socket.channel.handle_in(event, payload, %{socket | ref: ref}) do
      {:reply, reply, socket} ->
        reply(socket, reply)
        {:noreply, %{socket | ref: nil}}

      {:noreply, socket} ->
        {:noreply, %{socket | ref: nil}}
    end
  end

  def handle_info({:DOWN, _, :process, pid, reason}, %{transport_pid: pid} = socket),
    do: {:stop, if(reason == :normal, do: {:shutdown, :closed}, else: reason), socket}

  def handle_info(message, socket), do: socket.channel.handle_info(message, socket)

  defp reply(socket, {status, payload}) do
    reply = %Reply{
      topic: socket.topic,
      ref: socket.ref,
      join_ref: socket.join_ref,
      status: status,
      payload: payload
    }

    send(socket.transport_pid, socket.serializer.encode!(reply))
  end
end
