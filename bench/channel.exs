# What a channel costs a server: processor time and bytes for each slab sent to a client, compared with the same entries
# as JSON and as a LiveView stream; a hundred clients at once; a client that sleeps. Over real sockets, each server in a
# VM of its own.
#
#     bin/bench channel
#
# runs `mix run bench/channel.exs FLAT ENTRIES DEEP EMPTY` once per round: a directory with that many files, one with
# subdirectories, and an empty one, each a tree of bench/trees.sh. It prints lines `bench: WHAT | WHO | VALUE | UNIT`,
# ours first.
#
# JSON is encoded by erlang-jiffy, if Debian has it. AETHER_BENCH_PHOENIX=DIR, with compiled applications as in
# _build/prod/lib of an app that uses phoenix_live_view, adds LiveView, and JSON by Jason. Browsers are measured in
# assets: npm run bench:socket. Needs Linux, for the kernel's accounting of threads, and Debian's erlang-cowlib.
Code.require_file("channel/client.exs", __DIR__)

defmodule Bench.Channel do
  alias Bench.Channel.Client

  defmodule Server do
    defstruct [:port, :number]

    # Schedulers that spin while they wait would count as working.
    @flags "+fnu +sbwt none +sbwtdcpu none +sbwtdio none"

    def start!(tree, serializer) do
      args = ["run", "--no-compile", Path.expand("channel/serve.exs", __DIR__), tree, serializer]
      flags = Enum.join([@flags | paths(serializer)], " ")
      env = [{~c"MIX_ENV", to_charlist(Mix.env())}, {~c"ELIXIR_ERL_OPTIONS", to_charlist(flags)}]
      mix = System.find_executable("mix")
      options = [:binary, :exit_status, line: 1000, args: args, env: env]
      port = Port.open({:spawn_executable, mix}, options)

      receive do
        {^port, {:data, {:eol, "port " <> number}}} ->
          %__MODULE__{port: port, number: String.to_integer(number)}

        {^port, {:exit_status, status}} ->
          raise "a server for #{serializer} ended with status #{status}"
      end
    end

    defp paths(serializer) when serializer in ["jason", "live_view"],
      do: for(dir <- Bench.Channel.phoenix(), do: "-pa " <> dir)

    defp paths(_own), do: []

    def get!(%{number: number}, path) do
      {:ok, tcp} = :gen_tcp.connect({127, 0, 0, 1}, number, [:binary, active: false])
      :ok = :gen_tcp.send(tcp, "GET #{path} HTTP/1.1\r\nhost: localhost\r\n\r\n")
      [_, body] = String.split(read(tcp, ""), "\r\n\r\n")

      for [_, name, value] <- Regex.scan(~r/"(\w+)":(\d+)/, body),
          into: %{},
          do: {name, String.to_integer(value)}
    end

    defp read(tcp, read) do
      case :gen_tcp.recv(tcp, 0) do
        {:ok, more} -> read(tcp, read <> more)
        {:error, :closed} -> read
      end
    end

    def stop(%{port: port}), do: Port.close(port)
  end

  @doc "The directories of third-party applications, if AETHER_BENCH_PHOENIX names them."
  def phoenix do
    case System.get_env("AETHER_BENCH_PHOENIX") do
      nil -> []
      dir -> Path.wildcard(dir <> "/*/ebin") |> Enum.reject(&(&1 =~ "/aether/"))
    end
  end

  @doc "The cost of a tree to a server per 1,000 entries: `%{cpu: ns, walk: ns, bytes: n, slabs: n}`."
  def cost(server, entries) do
    # The first runs load code.
    warm = Client.connect!(server.number)
    Client.scan(warm)
    Client.close(Client.read(warm, 40))
    client = Client.connect!(server.number)
    before = Server.get!(server, "/cpu")
    Client.scan(client)
    client = Client.read(client)
    later = Server.get!(server, "/cpu")
    Client.close(client)
    each = &(&1 / entries * 1000)
    cpu = &each.(later[&1] - before[&1])
    bytes = each.(client.bytes)
    %{cpu: cpu.("beam"), walk: cpu.("aether"), bytes: bytes, slabs: each.(client.slabs)}
  end

  @doc "Times from the request to the first slab in ms, with `count` clients at once that receive all they can."
  def first_slabs(server, count) do
    me = self()

    pids =
      for _ <- 1..count do
        spawn_link(fn ->
          client = Client.connect!(server.number)
          send(me, :ready)
          receive do: (:go -> :ok)
          from = System.monotonic_time()
          Client.scan(client)
          client = Client.read(client, 1)
          send(me, {:first, System.monotonic_time() - from})
          # Until no client waits for a first slab any more.
          read_on(client)
        end)
      end

    for _ <- pids, do: receive(do: (:ready -> :ok))
    for pid <- pids, do: send(pid, :go)
    times = for _ <- pids, do: receive(do: ({:first, time} -> time))

    for pid <- pids do
      Process.unlink(pid)
      Process.exit(pid, :kill)
    end

    Enum.map(times, &System.convert_time_unit(&1, :native, :microsecond))
    |> Enum.map(&(&1 / 1000))
  end

  defp read_on(client) do
    client = Client.read(client, client.slabs + 1)
    receive do: (:stop -> :ok), after: (0 -> read_on(client))
  end

  @doc "What a client that never acknowledges costs: binaries and processes, in bytes."
  def asleep(server, count) do
    before = Server.get!(server, "/memory")
    clients = for _ <- 1..count, do: Client.connect!(server.number)
    for client <- clients, do: Client.scan(client)
    # The window, and no more.
    clients = for client <- clients, do: without_acks(client, 16)
    later = Server.get!(server, "/memory")
    for client <- clients, do: Client.close(client)

    for name <- ["binary", "processes"],
        into: %{},
        do: {name, (later[name] - before[name]) / count}
  end

  defp without_acks(client, 0), do: client

  defp without_acks(client, left) do
    case Client.frame(client) do
      {:slab, _} -> without_acks(client, left - 1)
      {:text, _} -> without_acks(client, left)
    end
  end
end

[flat, entries, mixed, empty] = System.argv()
entries = String.to_integer(entries)
clients = 100

alias Bench.Channel
alias Bench.Channel.Server

report = fn what, who, value, unit ->
  IO.puts(
    "bench: #{what} | #{who} | #{:erlang.float_to_binary(value / 1, decimals: 3)} | #{unit}"
  )
end

contestants = [
  {"pass", "aether", true},
  {"copy", "Phoenix's serializer", true},
  {"jiffy", "JSON by jiffy (C)", :code.which(:jiffy) != :non_existing},
  {"jason", "JSON by Jason (Elixir)", Channel.phoenix() != []},
  {"live_view", "LiveView stream", Enum.any?(Channel.phoenix(), &(&1 =~ "phoenix_live_view"))}
]

for {_, label, false} <- contestants,
    do: IO.puts(:stderr, "skipped: #{label}, which is not installed")

# In both orders, like all races.
is_back = rem(String.to_integer(System.get_env("AETHER_BENCH_ROUND", "1")), 2) == 0

for {name, label, true} <- if(is_back, do: Enum.reverse(contestants), else: contestants) do
  server = Server.start!(flat, name)
  message = Server.get!(server, "/message")
  cost = Channel.cost(server, entries)
  Server.stop(server)
  report.("1,000 entries to the socket", label, message["ns"] / message["entries"], "µs")
  report.("1,000 entries over the socket, kernel and acks included", label, cost.cpu / 1000, "µs")
  report.("1,000 entries on the wire", label, cost.bytes, "bytes")
end

for {name, path} <- [{"flat", flat}, {"mixed", mixed}, {"empty", empty}] do
  server = Server.start!(path, "pass")
  Channel.first_slabs(server, 2)
  times = Enum.sort(Channel.first_slabs(server, clients))
  Server.stop(server)
  median = Enum.at(times, div(clients, 2))
  what = "first slab, #{clients} clients at once, #{name}"
  report.("#{what}, median", "aether", median, "ms")
  report.("#{what}, slowest / median", "aether", List.last(times) / median, "x")
end

server = Server.start!(flat, "pass")
Channel.asleep(server, 2)
asleep = Channel.asleep(server, 20)
Server.stop(server)

for {name, what} <- [{"binary", "binaries"}, {"processes", "processes"}],
    do:
      report.("a client that acknowledges nothing, #{what}", "aether", asleep[name] / 1024, "KB")
