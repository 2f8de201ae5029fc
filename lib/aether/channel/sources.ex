defmodule Aether.Channel.Sources do
  @moduledoc """
  Has whole roots scanned into an index, for the clients of channels, and outlives them.

  It stands beside the index in the supervision tree, after it:

      children = [
        {Aether.Index, name: MyApp.Files, path: "/var/lib/my_app/files.db"},
        {Aether.Channel.Sources, index: MyApp.Files}
      ]

  A root has one scan at a time, which sends no slabs: who asks for one that runs joins it, and hears how it goes on. A
  client that leaves, or whose browser is closed, ends nothing; only one who is alone with a scan can cancel it. A
  request with rules (`hidden`, `ignore`, `exclude`, `same_file_system`) joins only a scan by the same rules; where the
  index knows the root by others, the answer is `:rules_changed`.

  ## Options

    * `:index` - the index, or the name or pid of its process. Required
    * `:name` - of the process. Default, where the index goes by an atom, that atom with `Sources` after it, which is where
      `Aether.Channel` looks for it
  """

  use GenServer

  alias Aether.{Error, Index, Options, Scan, Scanner, Summary}
  alias Aether.Channel.Job
  alias Aether.Index.Source

  # Options of a scan by which an index knows a root.
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
  The name by default, or `nil`.

      iex> Aether.Channel.Sources.name(MyApp.Files)
      MyApp.Files.Sources
  """
  @spec name(any) :: atom
  def name(index) when is_atom(index) and index not in [nil, true, false],
    do: Module.concat(index, Sources)

  def name(_index), do: nil

  @doc """
  Has a root scanned, and `member` told: it gets `{Aether.Channel.Sources, root, news}`, where news is one of

    * `:scanning` - it is being scanned. Progress and the end follow, unless somebody else has it scanned
    * an `Aether.Progress`
    * an `Aether.Summary` - the last
    * `:fresh` - with `:stale`: the index knows it well enough. With `:always` it is scanned all the same
    * `{:error, error}` - it could not be scanned, an `Aether.Error`
    * `:left` - after `cancel/3`, while others go on

  `options` are those of `Aether.Scanner.scan/2`. The answer is whether there is such a process.
  """
  @spec join(GenServer.server(), pid, binary, :stale | :always, keyword) :: boolean
  def join(server, member, root, when_to, options \\ []) do
    GenServer.cast(server, {:join, member, root, when_to, options})
    GenServer.whereis(server) != nil
  end

  @doc "Cancels the scan of a root if `member` is the only one with it; takes `member` out otherwise."
  @spec cancel(GenServer.server(), pid, binary) :: :ok
  def cancel(server, member, root), do: GenServer.cast(server, {:cancel, member, root})

  # A scan of a root, by the root and the rules that were given: `scan` is nil while it is being opened.
  defmodule One do
    @moduledoc false
    defstruct [:job, :scan, members: %{}]
  end

  @impl true
  def init(index), do: {:ok, %{index: index, roots: %{}, early: %{}}}

  @impl true
  def handle_cast({:join, member, root, when_to, options}, state) do
    key = key(state, root, given(options))
    one = state.roots[key] || %One{job: open(state.index, root, when_to, options)}
    if one.scan, do: send(member, {__MODULE__, root, :scanning})
    {:noreply, put(state, key, add(one, member))}
  end

  def handle_cast({:cancel, member, root}, state) do
    theirs = for {{^root, _}, %{members: %{^member => _}}} = one <- state.roots, do: one
    {:noreply, Enum.reduce(theirs, state, &cancel_one(&1, member, &2))}
  end

  # A request without rules joins any scan of the root.
  defp key(state, root, rules) when rules == %{},
    do: Enum.find(Map.keys(state.roots), {root, rules}, &match?({^root, _}, &1))

  defp key(_state, root, rules), do: {root, rules}

  defp given(options) do
    names = for {name, _value} <- options, name in @rules, do: name
    Map.take(Options.rules(options), names)
  end

  defp cancel_one({_key, %One{members: members, scan: %Scan{} = scan}}, _member, state)
       when map_size(members) == 1 do
    Scanner.cancel(scan)
    state
  end

  defp cancel_one({{root, _} = key, one}, member, state) do
    send(member, {__MODULE__, root, :left})
    put(state, key, remove(one, member))
  end

  @impl true
  def handle_info({:scan_progress, ref, progress}, state) do
    with {key, one} <- find(state, ref), do: tell(one, key, progress)
    {:noreply, state}
  end

  def handle_info({:scan_completed, ref, summary}, state) do
    case find(state, ref) do
      {key, one} -> {:noreply, ended(state, key, one, summary)}
      # It was faster than the job that opened it.
      nil -> {:noreply, put_in(state.early[ref], summary)}
    end
  end

  def handle_info({:DOWN, monitor, :process, pid, _reason} = message, state) do
    case Enum.find(state.roots, fn {_key, one} -> one.job == monitor end) do
      {key, one} ->
        {^monitor, result} = Job.result(message)
        {:noreply, opened(state, key, one, result)}

      nil ->
        roots = Map.new(state.roots, fn {key, one} -> {key, remove(one, pid)} end)
        {:noreply, %{state | roots: roots}}
    end
  end

  def handle_info(_other, state), do: {:noreply, state}

  # Aside: opening waits for the root's file system.
  defp open(index, root, when_to, options) do
    owner = self()

    Job.start(fn ->
      if when_to == :stale and fresh?(index, root, options) do
        :fresh
      else
        Scanner.scan(root, [index: index, slabs: false, progress: true, to: owner] ++ options)
      end
    end)
  end

  defp fresh?(index, root, options) do
    case find_source(index, root, options[:source_id], given(options)) do
      {:ok, answer} -> not answer.stale
      {:error, _error} -> false
    end
  end

  @doc false
  # The answer about the source that a root is in an index. The source must go by these rules: other rules may let in
  # what the client must not see.
  def find_source(index, root, source_id, rules) do
    found = if source_id, do: Index.source(index, source_id), else: Index.source_at(index, root)

    with {:ok, known} <- found do
      if same_rules?(known.value, rules),
        do: {:ok, known},
        else: {:error, %Error{reason: :rules_changed, operation: :read}}
    end
  end

  @doc false
  # Whether a source goes by these rules, of which not all need be given.
  def same_rules?(%Source{rules: known}, rules),
    do: known != nil and Map.take(known, Map.keys(rules)) == rules

  defp opened(state, key, one, {:ok, {:ok, %Scan{ref: ref} = scan}}) do
    tell(one, key, :scanning)
    one = %{one | scan: scan, job: nil}
    {summary, early} = Map.pop(state.early, ref)
    state = put(%{state | early: early}, key, one)
    if summary, do: ended(state, key, one, summary), else: state
  end

  defp opened(state, key, one, result) do
    tell(one, key, news(result))
    forget(state, key, one)
  end

  defp news({:ok, {:error, %Error{reason: :already_scanning}}}), do: :scanning
  defp news({:ok, news}), do: news
  defp news(:error), do: {:error, %Error{reason: :index_closed, operation: :scan}}

  defp ended(state, key, one, %Summary{} = summary) do
    tell(one, key, summary)
    forget(state, key, one)
  end

  defp forget(state, key, one) do
    for {_member, monitor} <- one.members, do: Process.demonitor(monitor, [:flush])
    roots = Map.delete(state.roots, key)
    opening? = Enum.any?(roots, fn {_key, one} -> one.scan == nil end)
    %{state | roots: roots, early: if(opening?, do: state.early, else: %{})}
  end

  defp tell(one, {root, _rules}, news),
    do: for({member, _monitor} <- one.members, do: send(member, {__MODULE__, root, news}))

  defp add(%One{members: members} = one, member) when is_map_key(members, member), do: one

  defp add(one, member), do: put_in(one.members[member], Process.monitor(member))

  defp remove(one, member) do
    {monitor, members} = Map.pop(one.members, member)
    if monitor, do: Process.demonitor(monitor, [:flush])
    %{one | members: members}
  end

  defp find(state, ref),
    do: Enum.find(state.roots, fn {_key, one} -> match?(%One{scan: %Scan{ref: ^ref}}, one) end)

  defp put(state, key, one), do: put_in(state.roots[key], one)
end
