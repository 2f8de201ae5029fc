defmodule Aether.Channel.Sources do
  @moduledoc """
  Has whole roots scanned into an index, for the clients of channels, and outlives them.

  It stands beside the index in the supervision tree, after it:

      children = [
        {Aether.Index, name: MyApp.Files, path: "/var/lib/my_app/files.db"},
        {Aether.Channel.Sources, index: MyApp.Files}
      ]

  A root has one scan at a time, which sends no slabs: who asks for one that runs joins it, and hears how it goes on. A
  client that leaves, or whose browser is closed, ends nothing; only one who is alone with a scan can cancel it.

  ## Options

    * `:index` - the index, or the name or pid of its process. Required
    * `:name` - of the process. Default, where the index goes by an atom, that atom with `Sources` after it, which is where
      `Aether.Channel` looks for it
  """

  use GenServer

  alias Aether.{Error, Index, Scan, Scanner, Summary}
  alias Aether.Channel.Job

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

  # A scan of a root, by the root: `scan` is nil while it is being opened.
  defmodule One do
    @moduledoc false
    defstruct [:job, :scan, members: %{}]
  end

  @impl true
  def init(index), do: {:ok, %{index: index, roots: %{}, early: %{}}}

  @impl true
  def handle_cast({:join, member, root, when_to, options}, state) do
    one = state.roots[root] || %One{job: open(state.index, root, when_to, options)}
    if one.scan, do: send(member, {__MODULE__, root, :scanning})
    {:noreply, put(state, root, add(one, member))}
  end

  def handle_cast({:cancel, member, root}, state) do
    case state.roots do
      %{^root => %One{members: members, scan: %Scan{} = scan}}
      when map_size(members) == 1 and is_map_key(members, member) ->
        Scanner.cancel(scan)
        {:noreply, state}

      %{^root => %One{members: %{^member => _}} = one} ->
        send(member, {__MODULE__, root, :left})
        {:noreply, put(state, root, remove(one, member))}

      _none ->
        {:noreply, state}
    end
  end

  @impl true
  def handle_info({:scan_progress, ref, progress}, state) do
    with {root, one} <- find(state, ref), do: tell(one, root, progress)
    {:noreply, state}
  end

  def handle_info({:scan_completed, ref, summary}, state) do
    case find(state, ref) do
      {root, one} -> {:noreply, ended(state, root, one, summary)}
      # It was faster than the job that opened it.
      nil -> {:noreply, put_in(state.early[ref], summary)}
    end
  end

  def handle_info({:DOWN, monitor, :process, pid, _reason} = message, state) do
    case Enum.find(state.roots, fn {_root, one} -> one.job == monitor end) do
      {root, one} ->
        {^monitor, result} = Job.result(message)
        {:noreply, opened(state, root, one, result)}

      nil ->
        roots = Map.new(state.roots, fn {root, one} -> {root, remove(one, pid)} end)
        {:noreply, %{state | roots: roots}}
    end
  end

  def handle_info(_other, state), do: {:noreply, state}

  # Aside: opening waits for the root's file system.
  defp open(index, root, when_to, options) do
    owner = self()

    Job.start(fn ->
      if when_to == :stale and fresh?(index, root, options[:source_id]) do
        :fresh
      else
        Scanner.scan(root, [index: index, slabs: false, progress: true, to: owner] ++ options)
      end
    end)
  end

  defp fresh?(index, root, source_id) do
    case find_source(index, root, source_id) do
      {:ok, answer} -> not answer.stale?
      {:error, _error} -> false
    end
  end

  @doc false
  # The answer about the source that a root is in an index.
  def find_source(index, root, source_id) do
    with {:ok, answers} <- Index.sources(index) do
      known =
        Enum.find(answers, fn %{value: source} ->
          if source_id, do: source.uuid == source_id, else: source.root == root
        end)

      if known, do: {:ok, known}, else: {:error, %Error{reason: :no_source, operation: :read}}
    end
  end

  defp opened(state, root, one, {:ok, {:ok, %Scan{ref: ref} = scan}}) do
    tell(one, root, :scanning)
    one = %{one | scan: scan, job: nil}
    {summary, early} = Map.pop(state.early, ref)
    state = put(%{state | early: early}, root, one)
    if summary, do: ended(state, root, one, summary), else: state
  end

  defp opened(state, root, one, result) do
    tell(one, root, news(result))
    forget(state, root, one)
  end

  defp news({:ok, {:error, %Error{reason: :already_scanning}}}), do: :scanning
  defp news({:ok, news}), do: news
  defp news(:error), do: {:error, %Error{reason: :index_closed, operation: :scan}}

  defp ended(state, root, one, %Summary{} = summary) do
    tell(one, root, summary)
    forget(state, root, one)
  end

  defp forget(state, root, one) do
    for {_member, monitor} <- one.members, do: Process.demonitor(monitor, [:flush])
    roots = Map.delete(state.roots, root)
    opening? = Enum.any?(roots, fn {_root, one} -> one.scan == nil end)
    %{state | roots: roots, early: if(opening?, do: state.early, else: %{})}
  end

  defp tell(one, root, news),
    do: for({member, _monitor} <- one.members, do: send(member, {__MODULE__, root, news}))

  defp add(%One{members: members} = one, member) when is_map_key(members, member), do: one

  defp add(one, member), do: put_in(one.members[member], Process.monitor(member))

  defp remove(one, member) do
    {monitor, members} = Map.pop(one.members, member)
    if monitor, do: Process.demonitor(monitor, [:flush])
    %{one | members: members}
  end

  defp find(state, ref),
    do: Enum.find(state.roots, fn {_root, one} -> match?(%One{scan: %Scan{ref: ^ref}}, one) end)

  defp put(state, root, one), do: put_in(state.roots[root], one)
end
