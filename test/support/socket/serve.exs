# The server of the browser tests and benches over a real socket: `mix run serve.exs PAGE KEY=DIRECTORY...`. PAGE is a
# directory with the built page, beside which the index is put; a client knows each DIRECTORY by its key. Prints its port, and
# what a page reports; ends with its standard input.

Code.require_file("server.exs", __DIR__)

defmodule Aether.SocketServer.TreeChannel do
  use Phoenix.Channel
  use Aether.Channel, index: Aether.SocketServer.Index

  # A directory in crumbs shows how many slabs are under way: one entry each.
  @impl Aether.Channel
  def root("crumbs:" <> key, socket) do
    with {:ok, path, opts} <- root(key, socket), do: {:ok, path, [slab_entries: 1] ++ opts}
  end

  def root(key, _socket) do
    case Application.fetch_env!(:aether, :served) do
      %{^key => path} -> {:ok, path, source_id: key}
      _none -> :error
    end
  end
end

defmodule Aether.SocketServer.Control do
  # What tests look at, and what they do to a server.

  alias Aether.SocketServer

  def answer(server, "POST", "/drop", _body) do
    SocketServer.drop(server.())
    %{}
  end

  def answer(_server, "POST", "/kill", name) do
    name |> String.to_existing_atom() |> Process.whereis() |> Process.exit(:kill)
    %{}
  end

  def answer(server, "GET", "/state", _body) do
    connections = for {pid, _tcp} <- SocketServer.connections(server.()), do: pid
    info = Aether.info()

    %{
      connections: length(connections),
      scans: info.running + info.parked,
      parked: info.parked,
      native_bytes: info.native_bytes,
      waiting: connections |> Enum.map(&queue/1) |> Enum.sum(),
      binary_bytes: (channels(connections) ++ connections) |> binaries()
    }
  end

  def answer(_server, "POST", "/report", body) do
    IO.puts("report #{body}")
    %{}
  end

  def answer(_server, _method, _path, _body), do: nil

  # Who monitors a connection is a channel on it.
  defp channels(connections) do
    for pid <- connections,
        {:monitored_by, watchers} <- [Process.info(pid, :monitored_by)],
        watcher <- watchers,
        is_pid(watcher),
        do: watcher
  end

  defp queue(pid) do
    case Process.info(pid, :message_queue_len) do
      {_, length} -> length
      nil -> 0
    end
  end

  # What these processes keep alive off their heaps, each binary once.
  defp binaries(pids) do
    for(
      pid <- pids,
      {:binary, list} <- [Process.info(pid, :binary)],
      {id, size, _} <- list,
      do: {id, size}
    )
    |> Enum.uniq()
    |> Enum.map(&elem(&1, 1))
    |> Enum.sum()
  end
end

[page | roots] = System.argv()
served = Map.new(roots, &List.to_tuple(String.split(&1, "=", parts: 2)))
Application.put_env(:aether, :served, served)
index = Path.join(Path.dirname(page), "index")
File.mkdir_p!(index)

{:ok, _} =
  Supervisor.start_link(
    [
      {Aether.Index, name: Aether.SocketServer.Index, path: index <> "/index.db"},
      {Aether.Channel.Sources, index: Aether.SocketServer.Index}
    ],
    strategy: :one_for_one
  )

alias Aether.SocketServer
here = fn -> :persistent_term.get(SocketServer) end
answer = &SocketServer.Control.answer(here, &1, &2, &3)

server = SocketServer.start(channel: SocketServer.TreeChannel, page: page, answer: answer)

:persistent_term.put(SocketServer, server)
IO.puts("port #{server.port}")
# Whoever started it is gone.
:eof = IO.read(:stdio, :line)
