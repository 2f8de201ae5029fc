defmodule Aether.Channel.Watches do
  @moduledoc false
  # Folders whose totals a client watches. Called by the channel's process, which is who the index tells. When the index's
  # process ends, its subscriptions end without a word: they are made anew with the one that is started in its place.

  alias Aether.{Error, Index}
  alias Aether.Channel.{Config, Job, Known, Restart, Wire}

  # Totals that did not go out, because the client's line was full, are tried again after so many milliseconds.
  @again 250

  # Folders of one folder that are told, as by a subscription.
  @most 10_000
  @page 1000

  # `late` is told when there is room. A job reads what a folder holds now, or waits for the index.
  defstruct folders: %{}, late: %{}, timer: nil, jobs: %{}, lost: [], monitor: nil

  @type t :: %__MODULE__{}

  @doc "Watches a folder. What it holds is told at once, and then whenever it has changed."
  @spec watch(t, Config.t(), Known.root(), binary) :: {:ok, t} | {:error, String.t()}
  def watch(%__MODULE__{} = watches, config, root, path) do
    cond do
      watched?(watches, {root.key, path}) ->
        {:ok, watches}

      map_size(watches.folders) + length(watches.lost) >= config.watches ->
        {:error, "too_many_watches"}

      true ->
        # Before the index is asked for, so that no end of it goes unseen.
        monitored = monitor(watches, config)

        with {:ok, index} <- get(config),
             {:ok, watches} <- subscribe(monitored, index, root, path) do
          {:ok, watches}
        else
          {:error, %Error{reason: reason}} ->
            if watches.monitor == nil, do: Restart.demonitor(monitored.monitor)
            {:error, Wire.reason(reason)}
        end
    end
  end

  @doc "Ends that."
  @spec unwatch(t, Known.root(), binary) :: t
  def unwatch(%__MODULE__{} = watches, %{key: key}, path) do
    lost = Enum.reject(watches.lost, &(name(&1) == {key, path}))

    case Enum.find(watches.folders, fn {_ref, folder} -> name(folder) == {key, path} end) do
      {ref, %{index: index}} ->
        Index.unsubscribe(index, ref)
        folders = Map.delete(watches.folders, ref)
        %{watches | folders: folders, late: Map.delete(watches.late, ref), lost: lost}

      nil ->
        %{watches | lost: lost}
    end
  end

  defp watched?(watches, name),
    do: Enum.any?(watches.lost ++ Map.values(watches.folders), &(name(&1) == name))

  defp name({root, path}), do: {root.key, path}
  defp name(%{root: root, path: path}), do: {root.key, path}

  @doc """
  Takes a message in, if it is about these folders. Without `room?` on the client's line, news wait: there will be newer
  ones.
  """
  @spec message(t, Config.t(), any, (() -> boolean)) :: {t, [Known.effect()]} | :unhandled
  def message(
        %__MODULE__{folders: folders} = watches,
        _config,
        {:index_folders, ref, news},
        _room?
      )
      when is_map_key(folders, ref) do
    # Newer than what is being read. The source may have got other rules since it was subscribed to.
    %{index: index, root: root} = watches.folders[ref]

    {reading(watches, ref, fn ->
       with {:ok, _source} <- Known.source(index, root), do: {:ok, news}
     end), []}
  end

  def message(%__MODULE__{timer: timer} = watches, _config, {:timeout, timer, __MODULE__}, room?)
      when is_reference(timer),
      do: flush(%{watches | timer: nil}, room?)

  def message(%__MODULE__{monitor: monitor} = watches, config, {:DOWN, monitor, _, _, _}, _room?)
      when is_reference(monitor),
      do: lose(%{watches | monitor: nil}, config)

  def message(%__MODULE__{jobs: jobs} = watches, config, message, room?) do
    with {job, result} when is_map_key(jobs, job) <- Job.result(message) do
      {what, jobs} = Map.pop(jobs, job)
      done(%{watches | jobs: jobs}, config, what, job, result, room?)
    else
      _not_ours -> :unhandled
    end
  end

  # What a folder held when it was first watched, or has now.
  defp done(watches, _config, {:read, ref}, job, {:ok, {:ok, news}}, room?) do
    case watches.folders do
      %{^ref => %{job: ^job}} -> tell(watches, ref, news, room?)
      _later_news -> {watches, []}
    end
  end

  defp done(
         watches,
         _config,
         {:read, ref},
         _job,
         {:ok, {:error, %{reason: reason} = error}},
         _room?
       )
       when reason == :rules_changed and is_map_key(watches.folders, ref) do
    %{root: root, path: path} = watches.folders[ref]
    {unwatch(watches, root, path), [Known.index(root.key, {:error, error})]}
  end

  defp done(watches, _config, {:read, _ref}, _job, _unreadable, _room?), do: {watches, []}

  defp done(watches, config, :restart, _job, {:ok, %Index{} = index}, _room?) do
    {lost, watches} = Map.get_and_update!(watches, :lost, &{&1, []})
    watches = if lost == [], do: watches, else: monitor(watches, config)

    Enum.reduce(lost, {watches, []}, fn {root, path} = folder, {watches, effects} ->
      case subscribe(watches, index, root, path) do
        {:ok, watches} ->
          {watches, effects}

        # It has ended again, of which the monitor tells.
        {:error, %Error{reason: :index_closed}} ->
          {%{watches | lost: [folder | watches.lost]}, effects}

        {:error, error} ->
          {watches, effects ++ [Known.index(root.key, {:error, error})]}
      end
    end)
  end

  defp done(watches, config, :restart, _job, _closed, _room?), do: restart(watches, config)

  defp lose(watches, config) do
    lost = for {_ref, folder} <- watches.folders, do: {folder.root, folder.path}
    restart(%{watches | folders: %{}, late: %{}, lost: watches.lost ++ lost}, config)
  end

  defp restart(%{lost: []} = watches, _config), do: {watches, []}

  defp restart(watches, config) do
    case Restart.await(config.index, fn -> Index.get(config.index) end) do
      nil ->
        keys = Enum.uniq(for {root, _path} <- watches.lost, do: root.key)
        closed = {:error, %Error{reason: :index_closed}}
        {%{watches | lost: []}, for(key <- keys, do: Known.index(key, closed))}

      job ->
        {put_in(watches.jobs[job], :restart), []}
    end
  end

  defp subscribe(watches, index, root, path) do
    with {:ok, source} <- Known.source(index, root),
         {:ok, ref} <- Index.subscribe(index, source, path) do
      folder = %{root: root, path: path, index: index, job: nil}
      watches = put_in(watches.folders[ref], folder)
      {:ok, reading(watches, ref, fn -> read(index, source, path, nil, []) end)}
    end
  end

  defp reading(watches, ref, fun) do
    job = Job.start(fun)
    put_in(put_in(watches.folders[ref].job, job).jobs[job], {:read, ref})
  end

  # Folders come before all else.
  defp read(index, source, path, from, pages) do
    case Index.children(index, source, path, limit: @page, after: from) do
      {:ok, %{value: page}} ->
        folders =
          for %{kind: :directory} = child <- page.entries,
              do: {child.name, child.file_count, child.bytes}

        pages = [folders | pages]

        if page.next && length(folders) == @page && length(pages) < div(@most, @page),
          do: read(index, source, path, page.next, pages),
          else: {:ok, pages |> Enum.reverse() |> Enum.concat()}

      {:error, %Error{reason: reason}} when reason in [:no_folder, :enotdir] ->
        {:ok, []}

      {:error, error} ->
        {:error, error}
    end
  end

  defp tell(watches, ref, news, room?), do: flush(put_in(watches.late[ref], news), room?)

  defp flush(watches, room?) do
    cond do
      room?.() ->
        pushes =
          for {ref, news} <- watches.late do
            %{root: root, path: path} = watches.folders[ref]
            {"folders", Wire.path(%{root: root.key, folders: Wire.folders(news)}, path)}
          end

        {%{watches | late: %{}}, pushes}

      watches.timer || watches.late == %{} ->
        {watches, []}

      true ->
        {%{watches | timer: :erlang.start_timer(@again, self(), __MODULE__)}, []}
    end
  end

  defp monitor(%{monitor: nil} = watches, config),
    do: %{watches | monitor: Restart.monitor(config.index)}

  defp monitor(watches, _config), do: watches

  # The process of the index may be starting anew.
  defp get(%Config{index: index}) do
    {:ok, Index.get(index)}
  catch
    :exit, _reason -> {:error, %Error{reason: :index_closed, operation: :read}}
  end
end
