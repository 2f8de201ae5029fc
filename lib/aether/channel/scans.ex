defmodule Aether.Channel.Scans do
  @moduledoc false
  # The scans of one client: which run, which wait for their turn, how many slabs each may send. Called by the channel's
  # process, which receives all of them. Functions return what to push, in order.

  alias Aether.{Error, Scanner, Scan, Summary}
  alias Aether.Channel.{Config, Outbox, Pace, PendingScans, Window, Wire}
  alias Aether.Slab.Split

  # `hurry?`: replies wait, which are not to come after too many slabs.
  @enforce_keys [:window, :tag]
  defstruct [
    :window,
    :tag,
    :idle,
    scans: [],
    pending: %PendingScans{},
    outbox: %Outbox{},
    pace: %Pace{},
    hurry?: false
  ]

  # A scan is `:waiting`, then `:opening`, then `:running` until its summary has come and its slabs are sent.
  defmodule ClientScan do
    @moduledoc false
    # `ended_by` says why it was cancelled, and `reported?` whether the client already has its end; `summary` is there while
    # slabs are still to be sent; `sequence` numbers the next one, as slabs may be cut.
    defstruct [
      :tag,
      :root,
      :folder,
      :options,
      :scan,
      :ended_by,
      :summary,
      sequence: 0,
      reported?: false,
      stage: :waiting
    ]
  end

  @type t :: %__MODULE__{
          window: Window.t(),
          tag: 0..0xFFFFFFFF,
          idle: reference | nil,
          scans: [struct],
          pending: PendingScans.t(tag :: 0..0xFFFFFFFF),
          outbox: Outbox.t(),
          pace: Pace.t(),
          hurry?: boolean
        }

  # Tags begin anywhere, so that a client that joins again does not mistake slabs of the earlier join for those of the new one.
  @spec new(Config.t()) :: t
  def new(%Config{window: size}),
    do: %__MODULE__{window: Window.new(size), tag: :rand.uniform(0x100000000) - 1}

  @doc "Starts or queues a scan of a root, or of one of its folders (`nil`: of the root itself)."
  @spec start(t, Config.t(), binary, binary | nil, keyword) ::
          {:ok, map, t} | {:error, String.t()}
  def start(%__MODULE__{} = scans, %Config{} = config, root, folder, options) do
    if Enum.count(scans.scans, &(&1.stage == :waiting)) >= config.waiting and
         busy(scans) >= config.running do
      {:error, "too_many_scans"}
    else
      scan = %ClientScan{tag: scans.tag, root: root, folder: folder, options: options}
      scans = %{scans | scans: scans.scans ++ [scan], tag: rem(scans.tag + 1, 0x100000000)}
      scans = next(scans, config)
      {:ok, %{tag: scan.tag, waiting: find_tag(scans, scan.tag).stage == :waiting}, scans}
    end
  end

  defp busy(scans), do: Enum.count(scans.scans, &(&1.stage != :waiting))

  # Starts what waits, as far as there is room. A scan sends nothing before the window asks for it.
  defp next(scans, config) do
    with true <- busy(scans) < config.running,
         %ClientScan{} = scan <- Enum.find(scans.scans, &(&1.stage == :waiting)) do
      %ClientScan{root: root, folder: folder, tag: tag} = scan
      options = [to: self(), active: false, tag: tag] ++ scan.options

      pending =
        PendingScans.start(scans.pending, tag, fn ->
          if folder,
            do: Scanner.scan_subdir(root, folder, options),
            else: Scanner.scan(root, options)
        end)

      %{scans | pending: pending} |> put(%{scan | stage: :opening}) |> next(config)
    else
      _none -> scans
    end
  end

  @doc "Cancels a scan, or all of them, for a reason that goes to the client. A scan that has ended is left alone."
  @spec cancel(t, Config.t(), :all | 0..0xFFFFFFFF, String.t()) :: {t, [Wire.push()]}
  def cancel(scans, config, which, reason)

  def cancel(%__MODULE__{} = scans, config, :all, reason) do
    # The latest first, so that no waiting scan is started in place of a cancelled one.
    scans.scans
    |> Enum.reverse()
    |> Enum.reduce({scans, []}, fn scan, {scans, pushes} ->
      {scans, more} = cancel(scans, config, scan.tag, reason)
      {scans, pushes ++ more}
    end)
  end

  def cancel(%__MODULE__{} = scans, config, tag, reason) do
    case find_tag(scans, tag) do
      %ClientScan{stage: :waiting} = scan ->
        {drop(scans, scan), [completed(scan, %Summary{status: :cancelled}, reason)]}

      # The client does not wait for the file system. The next scan does: it starts once this one is open, or failed.
      %ClientScan{ended_by: nil, stage: :opening} = scan ->
        {put(scans, %{scan | ended_by: reason, reported?: true}),
         [completed(scan, %Summary{status: :cancelled}, reason)]}

      %ClientScan{ended_by: nil, summary: nil} = scan ->
        Scanner.cancel(scan.scan)
        {settle(put(scans, %{scan | ended_by: reason}), config), []}

      # It has found everything, and will say nothing more.
      %ClientScan{ended_by: nil} = scan ->
        ended(scans, config, %{scan | ended_by: reason}, %{scan.summary | status: :cancelled})

      _ended ->
        {scans, []}
    end
  end

  @doc "Records that the client has received `count` slabs, or pieces of slabs, since it joined."
  @spec acknowledge(t, Config.t(), non_neg_integer) :: {:ok, t, [Wire.push()]} | :error
  def acknowledge(%__MODULE__{pace: before} = scans, config, count) do
    with {:ok, pace, slabs} <- Pace.acknowledge(before, count, now()) do
      {:ok, window} = Window.acknowledge(scans.window, scans.window.acknowledged + slabs)
      scans = %{scans | window: window, pace: pace}
      # A repeated count is no sign of life.
      scans = if pace.acknowledged > before.acknowledged, do: stop_idle_timer(scans), else: scans
      {scans, pushes} = flush(scans, config, [])
      {:ok, settle(scans, config), pushes}
    end
  end

  @doc "Handles a message, if it belongs to one of these scans."
  @spec message(t, Config.t(), any) :: {t, [Wire.push()]} | :unhandled
  def message(%__MODULE__{} = scans, config, {:scan_chunk, ref, slab}) do
    case find_ref(scans, ref) do
      nil ->
        :unhandled

      # Sent before the scan was cancelled.
      %ClientScan{ended_by: reason} when reason != nil ->
        {scans, []}

      %ClientScan{} ->
        {scans, pushes} =
          flush(%{scans | outbox: Outbox.put(scans.outbox, ref, slab)}, config, [])

        {set_idle_timer(scans, config), pushes}
    end
  end

  def message(%__MODULE__{} = scans, _config, {:scan_passive, ref}),
    do: if(find_ref(scans, ref), do: {scans, []}, else: :unhandled)

  def message(%__MODULE__{} = scans, _config, {:scan_progress, ref, progress}) do
    case find_ref(scans, ref) do
      nil -> :unhandled
      scan -> {scans, [{"progress", Map.put(Wire.progress(progress), :tag, scan.tag)}]}
    end
  end

  def message(%__MODULE__{} = scans, config, {:scan_completed, ref, summary}) do
    with nil <- find_ref(scans, ref),
         %PendingScans{} = pending <- PendingScans.completed(scans.pending, ref, summary) do
      {%{scans | pending: pending}, []}
    else
      %ClientScan{} = scan -> completed_scan(scans, config, scan, summary)
      :unhandled -> :unhandled
    end
  end

  def message(%__MODULE__{idle: timer} = scans, config, {:timeout, timer, __MODULE__})
      when is_reference(timer),
      do: cancel(%{scans | idle: nil}, config, :all, "idle")

  def message(%__MODULE__{} = scans, config, message) do
    with {tag, result, pending} <- PendingScans.result(scans.pending, message),
         do: opened(%{scans | pending: pending}, config, find_tag(scans, tag), result)
  end

  @doc "Whether there are open scans, and nothing more comes of any before the client acknowledges something."
  @spec stalled?(t) :: boolean
  def stalled?(%__MODULE__{window: %Window{scans: open}} = scans) do
    open != [] and
      Enum.all?(open, fn {ref, demand, _flight} ->
        demand == Outbox.count(scans.outbox, ref) or find_ref(scans, ref).summary != nil
      end)
  end

  @doc "Whether no scan runs or waits."
  @spec idle?(t) :: boolean
  def idle?(%__MODULE__{scans: scans}), do: scans == []

  defp opened(scans, config, client_scan, {:started, %Scan{} = scan, summary}) do
    client_scan = %{client_scan | stage: :running, scan: scan}
    scans = %{put(scans, client_scan) | window: Window.open(scans.window, scan.ref)}

    cond do
      summary ->
        ended(scans, config, client_scan, summary)

      client_scan.ended_by ->
        Scanner.cancel(scan)
        {settle(scans, config), []}

      true ->
        {settle(scans, config), []}
    end
  end

  # It was cancelled before it failed.
  defp opened(scans, config, %ClientScan{ended_by: reason} = scan, _result) when reason != nil,
    do: ended(scans, config, scan, %Summary{status: :cancelled})

  defp opened(scans, config, scan, {:ok, {:error, %Error{} = error}}),
    do: ended(scans, config, scan, %Summary{status: :failed, error: error})

  defp opened(scans, config, scan, :error),
    do: ended(scans, config, scan, %Summary{status: :failed, error: %Error{reason: :panic}})

  # The end of a scan follows its slabs.
  defp completed_scan(scans, config, scan, summary) do
    if Outbox.count(scans.outbox, scan.scan.ref) > 0,
      do: {put(scans, %{scan | summary: summary}), []},
      else: ended(scans, config, scan, summary)
  end

  # Sends what the client's line has room for.
  defp flush(scans, config, pushes) do
    limit = Pace.piece(scans.pace)
    size = Outbox.next(scans.outbox)

    # Cut only once a piece can be sent: by then the line may have proved to be fast.
    if size != nil and Pace.room?(scans.pace, min(size, limit), scans.hurry?) do
      outbox = Outbox.cut(scans.outbox, limit)
      send_next(%{scans | outbox: outbox}, config, Outbox.next(outbox), pushes)
    else
      {scans, Enum.reverse(pushes)}
    end
  end

  defp send_next(scans, config, size, pushes) do
    {ref, piece, last?, outbox} = Outbox.take(scans.outbox)
    scan = find_ref(scans, ref)
    pushes = [{"slab", {:binary, Split.number(piece, scan.sequence)}} | pushes]
    scan = %{scan | sequence: scan.sequence + 1}
    window = if last?, do: Window.sent(scans.window, ref), else: scans.window
    pace = Pace.sent(scans.pace, size, last?, now())
    scans = put(%{scans | outbox: outbox, pace: pace, window: window}, scan)

    if scan.summary != nil and Outbox.count(outbox, ref) == 0 do
      {scans, ends} = ended(scans, config, scan, scan.summary)
      flush(scans, config, Enum.reverse(ends) ++ pushes)
    else
      flush(scans, config, pushes)
    end
  end

  defp now, do: System.monotonic_time(:microsecond)

  defp ended(scans, config, scan, summary) do
    scans = scans |> drop(scan) |> next(config) |> settle(config)
    {scans, if(scan.reported?, do: [], else: [completed(scan, summary, scan.ended_by)])}
  end

  defp completed(scan, summary, reason),
    do: {"completed", summary |> Wire.summary(reason) |> Map.put(:tag, scan.tag)}

  # Takes cancelled scans out of the window, and asks the others for the slabs that it grants.
  defp settle(scans, config) do
    cancelled =
      for %ClientScan{ended_by: reason, scan: %Scan{ref: ref}} <- scans.scans,
          reason != nil,
          do: ref

    scans = Enum.reduce(cancelled, scans, &close(&2, &1))
    {grants, window} = Window.grant(scans.window)
    for {ref, slabs} <- grants, do: Scanner.ask(find_ref(scans, ref).scan, slabs)
    set_idle_timer(%{scans | window: window}, config)
  end

  # While slabs or every scan wait for the client, the client must acknowledge something within `idle_timeout`.
  defp set_idle_timer(scans, config) do
    cond do
      Outbox.empty?(scans.outbox) and not Window.stalled?(scans.window) -> stop_idle_timer(scans)
      scans.idle -> scans
      true -> %{scans | idle: :erlang.start_timer(config.idle_timeout, self(), __MODULE__)}
    end
  end

  defp stop_idle_timer(%{idle: nil} = scans), do: scans

  defp stop_idle_timer(%{idle: timer} = scans) do
    :erlang.cancel_timer(timer, async: true, info: false)
    %{scans | idle: nil}
  end

  defp find_tag(scans, tag), do: Enum.find(scans.scans, &(&1.tag == tag))

  defp find_ref(scans, ref),
    do: Enum.find(scans.scans, &match?(%ClientScan{scan: %Scan{ref: ^ref}}, &1))

  defp put(scans, %ClientScan{tag: tag} = scan),
    do: %{scans | scans: Enum.map(scans.scans, &if(&1.tag == tag, do: scan, else: &1))}

  defp drop(scans, %ClientScan{tag: tag} = scan) do
    scans = %{scans | scans: Enum.reject(scans.scans, &(&1.tag == tag))}
    if scan.scan, do: close(scans, scan.scan.ref), else: scans
  end

  defp close(scans, ref),
    do: %{
      scans
      | window: Window.close(scans.window, ref),
        outbox: Outbox.drop(scans.outbox, ref)
    }
end
