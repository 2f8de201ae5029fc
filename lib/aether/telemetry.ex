defmodule Aether.Telemetry do
  @moduledoc """
  The `:telemetry` events of scans.

  Aether does not depend on `:telemetry`, but uses it if the application has it. One small process
  gets a copy of every summary and sends the events; scans work even while it is down.

  ### `[:aether, :scan, :start]`

  A scan is about to open its directory. Sent by the process that starts it.

    * measurements: `system_time` and `monotonic_time`, in native units
    * metadata: `ref`, `root`, `folder`, `receiver`, `options` (an `Aether.Options`)

  ### `[:aether, :scan, :stop]`

  A scan has ended as `:complete`, `:partial` or `:cancelled`; after `open_timeout` it is `:cancelled`.

    * measurements: `duration` and `first_entry` (`nil` if it had no entries), in native units;
      `monotonic_time`; `entries`, `bytes`, `errors`
    * metadata: `ref`, `root`, `receiver`, `status`, `summary` (an `Aether.Summary`)

  ### `[:aether, :scan, :exception]`

  A scan could not start, or ended `:failed`.

    * measurements: `duration` in native units, `monotonic_time`
    * metadata: `ref`, `root`, `receiver`, `kind` (`:error`), `reason` (an `Aether.Error`),
      `stacktrace` (`[]`), `summary` (`nil` if it could not start)

  Every `:start` is followed by one `:stop` or `:exception` with the same `ref`. For `list`,
  `stream!` and `stat` the receiver is an internal process of Aether. `stat` counts as a scan: its
  `options` have the name of what it looks at as `entry`, and it has found no entries at the end.
  """

  use GenServer

  alias Aether.{Error, Native, Options, Summary}

  @doc false
  @spec start_link(any) :: GenServer.on_start()
  def start_link(_arg), do: GenServer.start_link(__MODULE__, nil, name: __MODULE__)

  @doc false
  @spec start(reference, binary, binary, Options.t()) :: :ok
  def start(ref, root, folder, %Options{} = options) do
    execute(
      :start,
      %{system_time: System.system_time(), monotonic_time: System.monotonic_time()},
      %{ref: ref, root: root, folder: folder, receiver: options.to, options: options}
    )
  end

  # A scan that could not start sends no summary, so the process would not see it.
  @doc false
  @spec refused(reference, binary, pid, Error.t(), integer) :: :ok
  def refused(ref, root, receiver, %Error{} = error, duration) do
    case Process.whereis(__MODULE__) do
      nil -> :ok
      pid -> send(pid, {:scan_refused, ref, receiver, root, error, duration})
    end

    :ok
  end

  @impl true
  def init(nil) do
    # After this, `function_exported?/3` tells whether the package is there.
    Code.ensure_loaded(:telemetry)
    observe()
    {:ok, nil}
  end

  @impl true
  def handle_info({:scan_summary, ref, receiver, root, %Summary{status: :failed} = summary}, nil) do
    exception(ref, receiver, root, summary.error, summary.duration, summary)
    {:noreply, nil}
  end

  def handle_info({:scan_summary, ref, receiver, root, %Summary{} = summary}, nil) do
    execute(
      :stop,
      %{
        duration: summary.duration,
        first_entry: summary.first_entry,
        monotonic_time: System.monotonic_time(),
        entries: Summary.entries(summary),
        bytes: summary.bytes,
        errors: summary.errors.count
      },
      %{ref: ref, root: root, receiver: receiver, status: summary.status, summary: summary}
    )

    {:noreply, nil}
  end

  def handle_info({:scan_refused, ref, receiver, root, error, duration}, nil) do
    exception(ref, receiver, root, error, duration, nil)
    {:noreply, nil}
  end

  def handle_info(_other, nil), do: {:noreply, nil}

  # Without the native library the application starts nevertheless, and the first call explains why.
  defp observe do
    Native.observe(self())
  rescue
    Error -> :ok
  end

  defp exception(ref, receiver, root, error, duration, summary) do
    execute(:exception, %{duration: duration, monotonic_time: System.monotonic_time()}, %{
      ref: ref,
      root: root,
      receiver: receiver,
      kind: :error,
      reason: error,
      stacktrace: [],
      summary: summary
    })
  end

  defp execute(event, measurements, metadata) do
    if function_exported?(:telemetry, :execute, 3) do
      # Not a dependency, so called in a way that the compiler does not check.
      apply(:telemetry, :execute, [[:aether, :scan, event], measurements, metadata])
    end

    :ok
  end
end
