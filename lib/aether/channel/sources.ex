defmodule Aether.Channel.Sources do
  @moduledoc """
  Scans whole roots into an index on behalf of channel clients, and outlives them.

  Put it after the index in the supervision tree:

      children = [
        {Aether.Index, name: MyApp.Files, path: "/var/lib/my_app/files.db"},
        {Aether.Channel.Sources, index: MyApp.Files}
      ]

  A root has one scan at a time, which sends no slabs: a client that asks for a scan of a root that is being scanned joins it
  and gets its progress. A client that leaves, or whose browser is closed, ends nothing; a client can cancel a scan only if no
  other takes part. A request with rules (`hidden`, `ignore`, `exclude`, `same_file_system`) joins only a scan with the
  same rules; where the index has the root with other rules, the answer is `:rules_changed`.

  ## Options

    * `:index` - the index, or the name or pid of its process. Required
    * `:name` - of the process. If the index has an atom as its name, the default is that atom with `Sources` appended, which
      is where `Aether.Channel` looks for it
  """

  use GenServer

  alias Aether.{Error, Index, Options, Scan, Scanner, Summary}
  alias Aether.Channel.{PendingScans, Wire}
  alias Aether.Index.Source

  # Scan options that are stored with a source.
  @rules [:hidden, :ignore, :exclude, :same_file_system]

  @doc "Starts the process."
  @spec start_link(keyword) :: GenServer.on_start()
  def start_link(opts) do
    index = Keyword.fetch!(opts, :index)
    name = Keyword.get_lazy(opts, :name, fn -> name(index) end)
    GenServer.start_link(__MODULE__, index, if(name, do: [name: name], else: []))
  end

  @doc false
  def child_spec(opts),
    do: %{id: opts[:name] || __MODULE__, start: {__MODULE__, :start_link, [opts]}}

  @doc """
  The default name, or `nil`.

      iex> Aether.Channel.Sources.name(MyApp.Files)
      MyApp.Files.Sources
  """
  @spec name(any) :: atom
  def name(index) when is_atom(index) and index not in [nil, true, false],
    do: Module.concat(index, Sources)

  def name(_index), do: nil

  @doc """
  Starts or joins a scan of a root. `member` gets messages `{Aether.Channel.Sources, root, event}`, where `event` is one of

    * `:scanning` - the scan runs. Its progress and its end follow, unless another process started it
    * an `Aether.Progress`
    * an `Aether.Summary` - the last message
    * `:fresh` - with `:stale`: no scan was needed, as the index is recent enough. With `:always` it is scanned anyway
    * `{:error, error}` - it could not be scanned, an `Aether.Error`
    * `:left` - after `cancel/3`, if others still take part

  `options` are those of `Aether.Scanner.scan/2`. Returns whether the server is alive.
  """
  @spec join(GenServer.server(), pid, binary, :stale | :always, keyword) :: boolean
  def join(server, member, root, when_to, options \\ []) do
    GenServer.cast(server, {:join, member, root, when_to, options})
    GenServer.whereis(server) != nil
  end

  @doc "Cancels the scan of a root if `member` is the only one that takes part; otherwise only removes `member`."
  @spec cancel(GenServer.server(), pid, binary) :: :ok
  def cancel(server, member, root), do: GenServer.cast(server, {:cancel, member, root})

  # One scan of a root. Its key is the root with the rules that were given; `scan` is nil while it is being opened.
  defmodule RootScan do
    @moduledoc false
    defstruct [:scan, members: %{}]
  end

  @impl true
  def init(index), do: {:ok, %{index: index, roots: %{}, pending: %PendingScans{}}}

  @impl true
  def handle_cast({:join, member, root, when_to, options}, state) do
    key = key(state, root, given(options))

    {scan, state} =
      case state.roots do
        %{^key => scan} -> {scan, state}
        _none -> {%RootScan{}, open(state, key, when_to, options)}
      end

    if scan.scan, do: send(member, {__MODULE__, root, :scanning})
    {:noreply, put(state, key, add(scan, member))}
  end

  def handle_cast({:cancel, member, root}, state) do
    theirs = for {{^root, _}, %{members: %{^member => _}}} = one <- state.roots, do: one
    {:noreply, Enum.reduce(theirs, state, &leave(&1, member, &2))}
  end

  # A request without rules joins any scan of the root.
  defp key(state, root, rules) when rules == %{},
    do: Enum.find(Map.keys(state.roots), {root, rules}, &match?({^root, _}, &1))

  defp key(_state, root, rules), do: {root, rules}

  defp given(options) do
    names = for {name, _value} <- options, name in @rules, do: name
    Map.take(Options.rules(options), names)
  end

  defp leave({_key, %RootScan{members: members, scan: %Scan{} = scan}}, _member, state)
       when map_size(members) == 1 do
    Scanner.cancel(scan)
    state
  end

  defp leave({{root, _rules} = key, scan}, member, state) do
    send(member, {__MODULE__, root, :left})
    put(state, key, remove(scan, member))
  end

  @impl true
  def handle_info({:scan_progress, ref, progress}, state) do
    with {key, scan} <- find(state, ref), do: notify(scan, key, progress)
    {:noreply, state}
  end

  def handle_info({:scan_completed, ref, summary}, state) do
    with nil <- find(state, ref),
         %PendingScans{} = pending <- PendingScans.completed(state.pending, ref, summary) do
      {:noreply, %{state | pending: pending}}
    else
      {key, scan} -> {:noreply, ended(state, key, scan, summary)}
      :unhandled -> {:noreply, state}
    end
  end

  def handle_info({:DOWN, _monitor, :process, pid, _reason} = message, state) do
    case PendingScans.result(state.pending, message) do
      {key, result, pending} ->
        {:noreply, opened(%{state | pending: pending}, key, state.roots[key], result)}

      :unhandled ->
        roots = Map.new(state.roots, fn {key, scan} -> {key, remove(scan, pid)} end)
        {:noreply, %{state | roots: roots}}
    end
  end

  def handle_info(_other, state), do: {:noreply, state}

  defp open(%{index: index} = state, {root, _rules} = key, when_to, options) do
    owner = self()

    pending =
      PendingScans.start(state.pending, key, fn ->
        if when_to == :stale and fresh?(index, root, options),
          do: :fresh,
          else:
            Scanner.scan(root, [index: index, slabs: false, progress: true, to: owner] ++ options)
      end)

    %{state | pending: pending}
  end

  defp fresh?(index, root, options) do
    case find_source(index, root, options[:source_id], given(options)) do
      {:ok, answer} -> not answer.stale
      {:error, _error} -> false
    end
  end

  @doc false
  # The source of a client's root, if the index has it with the rules of this root.
  @spec source(Index.t(), Wire.root()) :: {:ok, Source.t()} | {:error, Error.t()}
  def source(index, root) do
    rules = Options.rules(root.options)

    with {:ok, answer} <- find_source(index, root.path, root.source_id, rules),
         do: {:ok, answer.value}
  end

  # A source with other rules is refused: it may hold what the client must not see.
  defp find_source(index, root, source_id, rules) do
    found = if source_id, do: Index.source(index, source_id), else: Index.source_at(index, root)

    with {:ok, answer} <- found do
      if has_rules?(answer.value, rules),
        do: {:ok, answer},
        else: {:error, %Error{reason: :rules_changed, operation: :read}}
    end
  end

  # Only the rules that were given count.
  defp has_rules?(%Source{rules: stored}, rules),
    do: stored != nil and Map.take(stored, Map.keys(rules)) == rules

  defp opened(state, key, root_scan, {:started, %Scan{} = scan, summary}) do
    notify(root_scan, key, :scanning)
    root_scan = %{root_scan | scan: scan}

    if summary,
      do: ended(state, key, root_scan, summary),
      else: put(state, key, root_scan)
  end

  defp opened(state, key, scan, result) do
    notify(scan, key, event(result))
    forget(state, key, scan)
  end

  defp event({:ok, {:error, %Error{reason: :already_scanning}}}), do: :scanning
  defp event({:ok, event}), do: event
  defp event(:error), do: {:error, %Error{reason: :index_closed, operation: :scan}}

  defp ended(state, key, scan, %Summary{} = summary) do
    notify(scan, key, summary)
    forget(state, key, scan)
  end

  defp forget(state, key, scan) do
    for {_member, monitor} <- scan.members, do: Process.demonitor(monitor, [:flush])
    %{state | roots: Map.delete(state.roots, key)}
  end

  defp notify(scan, {root, _rules}, event),
    do: for({member, _monitor} <- scan.members, do: send(member, {__MODULE__, root, event}))

  defp add(%RootScan{members: members} = scan, member) when is_map_key(members, member),
    do: scan

  defp add(scan, member), do: put_in(scan.members[member], Process.monitor(member))

  defp remove(scan, member) do
    {monitor, members} = Map.pop(scan.members, member)
    if monitor, do: Process.demonitor(monitor, [:flush])
    %{scan | members: members}
  end

  defp find(state, ref),
    do:
      Enum.find(state.roots, fn {_key, one} -> match?(%RootScan{scan: %Scan{ref: ^ref}}, one) end)

  defp put(state, key, scan), do: put_in(state.roots[key], scan)
end
