# Compiled with the tests, but not with benches.
unless Code.ensure_loaded?(Aether.JSON), do: Code.require_file("../json.ex", __DIR__)
for file <- ~w(json phoenix channel connection), do: Code.require_file(file <> ".exs", __DIR__)

defmodule Aether.SocketServer do
  @moduledoc false
  # An HTTP server for tests and benches: the websocket of a channel at /socket, files of a page, and whatever else a function
  # answers. One process for each connection. No TLS, no keep-alive, and no place for it but loopback.

  alias Aether.SocketServer.{Connection, JSON}

  @types %{".html" => "text/html", ".js" => "text/javascript", ".css" => "text/css"}

  @doc """
  Listens on a free port of loopback; gives the port. Ends with the caller.

  `channel` is a module that says `use Aether.Channel`. `page` is a directory of files. `answer` gets the method, the path
  and the body of any other request, and gives a map for JSON, or nil.
  """
  def start(opts) do
    options = [:binary, packet: :http_bin, active: false, nodelay: true, backlog: 1024]

    {:ok, listener} = :gen_tcp.listen(0, [ip: {127, 0, 0, 1}, reuseaddr: true] ++ options)

    table = :ets.new(__MODULE__, [:public])
    none = %{answer: fn _, _, _ -> nil end, page: nil, serializer: Aether.Serializer}
    opts = none |> Map.merge(Map.new(opts)) |> Map.put(:connections, table)
    spawn_link(fn -> accept(listener, opts) end)
    {:ok, port} = :inet.port(listener)
    %{port: port, connections: table, listener: listener}
  end

  @doc "The processes of the websockets that are open."
  def connections(%{connections: table}),
    do: for({pid, tcp} <- :ets.tab2list(table), Process.alive?(pid), do: {pid, tcp})

  @doc "Breaks all websockets off, as a network does: without a word."
  def drop(server) do
    for {_pid, tcp} <- connections(server), do: :inet.setopts(tcp, linger: {true, 0})

    for {pid, _tcp} <- connections(server) do
      monitor = Process.monitor(pid)
      Process.exit(pid, :kill)
      receive do: ({:DOWN, ^monitor, _, _, _} -> :ok)
    end
  end

  defp accept(listener, opts) do
    {:ok, tcp} = :gen_tcp.accept(listener)

    pid =
      spawn(fn ->
        receive do: (:yours -> :ok)
        serve(tcp, opts)
      end)

    :ok = :gen_tcp.controlling_process(tcp, pid)
    send(pid, :yours)
    accept(listener, opts)
  end

  defp serve(tcp, opts) do
    with {:ok, {:http_request, method, {:abs_path, path}, _version}} <- :gen_tcp.recv(tcp, 0),
         {:ok, headers} <- headers(tcp, %{}) do
      :ok = :inet.setopts(tcp, packet: :raw)
      [path | _query] = String.split(path, "?")
      request(tcp, method, path, headers, opts)
    end

    :gen_tcp.close(tcp)
  end

  defp headers(tcp, headers) do
    case :gen_tcp.recv(tcp, 0) do
      {:ok, {:http_header, _, name, _, value}} ->
        headers(tcp, Map.put(headers, String.downcase(to_string(name)), value))

      {:ok, :http_eoh} ->
        {:ok, headers}

      other ->
        other
    end
  end

  defp request(tcp, :GET, "/socket/websocket", headers, opts) do
    :ets.insert(opts.connections, {self(), tcp})
    Connection.run(tcp, headers, opts)
  after
    :ets.delete(opts.connections, self())
  end

  defp request(tcp, method, path, headers, opts) do
    body = body(tcp, String.to_integer(headers["content-length"] || "0"))

    case opts.answer.(to_string(method), path, body) || file(opts.page, path) do
      nil -> respond(tcp, "404 Not Found", "text/plain", "")
      {type, bytes} -> respond(tcp, "200 OK", type, bytes)
      answer -> respond(tcp, "200 OK", "application/json", JSON.encode(answer))
    end
  end

  defp body(_tcp, 0), do: ""

  defp body(tcp, size) do
    {:ok, body} = :gen_tcp.recv(tcp, size)
    body
  end

  # Names that the page's builder gave; nothing else is looked for.
  defp file(nil, _path), do: nil

  defp file(page, path) do
    path = if path == "/", do: "/index.html", else: path
    type = @types[Path.extname(path)]

    with true <- type != nil and path =~ ~r{\A(/[\w-][\w.-]*)+\z},
         {:ok, bytes} <- File.read(page <> path) do
      {type, bytes}
    else
      _ -> nil
    end
  end

  defp respond(tcp, status, type, body) do
    head = "HTTP/1.1 #{status}\r\ncontent-type: #{type}\r\n"
    size = "content-length: #{IO.iodata_length(body)}\r\nconnection: close\r\n\r\n"
    :gen_tcp.send(tcp, [head, size, body])
  end
end
