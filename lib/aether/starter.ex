defmodule Aether.Starter do
  @moduledoc false
  # Starts a scan and waits until its directory is open.

  alias Aether.{Application, Error, Index, Mailbox, Native, Options, Scan, Telemetry}
  alias Aether.Index.AsyncCall

  # How long to wait for the mount table, in ms. It takes less than one, unless the machine is loaded.
  @mount_timeout 500

  @doc """
  Starts a scan. The receiver is `options.to`; with `identity`, the root must be the directory that has it.
  """
  @spec start(binary, binary, binary | nil, Options.t()) :: {:ok, Scan.t()} | {:error, Error.t()}
  def start(root, folder, identity, %Options{index: %Index{} = index} = options) do
    with {:ok, source} <- stored(index, root, options) do
      case start_into(index, root, folder, identity, options, source) do
        # The index may know the directory by another path. The scan has taught it this one, so look again.
        {:error, %Error{reason: :rules_changed}} = refused when source == nil ->
          case stored(index, root, options) do
            {:ok, %{} = source} ->
              start_into(index, root, folder, identity, options, source)

            _still_unknown ->
              refused
          end

        started ->
          started
      end
    end
  end

  def start(root, folder, identity, %Options{} = options),
    do: observed(root, folder, identity, options)

  defp stored(index, root, %{source_id: id, open_timeout: timeout}),
    do:
      AsyncCall.run(
        &Native.index_read(&1, index.handle, {:rules, root, id}),
        {timeout, :read, index.path}
      )

  # `source` is what the index knows of the root: the rules of its scans and its uuid, or nil.
  defp start_into(index, root, folder, identity, options, source) do
    with {:ok, scan} <- observed(root, folder, identity, Options.keep_stored(options, source)) do
      Index.scan_started(index, options.source_id || source[:uuid])
      {:ok, scan}
    end
  end

  defp observed(root, folder, identity, options) do
    native = Options.native(options, Application.threads(), Application.max_scans())

    Mailbox.marked(fn ref ->
      started = System.monotonic_time()
      Telemetry.start(ref, root, folder, options)

      case open(ref, root, folder, identity, options, native) do
        {:error, error} ->
          Telemetry.refused(ref, root, options.to, error, System.monotonic_time() - started)
          {:error, error}

        # The scan was cancelled, and its summary is observed like any other.
        {:given_up, error} ->
          {:error, error}

        opened ->
          opened
      end
    end)
  end

  # `open_ref` is made in the function that receives it, so that the compiler skips the messages
  # that were in the mailbox before: a caller may have a hundred thousand.
  defp open(ref, root, folder, identity, options, native) do
    open_ref = make_ref()

    case Native.start(ref, open_ref, root, folder, identity, options.to, native) do
      {:ok, handle} ->
        scan = %Scan{
          ref: ref,
          root: root,
          folder: folder,
          receiver: options.to,
          identity: identity,
          options: Options.inheritable(options),
          handle: handle
        }

        receive do
          {:scan_opened, ^open_ref, {:ok, opened}} -> {:ok, %{scan | identity: opened}}
          {:scan_opened, ^open_ref, {:error, error}} -> {:error, error}
        after
          options.open_timeout -> give_up(scan, open_ref, options)
        end

      {:error, error} ->
        {:error, error}
    end
  end

  defp give_up(scan, open_ref, %{open_timeout: timeout, entry: entry}) do
    Native.cancel(scan.handle)
    if scan.receiver == self(), do: Mailbox.flush(scan)

    # It may have opened just before it was cancelled.
    receive do
      {:scan_opened, ^open_ref, _result} -> :ok
    after
      0 -> :ok
    end

    beneath = beneath(scan.folder, entry)

    error = %Error{
      reason: :etimedout,
      path: if(beneath == "", do: scan.root, else: beneath),
      operation: :start,
      detail: "not open after #{timeout} ms" <> suspect(mount_of(scan.root <> "/" <> beneath))
    }

    {:given_up, error}
  end

  # What was to be opened, or looked at: an entry may be a mount point itself.
  defp beneath(folder, entry) when entry in [nil, ""], do: folder
  defp beneath("", entry), do: entry
  defp beneath(folder, entry), do: folder <> "/" <> entry

  defp suspect(nil), do: ""
  defp suspect(mount), do: "; the file system mounted at #{mount} may hang"

  # In another process, with a bound on the wait: all of the VM's dirty I/O threads may hang on this very mount.
  defp mount_of(path) do
    {pid, monitor} = spawn_monitor(fn -> exit({:mount, Native.mount_of(path)}) end)

    receive do
      {:DOWN, ^monitor, :process, ^pid, {:mount, mount}} -> mount
      {:DOWN, ^monitor, :process, ^pid, _reason} -> nil
    after
      @mount_timeout ->
        Process.demonitor(monitor, [:flush])
        Process.exit(pid, :kill)
        nil
    end
  end
end
