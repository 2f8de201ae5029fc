defmodule Aether.Channel.Index do
  @moduledoc false
  # One client's use of an index: pages of children, searches, and scans of whole roots that it takes part in. The folders that
  # it watches are in watches.ex. Called by the channel's process. Queries run in jobs and are answered later; functions
  # return what to push and reply, in order.

  alias Aether.{Error, Index, Options, Progress}
  alias Aether.Channel.{Config, Job, Request, Restart, Sources, Watches, Wire}

  # Maximum number of queries at once.
  @max_jobs 8

  # How long a query may read that looks at all files beneath a folder, in ms. A client of `phoenix.js` waits no longer.
  @max_time 10_000

  # `roots` by path: the client's keys for it, how its scan was requested, and whether the end of that is still to come.
  defstruct jobs: %{}, watches: %Watches{}, roots: %{}, sessions: %{}, monitor: nil, restart: nil

  @type t :: %__MODULE__{}

  @doc "Runs a query: a page of children, a search and the like. The answer is a reply to `to`."
  @spec query(t, Config.t(), String.t(), Wire.root(), Request.t(), any) ::
          {:ok, t} | {:error, String.t()}
  def query(%__MODULE__{} = state, config, event, root, request, to) do
    {session, state} = session(state, event, root)

    if map_size(state.jobs) < @max_jobs do
      job =
        Job.start(fn ->
          index = Index.get(config.index)

          with {:ok, source} <- Sources.source(index, root),
               do: run(event, index, source, request, root, session)
        end)

      {:ok, put_in(state.jobs[job], {to, root.key})}
    else
      {:error, "too_many_requests"}
    end
  end

  # The first page comes with what the folder itself holds: a client cannot add that up from the pages of a large one.
  defp run("children", index, source, request, _root, _session) do
    options = Map.to_list(Map.take(request, [:limit, :after, :sort, :order]))

    with {:ok, answer} <- Index.children(index, source, request.path, options),
         {:ok, totals} <- totals(index, source, request) do
      first = if request[:errors], do: answer.unreadable.first
      errors = first && for path <- first, do: {path, status(index, source, path)}
      {:ok, answer, &Wire.folder(totals, errors, &1)}
    end
  end

  defp run("links", index, source, request, _root, _session),
    do: Index.links(index, source, request.path, Map.to_list(Map.take(request, [:limit])))

  defp run("largest", index, source, request, _root, _session),
    do: Index.largest(index, source, request.path, Map.to_list(Map.take(request, [:limit, :by])))

  defp run("breakdown", index, source, request, _root, _session) do
    options = [timeout: @max_time] ++ Map.to_list(Map.take(request, [:limit, :by]))
    Index.breakdown(index, source, request.path, options)
  end

  # A pasted path is compared with the path by which the client knows the root, never with the real one: a client could find
  # out by trying where the root lies.
  defp run("search", index, source, request, root, session) do
    near = if path = request[:path], do: {source, path}
    newer = if time = request[:newer_ms], do: time * 1_000_000
    options = Map.to_list(Map.take(request, [:limit, :mode, :after, :kind, :ext, :larger]))
    own = [source: source, near: near, newer: newer, known_as: root.known_as, session: session]
    Index.search(index, request.query, own ++ options)
  end

  defp totals(_index, _source, %{after: _}), do: {:ok, nil}

  defp totals(index, source, request) do
    with {:ok, answer} <- Index.totals(index, source, request.path), do: {:ok, answer.value}
  end

  # It may have been read, or have gone, since it was found to be unreadable.
  defp status(index, source, path) do
    case Index.stat(index, source, path) do
      {:ok, %{value: %{status: status}}} -> status
      _other -> :vanished
    end
  end

  # Within a session, a newer search cancels the one before, and reuses its matches.
  defp session(state, "search", %{key: key}) do
    session = Map.get_lazy(state.sessions, key, &Index.session/0)
    {session, put_in(state.sessions[key], session)}
  end

  defp session(state, _event, _root), do: {nil, state}

  @doc "Takes part in a scan of a whole root, which is started if need be."
  @spec join_scan(t, Config.t(), Wire.root(), :stale | :always) :: {t, [Wire.effect()]}
  def join_scan(%__MODULE__{} = state, config, %{path: path} = root, when_to) do
    # All rules, so that the index refuses a root that it has with others.
    options = Map.to_list(Options.rules(root.options))
    options = if root.source_id, do: [source_id: root.source_id] ++ options, else: options

    case state.roots do
      # All keys of a root get the events of its scan, so all of them must have the rules of the scan.
      %{^path => %{open?: true, how: {_, other}}} when other != options ->
        {state, [Wire.index_event(root.key, {:error, %Error{reason: :rules_changed}})]}

      roots ->
        keys =
          for %{keys: keys, how: {_, ^options}} <- List.wrap(roots[path]), key <- keys, do: key

        joined = %{keys: Enum.uniq([root.key | keys]), how: {when_to, options}, open?: true}
        join(monitor(put_in(state.roots[path], joined), config), config, path)
    end
  end

  defp join(state, config, path) do
    {when_to, options} = state.roots[path].how

    if Sources.join(config.sources, self(), path, when_to, options),
      do: {state, []},
      else: scan_event(state, path, {:error, %Error{reason: :index_closed}})
  end

  # Called before every request to the server, so that its end is never missed.
  defp monitor(%{monitor: nil} = state, config),
    do: %{state | monitor: Restart.monitor(config.sources)}

  defp monitor(state, _config), do: state

  defp keys(%{roots: roots}, path) do
    case roots do
      %{^path => %{keys: keys}} -> keys
      _none -> []
    end
  end

  @doc "Cancels that scan, unless others take part as well."
  @spec cancel_scan(Config.t(), Wire.root()) :: :ok
  def cancel_scan(%Config{sources: nil}, _root), do: :ok
  def cancel_scan(config, root), do: Sources.cancel(config.sources, self(), root.path)

  @doc "Watches the totals of a folder's subfolders."
  @spec watch(t, Config.t(), Wire.root(), binary) :: {:ok, t} | {:error, String.t()}
  def watch(%__MODULE__{} = state, config, root, path) do
    with {:ok, watches} <- Watches.watch(state.watches, config, root, path),
         do: {:ok, %{state | watches: watches}}
  end

  @doc "Stops watching them."
  @spec unwatch(t, Wire.root(), binary) :: t
  def unwatch(%__MODULE__{} = state, root, path),
    do: %{state | watches: Watches.unwatch(state.watches, root, path)}

  @doc """
  Handles a message, if it is about the index. Unless the client is `ready?` for more, events wait or are dropped: newer ones
  will come.
  """
  @spec message(t, Config.t(), any, (() -> boolean)) :: {t, [Wire.effect()]} | :unhandled
  def message(%__MODULE__{roots: roots} = state, _config, {Sources, path, event}, ready?)
      when is_map_key(roots, path) do
    if is_struct(event, Progress) and not ready?.(),
      do: {state, []},
      else: scan_event(state, path, event)
  end

  # A restarted server knows nothing of what its predecessor did, so everything is requested again.
  def message(%__MODULE__{monitor: monitor} = state, config, {:DOWN, monitor, _, _, _}, _ready?)
      when is_reference(monitor) do
    state = %{state | monitor: nil}

    case open(state) != [] and Restart.await(config.sources, fn -> :ok end) do
      false -> {state, []}
      nil -> each_open(state, &scan_event(&1, &2, {:error, %Error{reason: :index_closed}}))
      job -> {%{state | restart: job}, []}
    end
  end

  def message(%__MODULE__{} = state, config, message, ready?) do
    with :unhandled <- Watches.message(state.watches, config, message, ready?) do
      result(state, config, Job.result(message))
    else
      {watches, effects} -> {%{state | watches: watches}, effects}
    end
  end

  defp result(%{restart: job} = state, config, {job, _done}),
    do: each_open(monitor(%{state | restart: nil}, config), &join(&1, config, &2))

  defp result(%{jobs: jobs} = state, config, {job, result}) when is_map_key(jobs, job) do
    {{to, key}, jobs} = Map.pop(jobs, job)
    {%{state | jobs: jobs}, [{:reply, to, reply(result, key, config.attributes)}]}
  end

  defp result(_state, _config, _not_ours), do: :unhandled

  defp open(state), do: for({path, %{open?: true}} <- state.roots, do: path)

  defp each_open(state, fun) do
    Enum.reduce(open(state), {state, []}, fn path, {state, effects} ->
      {state, more} = fun.(state, path)
      {state, effects ++ more}
    end)
  end

  defp scan_event(state, path, event) do
    open? = event == :scanning or is_struct(event, Progress)
    effects = for key <- keys(state, path), do: Wire.index_event(key, event)
    {put_in(state.roots[path].open?, open?), effects}
  end

  defp reply({:ok, {:ok, answer}}, key, groups), do: {:ok, Wire.answer(answer, key, groups)}

  defp reply({:ok, {:ok, answer, folder}}, key, groups),
    do: {:ok, Map.merge(Wire.answer(answer, key, groups), folder.(groups))}

  defp reply({:ok, {:error, %Error{reason: reason}}}, _key, _groups),
    do: {:error, %{reason: Wire.reason(reason)}}

  defp reply(:error, _key, _groups), do: {:error, %{reason: "index_closed"}}
end
