defmodule Aether.Channel.Scans do
  @moduledoc false
  # The scans of one client: which run, which wait for their turn, what they may send. Called by the channel's process,
  # which is the receiver of all of them. Functions give back what is to be pushed, in its order.

  alias Aether.{Error, Scanner, Scan, Summary}
  alias Aether.Channel.{Config, Job, Window, Wire}

  @enforce_keys [:window, :tag]
  defstruct [:window, :tag, :idle, scans: [], early: %{}]

  # A scan is `:waiting`, then `:opening`, then `:running` until its summary has come.
  defmodule One do
    @moduledoc false
    defstruct [
      :tag,
      :root,
      :folder,
      :options,
      :job,
      :scan,
      :ended_by,
      told?: false,
      stage: :waiting
    ]
  end

  @typedoc "What is pushed: an event and its payload."
  @type push :: {String.t(), map | {:binary, binary}}

  @type t :: %__MODULE__{
          window: Window.t(),
          tag: 0..0xFFFFFFFF,
          idle: reference | nil,
          scans: [struct],
          early: %{optional(reference) => Summary.t()}
        }

  # A client that joins anew is not to take the slabs of one join for those of another, so tags begin anywhere.
  @spec new(Config.t()) :: t
  def new(%Config{window: size}),
    do: %__MODULE__{window: Window.new(size), tag: :rand.uniform(0x100000000) - 1}

  @doc "Starts a scan of a root, or of a folder of it (`nil`: the root as such), or has it wait."
  @spec start(t, Config.t(), binary, binary | nil, keyword) ::
          {:ok, map, t} | {:error, String.t()}
  def start(%__MODULE__{} = scans, %Config{} = config, root, folder, options) do
    if Enum.count(scans.scans, &(&1.stage == :waiting)) >= config.waiting and
         busy(scans) >= config.running do
      {:error, "too_many_scans"}
    else
      one = %One{tag: scans.tag, root: root, folder: folder, options: options}
      scans = %{scans | scans: scans.scans ++ [one], tag: rem(scans.tag + 1, 0x100000000)}
      scans = next(scans, config)
      {:ok, %{tag: one.tag, waiting: find(scans, :tag, one.tag).stage == :waiting}, scans}
    end
  end

  defp busy(scans), do: Enum.count(scans.scans, &(&1.stage != :waiting))

  # Opening a directory waits for its file system, so it is done aside. Nothing is sent before it is asked for.
  defp next(scans, config) do
    with true <- busy(scans) < config.running,
         %One{} = one <- Enum.find(scans.scans, &(&1.stage == :waiting)) do
      options = [to: self(), active: false, tag: one.tag] ++ one.options
      %One{root: root, folder: folder} = one

      job =
        Job.start(fn ->
          if folder,
            do: Scanner.scan_subdir(root, folder, options),
            else: Scanner.scan(root, options)
        end)

      scans |> put(%{one | stage: :opening, job: job}) |> next(config)
    else
      _none -> scans
    end
  end

  @doc "Ends a scan, or all of them, for a reason that the client is told. One that has ended is left alone."
  @spec cancel(t, Config.t(), :all | 0..0xFFFFFFFF, String.t()) :: {t, [push]}
  def cancel(scans, config, which, reason)

  def cancel(%__MODULE__{} = scans, config, :all, reason) do
    # The latest first, so that none of those that wait gets its turn meanwhile.
    scans.scans
    |> Enum.reverse()
    |> Enum.reduce({scans, []}, fn one, {scans, pushes} ->
      {scans, more} = cancel(scans, config, one.tag, reason)
      {scans, pushes ++ more}
    end)
  end

  def cancel(%__MODULE__{} = scans, config, tag, reason) do
    case find(scans, :tag, tag) do
      %One{stage: :waiting} = one ->
        {drop(scans, one), [completed(one, %Summary{status: :cancelled}, reason)]}

      # The file system may take its time, for which nobody waits; the turn is given on when it is done.
      %One{ended_by: nil, stage: :opening} = one ->
        {put(scans, %{one | ended_by: reason, told?: true}),
         [completed(one, %Summary{status: :cancelled}, reason)]}

      %One{ended_by: nil} = one ->
        Scanner.cancel(one.scan)
        {settle(put(scans, %{one | ended_by: reason}), config), []}

      _ended ->
        {scans, []}
    end
  end

  @doc "The client has received so many slabs."
  @spec acknowledge(t, Config.t(), non_neg_integer) :: {:ok, t} | :error
  def acknowledge(%__MODULE__{} = scans, config, count) do
    before = Window.in_flight(scans.window)

    with {:ok, window} <- Window.acknowledge(scans.window, count) do
      scans = %{scans | window: window}
      # The same count once more is no sign of life.
      scans = if Window.in_flight(window) < before, do: stop_waiting(scans), else: scans
      {:ok, settle(scans, config)}
    end
  end

  @doc "Takes a message in, if it is one of these scans'."
  @spec message(t, Config.t(), any) :: {t, [push]} | :unhandled
  def message(%__MODULE__{} = scans, config, {:scan_chunk, ref, slab}) do
    case find(scans, :ref, ref) do
      nil ->
        :unhandled

      # Sent before it was cancelled: nobody wants it any more.
      %One{ended_by: reason} when reason != nil ->
        {scans, []}

      %One{} ->
        scans = %{scans | window: Window.sent(scans.window, ref)}
        {watch_client(scans, config), [{"slab", {:binary, slab}}]}
    end
  end

  def message(%__MODULE__{} = scans, _config, {:scan_passive, ref}),
    do: if(find(scans, :ref, ref), do: {scans, []}, else: :unhandled)

  def message(%__MODULE__{} = scans, _config, {:scan_progress, ref, progress}) do
    case find(scans, :ref, ref) do
      nil -> :unhandled
      one -> {scans, [{"progress", Map.put(Wire.progress(progress), :tag, one.tag)}]}
    end
  end

  def message(%__MODULE__{} = scans, config, {:scan_completed, ref, summary}) do
    case find(scans, :ref, ref) do
      nil -> early(scans, ref, summary)
      one -> ended(scans, config, one, summary)
    end
  end

  def message(%__MODULE__{idle: timer} = scans, config, {:timeout, timer, __MODULE__})
      when is_reference(timer),
      do: cancel(%{scans | idle: nil}, config, :all, "idle")

  def message(%__MODULE__{} = scans, config, message) do
    with {job, result} <- Job.result(message), %One{} = one <- find(scans, :job, job) do
      opened(scans, config, one, result)
    else
      _not_ours -> :unhandled
    end
  end

  @doc "Whether anything runs."
  @spec idle?(t) :: boolean
  def idle?(%__MODULE__{scans: scans}), do: scans == []

  defp opened(scans, config, one, {:ok, {:ok, %Scan{ref: ref} = scan}}) do
    one = %{one | stage: :running, scan: scan, job: nil}
    {summary, early} = Map.pop(scans.early, ref)
    scans = %{put(scans, one) | early: early, window: Window.open(scans.window, ref)}

    cond do
      summary ->
        ended(scans, config, one, summary)

      one.ended_by ->
        Scanner.cancel(scan)
        {settle(scans, config), []}

      true ->
        {settle(scans, config), []}
    end
  end

  # Cancelled in the meantime, it has ended as it was told to.
  defp opened(scans, config, %One{ended_by: reason} = one, _result) when reason != nil,
    do: ended(scans, config, one, %Summary{status: :cancelled})

  defp opened(scans, config, one, {:ok, {:error, %Error{} = error}}),
    do: ended(scans, config, one, %Summary{status: :failed, error: error})

  defp opened(scans, config, one, :error),
    do: ended(scans, config, one, %Summary{status: :failed, error: %Error{reason: :panic}})

  # A scan that fails at once may be faster than the job that opened it.
  defp early(scans, ref, summary) do
    if Enum.any?(scans.scans, &(&1.stage == :opening)),
      do: {%{scans | early: Map.put(scans.early, ref, summary)}, []},
      else: :unhandled
  end

  defp ended(scans, config, one, summary) do
    scans = scans |> drop(one) |> next(config) |> settle(config)

    scans =
      if Enum.any?(scans.scans, &(&1.stage == :opening)), do: scans, else: %{scans | early: %{}}

    {scans, if(one.told?, do: [], else: [completed(one, summary, one.ended_by)])}
  end

  defp completed(one, summary, reason),
    do: {"completed", summary |> Wire.summary(reason) |> Map.put(:tag, one.tag)}

  # Closes what has been cancelled to the window, and asks the others for what they may send.
  defp settle(scans, config) do
    cancelled =
      for %One{ended_by: reason, scan: %Scan{ref: ref}} <- scans.scans, reason != nil, do: ref

    window = Enum.reduce(cancelled, scans.window, &Window.close(&2, &1))
    {grants, window} = Window.grant(window)
    for {ref, slabs} <- grants, do: Scanner.ask(find(scans, :ref, ref).scan, slabs)
    watch_client(%{scans | window: window}, config)
  end

  # A client that takes nothing in, while all that runs waits for it, is given up after a while.
  defp watch_client(scans, config) do
    cond do
      not Window.stalled?(scans.window) -> stop_waiting(scans)
      scans.idle -> scans
      true -> %{scans | idle: :erlang.start_timer(config.idle_timeout, self(), __MODULE__)}
    end
  end

  defp stop_waiting(%{idle: nil} = scans), do: scans

  defp stop_waiting(%{idle: timer} = scans) do
    :erlang.cancel_timer(timer, async: true, info: false)
    %{scans | idle: nil}
  end

  defp find(scans, :ref, ref),
    do: Enum.find(scans.scans, &match?(%One{scan: %Scan{ref: ^ref}}, &1))

  defp find(scans, key, value), do: Enum.find(scans.scans, &(Map.fetch!(&1, key) == value))

  defp put(scans, %One{tag: tag} = one),
    do: %{scans | scans: Enum.map(scans.scans, &if(&1.tag == tag, do: one, else: &1))}

  defp drop(scans, %One{tag: tag} = one) do
    window = if one.scan, do: Window.close(scans.window, one.scan.ref), else: scans.window
    %{scans | scans: Enum.reject(scans.scans, &(&1.tag == tag)), window: window}
  end
end
