defmodule Aether.Channel.Known do
  @moduledoc false
  # What a client asks of an index: pages, searches, folders that it watches, and whole scans that it takes part in.
  # Called by the channel's process. Questions are asked aside and answered later; functions give back what is to be
  # pushed and replied, in its order.

  alias Aether.{Error, Index, Progress, Summary}
  alias Aether.Channel.{Config, Job, Request, Sources, Wire}

  # Questions that are open at once.
  @most_jobs 8

  # Totals that did not go out, because the client's line was full, are tried again after so many milliseconds.
  @again 250

  # Options of a scan by which an index knows a root.
  @rules [:hidden, :ignore, :exclude, :same_file_system]

  defstruct jobs: %{}, watches: %{}, late: %{}, timer: nil, roots: %{}, sessions: %{}

  @typedoc "A push, or a reply to a request that was made before."
  @type effect :: {String.t(), map} | {:reply, any, {:ok | :error, map}}

  @typedoc "A root: the client's key for it, the directory, and the source's id, if the app gave one."
  @type root :: %{key: String.t(), path: binary, source_id: String.t() | nil, options: keyword}

  @type t :: %__MODULE__{}

  @doc "Asks for a page of children, or searches. The answer is a reply to `to`."
  @spec ask(t, Config.t(), String.t(), root, Request.t(), any) :: {:ok, t} | {:error, String.t()}
  def ask(%__MODULE__{} = known, config, event, root, request, to) do
    {session, known} = session(known, event, root)

    if map_size(known.jobs) < @most_jobs do
      job =
        Job.start(fn ->
          with {:ok, index} <- index(config),
               {:ok, %{value: source}} <- Sources.find_source(index, root.path, root.source_id),
               do: question(event, index, source, request, session)
        end)

      {:ok, put_in(known.jobs[job], {to, root.key})}
    else
      {:error, "too_many_requests"}
    end
  end

  defp question("children", index, source, request, _session) do
    options = Map.to_list(Map.take(request, [:limit, :after, :sort, :order]))
    Index.children(index, source, request.path, options)
  end

  defp question("search", index, source, request, session) do
    near = if path = request[:path], do: {source, path}
    options = Map.to_list(Map.take(request, [:limit, :mode]))
    options = [source: source, near: near, session: session] ++ options
    Index.search(index, request.query, options)
  end

  # A newer search of the same root cancels the one before, and is the faster for it.
  defp session(known, "search", %{key: key}) do
    session = Map.get_lazy(known.sessions, key, &Index.session/0)
    {session, put_in(known.sessions[key], session)}
  end

  defp session(known, _event, _root), do: {nil, known}

  @doc "Takes part in a scan of a whole root, which is started if need be."
  @spec take_part(t, Config.t(), root, :stale | :always) :: {t, [effect]}
  def take_part(%__MODULE__{} = known, config, root, when_to) do
    options = if root.source_id, do: [source_id: root.source_id], else: []
    options = options ++ Keyword.take(root.options, @rules)
    known = put_in(known.roots[root.path], root.key)

    if Sources.join(config.sources, self(), root.path, when_to, options),
      do: {known, []},
      else: {known, [index(root.key, {:error, %Error{reason: :index_closed}})]}
  end

  @doc "Cancels that, unless others take part as well."
  @spec give_up(Config.t(), root) :: :ok
  def give_up(%Config{sources: nil}, _root), do: :ok
  def give_up(config, root), do: Sources.cancel(config.sources, self(), root.path)

  @doc "Watches the totals of a folder's folders."
  @spec watch(t, Config.t(), root, binary) :: {:ok, t} | {:error, String.t()}
  def watch(%__MODULE__{} = known, config, root, path) do
    cond do
      watched(known, root, path) ->
        {:ok, known}

      map_size(known.watches) >= config.watches ->
        {:error, "too_many_watches"}

      true ->
        with {:ok, index} <- index(config),
             {:ok, %{value: source}} <- Sources.find_source(index, root.path, root.source_id),
             {:ok, ref} <- Index.subscribe(index, source, path) do
          {:ok, put_in(known.watches[ref], {root.key, path, index})}
        else
          {:error, %Error{reason: reason}} -> {:error, Wire.reason(reason)}
        end
    end
  end

  @doc "Ends that."
  @spec unwatch(t, root, binary) :: t
  def unwatch(%__MODULE__{} = known, root, path) do
    with {ref, {_key, _path, index}} <- watched(known, root, path) do
      Index.unsubscribe(index, ref)
      %{known | watches: Map.delete(known.watches, ref), late: Map.delete(known.late, ref)}
    else
      nil -> known
    end
  end

  defp watched(known, %{key: key}, path),
    do: Enum.find(known.watches, &match?({_ref, {^key, ^path, _index}}, &1))

  @doc """
  Takes a message in, if it is about these things. Without `room?` on the client's line, news wait or are left out: there
  will be newer ones.
  """
  @spec message(t, any, (() -> boolean)) :: {t, [effect]} | :unhandled
  def message(%__MODULE__{watches: watches} = known, {:index_folders, ref, folders}, room?)
      when is_map_key(watches, ref) do
    known = put_in(known.late[ref], folders)

    cond do
      room?.() -> flush(known)
      known.timer -> {known, []}
      true -> {%{known | timer: :erlang.start_timer(@again, self(), __MODULE__)}, []}
    end
  end

  def message(%__MODULE__{timer: timer} = known, {:timeout, timer, __MODULE__}, room?)
      when is_reference(timer) do
    if room?.(),
      do: flush(%{known | timer: nil}),
      else: {%{known | timer: :erlang.start_timer(@again, self(), __MODULE__)}, []}
  end

  def message(%__MODULE__{roots: roots} = known, {Sources, path, news}, room?)
      when is_map_key(roots, path) do
    {known,
     if(is_struct(news, Progress) and not room?.(), do: [], else: [index(roots[path], news)])}
  end

  def message(%__MODULE__{} = known, message, _room?) do
    with {job, result} <- Job.result(message),
         {{to, key}, jobs} <- Map.pop(known.jobs, job) do
      {%{known | jobs: jobs}, [{:reply, to, reply(result, key)}]}
    else
      _not_ours -> :unhandled
    end
  end

  defp flush(known) do
    pushes =
      for {ref, folders} <- known.late do
        {key, path, _index} = known.watches[ref]
        {"folders", Wire.path(%{root: key, folders: Wire.folders(folders)}, path)}
      end

    {%{known | late: %{}}, pushes}
  end

  defp reply({:ok, {:ok, answer}}, key), do: {:ok, Wire.answer(answer, key)}

  defp reply({:ok, {:error, %Error{reason: reason}}}, _key),
    do: {:error, %{reason: Wire.reason(reason)}}

  defp reply(:error, _key), do: {:error, %{reason: "index_closed"}}

  defp index(key, %Progress{} = progress),
    do: index(key, Map.put(Wire.progress(progress), :status, :scanning))

  defp index(key, %Summary{} = summary), do: index(key, Wire.summary(summary, nil))

  defp index(key, {:error, %Error{reason: reason}}),
    do: index(key, %{status: :failed, reason: Wire.reason(reason)})

  defp index(key, status) when is_atom(status), do: index(key, %{status: status})
  defp index(key, news), do: {"index", Map.put(news, :root, key)}

  # The process of the index may be starting anew.
  defp index(%Config{index: index}) do
    {:ok, Index.get(index)}
  catch
    :exit, _reason -> {:error, %Error{reason: :index_closed, operation: :read}}
  end
end
