defmodule Aether.Channel.Watches do
  @moduledoc false
  # Folders whose totals a client watches. Called by the channel's process, which is the subscriber. When the index's process
  # ends, its subscriptions end without a message: they are made again with the process that is started in its place.

  alias Aether.{Error, Index}
  alias Aether.Channel.{Config, Job, Restart, Sources, Wire}

  # How long to wait, in milliseconds, before totals are pushed that a busy client was not ready for.
  @retry 250

  # Maximum number of subfolders whose totals are pushed, as with a subscription.
  @max_folders 10_000
  @page 1000

  # `folders` by the subscription's reference; `late` are totals to push when the client is ready; `lost` are folders whose
  # index has ended. A job reads what a folder holds now (`{:read, ref}`), or waits for the index (`:restart`).
  defstruct folders: %{}, late: %{}, timer: nil, jobs: %{}, lost: [], monitor: nil

  @type t :: %__MODULE__{}

  @doc "Watches a folder. Its totals are pushed at once, and then whenever they have changed."
  @spec watch(t, Config.t(), Wire.root(), binary) :: {:ok, t} | {:error, String.t()}
  def watch(%__MODULE__{} = watches, config, root, path) do
    cond do
      watched?(watches, {root.key, path}) ->
        {:ok, watches}

      map_size(watches.folders) + length(watches.lost) >= config.watches ->
        {:error, "too_many_watches"}

      true ->
        # Monitored before it is called, so that its end is never missed.
        monitored = monitor(watches, config)

        with {:ok, index} <- get(config),
             {:ok, watches} <- subscribe(monitored, config, index, root, path) do
          {:ok, watches}
        else
          {:error, %Error{reason: reason}} ->
            if watches.monitor == nil, do: Restart.demonitor(monitored.monitor)
            {:error, Wire.reason(reason)}
        end
    end
  end

  @doc "Stops watching a folder."
  @spec unwatch(t, Wire.root(), binary) :: t
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
  Handles a message, if it is about these folders. Unless the client is `ready?` for more, totals wait: newer ones may take
  their place.
  """
  @spec message(t, Config.t(), any, (() -> boolean)) :: {t, [Wire.effect()]} | :unhandled
  def message(
        %__MODULE__{folders: folders} = watches,
        _config,
        {:index_folders, ref, totals},
        _ready?
      )
      when is_map_key(folders, ref) do
    # These replace what a job may still be reading. The source is looked up again, as its rules may have been replaced since
    # the subscription.
    %{index: index, root: root} = watches.folders[ref]

    {start_read(watches, ref, fn ->
       with {:ok, _source} <- Sources.source(index, root), do: {:ok, totals}
     end), []}
  end

  def message(%__MODULE__{timer: timer} = watches, _config, {:timeout, timer, __MODULE__}, ready?)
      when is_reference(timer),
      do: flush(%{watches | timer: nil}, ready?)

  def message(%__MODULE__{monitor: monitor} = watches, config, {:DOWN, monitor, _, _, _}, _ready?)
      when is_reference(monitor),
      do: lose(%{watches | monitor: nil}, config)

  def message(%__MODULE__{jobs: jobs} = watches, config, message, ready?) do
    with {job, result} when is_map_key(jobs, job) <- Job.result(message) do
      {what, jobs} = Map.pop(jobs, job)
      done(%{watches | jobs: jobs}, config, what, job, result, ready?)
    else
      _not_ours -> :unhandled
    end
  end

  defp done(watches, _config, {:read, ref}, job, {:ok, {:ok, totals}}, ready?) do
    case watches.folders do
      %{^ref => %{job: ^job}} -> push(watches, ref, totals, ready?)
      # Unwatched, or replaced by a newer read.
      _outdated -> {watches, []}
    end
  end

  defp done(
         watches,
         _config,
         {:read, ref},
         _job,
         {:ok, {:error, %{reason: reason} = error}},
         _ready?
       )
       when reason == :rules_changed and is_map_key(watches.folders, ref) do
    %{root: root, path: path} = watches.folders[ref]
    {unwatch(watches, root, path), [Wire.index_event(root.key, {:error, error})]}
  end

  defp done(watches, _config, {:read, _ref}, _job, _unreadable, _ready?), do: {watches, []}

  defp done(watches, config, :restart, _job, {:ok, %Index{} = index}, _ready?) do
    {lost, watches} = Map.get_and_update!(watches, :lost, &{&1, []})
    watches = if lost == [], do: watches, else: monitor(watches, config)

    Enum.reduce(lost, {watches, []}, fn {root, path} = folder, {watches, effects} ->
      case subscribe(watches, config, index, root, path) do
        {:ok, watches} ->
          {watches, effects}

        # It has ended again, and the monitor will report that.
        {:error, %Error{reason: :index_closed}} ->
          {%{watches | lost: [folder | watches.lost]}, effects}

        {:error, error} ->
          {watches, effects ++ [Wire.index_event(root.key, {:error, error})]}
      end
    end)
  end

  defp done(watches, config, :restart, _job, _closed, _ready?), do: restart(watches, config)

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
        {%{watches | lost: []}, for(key <- keys, do: Wire.index_event(key, closed))}

      job ->
        {put_in(watches.jobs[job], :restart), []}
    end
  end

  defp subscribe(watches, config, index, root, path) do
    with {:ok, source} <- Sources.source(index, root),
         {:ok, ref} <- Index.subscribe(index, source, path) do
      folder = %{root: root, path: path, index: index, groups: config.attributes, job: nil}
      watches = put_in(watches.folders[ref], folder)
      {:ok, start_read(watches, ref, fn -> read(index, source, path, nil, []) end)}
    end
  end

  defp start_read(watches, ref, fun) do
    job = Job.start(fun)
    put_in(put_in(watches.folders[ref].job, job).jobs[job], {:read, ref})
  end

  # Sorted by name, folders come before everything else.
  defp read(index, source, path, cursor, pages) do
    case Index.children(index, source, path, limit: @page, after: cursor) do
      {:ok, %{value: page}} ->
        folders =
          for %{kind: :directory} = child <- page.entries,
              do: {child.name, child.file_count, child.bytes, child.disk, child.disk_exact}

        pages = [folders | pages]

        if page.next && length(folders) == @page && length(pages) < div(@max_folders, @page),
          do: read(index, source, path, page.next, pages),
          else: {:ok, pages |> Enum.reverse() |> Enum.concat()}

      {:error, %Error{reason: reason}} when reason in [:no_folder, :enotdir] ->
        {:ok, []}

      {:error, error} ->
        {:error, error}
    end
  end

  defp push(watches, ref, totals, ready?), do: flush(put_in(watches.late[ref], totals), ready?)

  defp flush(watches, ready?) do
    cond do
      ready?.() ->
        pushes =
          for {ref, totals} <- watches.late do
            %{root: root, path: path, groups: groups} = watches.folders[ref]
            folders = Wire.folders(totals, groups)
            {"folders", Wire.path(%{root: root.key, folders: folders}, path)}
          end

        {%{watches | late: %{}}, pushes}

      watches.timer || watches.late == %{} ->
        {watches, []}

      true ->
        {%{watches | timer: :erlang.start_timer(@retry, self(), __MODULE__)}, []}
    end
  end

  defp monitor(%{monitor: nil} = watches, config),
    do: %{watches | monitor: Restart.monitor(config.index)}

  defp monitor(watches, _config), do: watches

  # The index's process may just be restarting.
  defp get(%Config{index: index}) do
    {:ok, Index.get(index)}
  catch
    :exit, _reason -> {:error, %Error{reason: :index_closed, operation: :read}}
  end
end
