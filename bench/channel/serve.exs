# A VM that serves one tree over real sockets, with one way to send slabs:
#     mix run --no-compile bench/channel/serve.exs TREE SERIALIZER
# Prints its port. GET /cpu returns the nanoseconds that its threads have run, with the walkers' counted apart. Ends at
# end of input. Stand-ins take precedence over a real Phoenix, which LiveView may bring along.
Code.compiler_options(ignore_module_conflict: true)
Code.require_file("../../test/support/socket/server.exs", __DIR__)
Code.require_file("serializers.exs", __DIR__)

defmodule Bench.Channel.Served do
  use Phoenix.Channel
  use Aether.Channel, []

  @impl Aether.Channel
  def root("tree", _socket), do: {:ok, Application.fetch_env!(:aether, :served_tree)}
end

defmodule Bench.Channel.CPU do
  # From the kernel's accounting of each thread.
  def now do
    for path <- Path.wildcard("/proc/self/task/*"), reduce: %{beam: 0, aether: 0} do
      sums ->
        with {:ok, name} <- File.read(path <> "/comm"),
             {:ok, line} <- File.read(path <> "/schedstat") do
          [ran | _] = String.split(line)
          owner = if String.starts_with?(name, "aether"), do: :aether, else: :beam
          Map.update!(sums, owner, &(&1 + String.to_integer(ran)))
        else
          # The thread has ended.
          _ -> sums
        end
    end
  end
end

defmodule Bench.Channel.Message do
  # The cost of a slab from the scan's message to what the socket gets: the channel, the serializer, and sending it on.
  # The socket's own work is not included. The same slab is sent again and again: the socket is not changed, so it does
  # not remember.
  alias Aether.Channel

  @from 900

  def cost(serializer) do
    line = spawn_link(&swallow/0)

    socket = %Phoenix.Socket{
      serializer: serializer,
      topic: "files",
      join_ref: "1",
      ref: "1",
      transport_pid: line
    }

    {:ok, _reply, socket} = Bench.Channel.Served.join("files", %{}, socket)
    request = %{"root" => "tree", "depth" => "infinity", "progress" => false}
    {:reply, {:ok, _}, socket} = Channel.handle_in("scan", request, socket)
    {chunk, socket} = chunk(socket)
    once = fn -> Channel.handle_info(chunk, socket) end
    for _ <- 1..20, do: once.()
    count = max(20, div(1_000_000_000, elem(timed(1, once), 0)))
    {ns, reductions} = timed(min(count, 5000), once)
    Process.unlink(line)
    Process.exit(line, :kill)
    %{ns: ns, reductions: reductions, entries: Aether.Slab.count(elem(chunk, 2))}
  end

  # A slab as full as when nothing holds the scan up, and the socket that it arrives at.
  defp chunk(socket) do
    receive do
      {:scan_chunk, _ref, slab} = chunk ->
        if Aether.Slab.count(slab) >= @from,
          do: {chunk, socket},
          else: socket |> handled(chunk) |> chunk()

      message ->
        socket |> handled(message) |> chunk()
    end
  end

  defp handled(socket, message) do
    socket = elem(Channel.handle_info(message, socket), 1)
    sent = socket.assigns.aether.scans.pace.sent

    case Channel.handle_in("ack", %{"count" => sent}, socket) do
      {:noreply, socket} -> socket
    end
  end

  defp timed(times, fun) do
    {_, before} = Process.info(self(), :reductions)
    from = System.monotonic_time(:nanosecond)
    for _ <- 1..times, do: fun.()
    ns = System.monotonic_time(:nanosecond) - from
    {_, later} = Process.info(self(), :reductions)
    {max(1, div(ns, times)), div(later - before, times)}
  end

  defp swallow, do: receive(do: (_ -> swallow()))
end

[tree, serializer] = System.argv()
# If it is available: Aether and LiveView look for it at each scan and render.
_ = Application.ensure_all_started(:telemetry)
Application.put_env(:aether, :served_tree, tree)

serializer =
  case serializer do
    "pass" -> Aether.Serializer
    "copy" -> Phoenix.Socket.V2.JSONSerializer
    "jiffy" -> Bench.Channel.Jiffy
    "jason" -> Bench.Channel.Jason
    "live_view" -> Code.require_file("live_view.exs", __DIR__) && Bench.Channel.LiveView
  end

answer = fn
  "GET", "/cpu", _ ->
    Bench.Channel.CPU.now()

  "GET", "/memory", _ ->
    Map.new(:erlang.memory())

  "GET", "/message", _ ->
    Task.await(Task.async(fn -> Bench.Channel.Message.cost(serializer) end), :infinity)

  _, _, _ ->
    nil
end

%{port: port} =
  Aether.SocketServer.start(channel: Bench.Channel.Served, serializer: serializer, answer: answer)

IO.puts("port #{port}")
:eof = IO.read(:stdio, :line)
