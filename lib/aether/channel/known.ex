defmodule Aether.Channel.Known do
  @moduledoc false
  # What a client asks of an index: pages, searches, and whole scans that it takes part in; folders that it watches are in
  # watches.ex. Called by the channel's process. Questions are asked aside and answered later; functions give back what is
  # to be pushed and replied, in its order.

  alias Aether.{Error, Index, Options, Progress, Summary}
  alias Aether.Channel.{Config, Job, Request, Restart, Sources, Watches, Wire}

  # Questions that are open at once.
  @most_jobs 8

  # `roots` by their directories: what the client calls them, how they were asked for, and whether their end has been told.
  defstruct jobs: %{}, watches: %Watches{}, roots: %{}, sessions: %{}, monitor: nil, restart: nil

  @typedoc "A push, or a reply to a request that was made before."
  @type effect :: {String.t(), map} | {:reply, any, {:ok | :error, map}}

  @typedoc "A root: the client's key for it, the directory, and what the app has said of it besides."
  @type root :: %{
          key: String.t(),
          path: binary,
          source_id: String.t() | nil,
          known_as: binary | nil,
          options: keyword
        }

  @type t :: %__MODULE__{}

  @doc "Asks for a page of children, or searches. The answer is a reply to `to`."
  @spec ask(t, Config.t(), String.t(), root, Request.t(), any) :: {:ok, t} | {:error, String.t()}
  def ask(%__MODULE__{} = known, config, event, root, request, to) do
    {session, known} = session(known, event, root)

    if map_size(known.jobs) < @most_jobs do
      job =
        Job.start(fn ->
          index = Index.get(config.index)

          with {:ok, source} <- source(index, root),
               do: question(event, index, source, request, root, session)
        end)

      {:ok, put_in(known.jobs[job], {to, root.key})}
    else
      {:error, "too_many_requests"}
    end
  end

  @doc "The source that a root is in an index, if that knows it by the rules of this root."
  @spec source(Index.t(), root) :: {:ok, Index.Source.t()} | {:error, Error.t()}
  def source(index, root) do
    rules = Options.rules(root.options)

    with {:ok, %{value: source}} <- Sources.find_source(index, root.path, root.source_id, rules),
         do: {:ok, source}
  end

  defp question("children", index, source, request, _root, _session) do
    options = Map.to_list(Map.take(request, [:limit, :after, :sort, :order]))
    Index.children(index, source, request.path, options)
  end

  # A pasted path is held against what the client may know of the root's, and never against the root's own: with that, a
  # client could try where the root lies.
  defp question("search", index, source, request, root, session) do
    near = if path = request[:path], do: {source, path}
    newer = if time = request[:newer_ms], do: time * 1_000_000
    options = Map.to_list(Map.take(request, [:limit, :mode, :after, :kind, :ext, :larger]))
    own = [source: source, near: near, newer: newer, known_as: root.known_as, session: session]
    Index.search(index, request.query, own ++ options)
  end

  # A newer search of the same root cancels the one before, and is the faster for it.
  defp session(known, "search", %{key: key}) do
    session = Map.get_lazy(known.sessions, key, &Index.session/0)
    {session, put_in(known.sessions[key], session)}
  end

  defp session(known, _event, _root), do: {nil, known}

  @doc "Takes part in a scan of a whole root, which is started if need be."
  @spec take_part(t, Config.t(), root, :stale | :always) :: {t, [effect]}
  def take_part(%__MODULE__{} = known, config, %{path: path} = root, when_to) do
    # All of them, so that an index that knows the root by others refuses.
    options = Map.to_list(Options.rules(root.options))
    options = if root.source_id, do: [source_id: root.source_id] ++ options, else: options

    case known.roots do
      # News of a root's scan go to all keys of that root, so all of them must have the rules of the scan.
      %{^path => %{open?: true, how: {_, other}}} when other != options ->
        {known, [index(root.key, {:error, %Error{reason: :rules_changed}})]}

      roots ->
        keys =
          for %{keys: keys, how: {_, ^options}} <- List.wrap(roots[path]), key <- keys, do: key

        one = %{keys: Enum.uniq([root.key | keys]), how: {when_to, options}, open?: true}
        join(monitor(put_in(known.roots[path], one), config), config, path)
    end
  end

  defp join(known, config, path) do
    {when_to, options} = known.roots[path].how

    if Sources.join(config.sources, self(), path, when_to, options),
      do: {known, []},
      else: news(known, path, {:error, %Error{reason: :index_closed}})
  end

  # Before it is asked, so that no end of it goes unseen.
  defp monitor(%{monitor: nil} = known, config),
    do: %{known | monitor: Restart.monitor(config.sources)}

  defp monitor(known, _config), do: known

  defp keys(%{roots: roots}, path) do
    case roots do
      %{^path => %{keys: keys}} -> keys
      _none -> []
    end
  end

  @doc "Cancels that, unless others take part as well."
  @spec give_up(Config.t(), root) :: :ok
  def give_up(%Config{sources: nil}, _root), do: :ok
  def give_up(config, root), do: Sources.cancel(config.sources, self(), root.path)

  @doc "Watches the totals of a folder's folders."
  @spec watch(t, Config.t(), root, binary) :: {:ok, t} | {:error, String.t()}
  def watch(%__MODULE__{} = known, config, root, path) do
    with {:ok, watches} <- Watches.watch(known.watches, config, root, path),
         do: {:ok, %{known | watches: watches}}
  end

  @doc "Ends that."
  @spec unwatch(t, root, binary) :: t
  def unwatch(%__MODULE__{} = known, root, path),
    do: %{known | watches: Watches.unwatch(known.watches, root, path)}

  @doc """
  Takes a message in, if it is about these things. Without `room?` on the client's line, news wait or are left out: there
  will be newer ones.
  """
  @spec message(t, Config.t(), any, (() -> boolean)) :: {t, [effect]} | :unhandled
  def message(%__MODULE__{roots: roots} = known, _config, {Sources, path, news}, room?)
      when is_map_key(roots, path) do
    if is_struct(news, Progress) and not room?.(), do: {known, []}, else: news(known, path, news)
  end

  # Who scans is started anew, without what it was at: it is asked again.
  def message(%__MODULE__{monitor: monitor} = known, config, {:DOWN, monitor, _, _, _}, _room?)
      when is_reference(monitor) do
    known = %{known | monitor: nil}

    case open(known) != [] and Restart.await(config.sources, fn -> :ok end) do
      false -> {known, []}
      nil -> each(known, &news(&1, &2, {:error, %Error{reason: :index_closed}}))
      job -> {%{known | restart: job}, []}
    end
  end

  def message(%__MODULE__{} = known, config, message, room?) do
    with :unhandled <- Watches.message(known.watches, config, message, room?) do
      result(known, config, Job.result(message))
    else
      {watches, effects} -> {%{known | watches: watches}, effects}
    end
  end

  defp result(%{restart: job} = known, config, {job, _done}),
    do: each(monitor(%{known | restart: nil}, config), &join(&1, config, &2))

  defp result(%{jobs: jobs} = known, _config, {job, result}) when is_map_key(jobs, job) do
    {{to, key}, jobs} = Map.pop(jobs, job)
    {%{known | jobs: jobs}, [{:reply, to, reply(result, key)}]}
  end

  defp result(_known, _config, _not_ours), do: :unhandled

  defp open(known), do: for({path, %{open?: true}} <- known.roots, do: path)

  defp each(known, fun) do
    Enum.reduce(open(known), {known, []}, fn path, {known, effects} ->
      {known, more} = fun.(known, path)
      {known, effects ++ more}
    end)
  end

  defp news(known, path, news) do
    open? = news == :scanning or is_struct(news, Progress)
    {put_in(known.roots[path].open?, open?), for(key <- keys(known, path), do: index(key, news))}
  end

  defp reply({:ok, {:ok, answer}}, key), do: {:ok, Wire.answer(answer, key)}

  defp reply({:ok, {:error, %Error{reason: reason}}}, _key),
    do: {:error, %{reason: Wire.reason(reason)}}

  defp reply(:error, _key), do: {:error, %{reason: "index_closed"}}

  @doc "How the scan of a whole root goes, as a push."
  @spec index(String.t(), any) :: effect
  def index(key, %Progress{} = progress),
    do: index(key, Map.put(Wire.progress(progress), :status, :scanning))

  def index(key, %Summary{} = summary), do: index(key, Wire.summary(summary, nil))

  def index(key, {:error, %Error{reason: reason}}),
    do: index(key, %{status: :failed, reason: Wire.reason(reason)})

  def index(key, status) when is_atom(status), do: index(key, %{status: status})
  def index(key, news), do: {"index", Map.put(news, :root, key)}
end
