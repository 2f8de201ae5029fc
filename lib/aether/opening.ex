defmodule Aether.Opening do
  @moduledoc false
  # Starts a scan and waits until its directory is open. Paths are checked here as far as text goes;
  # what they lead to is checked by the native side, descriptor by descriptor.

  alias Aether.{Application, Error, Mailbox, Native, Options, Scan, Telemetry}

  # How long to wait for the mount table, in ms. It takes less than one, unless the machine is loaded.
  @patience 500

  @doc """
  Refuses roots that no system could open.
  """
  @spec check_path(binary) :: :ok | {:error, Error.t()}
  def check_path(path) when is_binary(path) do
    if path == "" or nul?(path), do: refuse(:einval, path), else: :ok
  end

  def check_path(other) do
    raise ArgumentError,
          "a path is a binary of raw bytes, got: #{inspect(other)}" <>
            if(is_list(other), do: "; IO.chardata_to_string/1 makes one of it", else: "")
  end

  @doc """
  Refuses folders that are not plainly beneath their root.

      iex> Aether.Opening.check_folder("..a/b")
      :ok

      iex> {:error, error} = Aether.Opening.check_folder("a/../..")
      iex> error.reason
      :outside_root
  """
  @spec check_folder(binary) :: :ok | {:error, Error.t()}
  def check_folder(""), do: :ok

  def check_folder(folder) when is_binary(folder) do
    components = :binary.split(folder, "/", [:global])

    cond do
      nul?(folder) -> refuse(:einval, folder)
      hd(components) == "" or ".." in components -> refuse(:outside_root, folder)
      # A slab's paths have neither, and one directory must not go by two paths.
      "" in components or "." in components -> refuse(:einval, folder)
      true -> :ok
    end
  end

  def check_folder(other) do
    raise ArgumentError, "a folder is a binary of raw bytes, got: #{inspect(other)}"
  end

  @doc """
  Starts a scan. The receiver is `options.to`; `identity` is that of the root, if it must be the
  directory that it was.
  """
  @spec open(binary, binary, binary | nil, Options.t()) :: {:ok, Scan.t()} | {:error, Error.t()}
  def open(root, folder, identity, %Options{index: %{handle: handle}} = options) do
    with {:ok, known} <- Native.index_rules(handle, root, options.source_id) do
      case open_known(root, folder, identity, options, known) do
        # Perhaps the index knows it by another path, and knows this one as well from now on.
        {:error, %Error{reason: :rules_changed}} = refused when known == nil ->
          case Native.index_rules(handle, root, options.source_id) do
            {:ok, {_rules, _uuid} = known} -> open_known(root, folder, identity, options, known)
            _still_unknown -> refused
          end

        opened ->
          opened
      end
    end
  end

  def open(root, folder, identity, %Options{} = options),
    do: do_open(root, folder, identity, options)

  # `known` are the rules by which the index knows the root, and its source's uuid, or nil.
  defp open_known(root, folder, identity, options, known) do
    {rules, uuid} = known || {nil, nil}

    with {:ok, scan} <- do_open(root, folder, identity, Options.keep_rules(options, rules)) do
      Aether.Index.Cache.take_over(options.index, options.source_id || uuid)
      {:ok, scan}
    end
  end

  defp do_open(root, folder, identity, options) do
    native = Options.native(options, Application.threads(), Application.max_scans())
    Mailbox.marked(&observed(&1, root, folder, identity, options, native))
  end

  defp observed(ref, root, folder, identity, options, native) do
    started = System.monotonic_time()
    Telemetry.start(ref, root, folder, options)

    case start(ref, root, folder, identity, options, native) do
      {:error, error} ->
        Telemetry.refused(ref, root, options.to, error, System.monotonic_time() - started)
        {:error, error}

      # The scan was cancelled: its summary is observed as any other's.
      {:given_up, error} ->
        {:error, error}

      opened ->
        opened
    end
  end

  # `open_ref` is made in the function that receives it, so that the compiler skips the messages
  # that were in the mailbox before: a caller may have a hundred thousand.
  defp start(ref, root, folder, identity, options, native) do
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
          options.open_timeout -> give_up(scan, open_ref, options.open_timeout)
        end

      {:error, error} ->
        {:error, error}
    end
  end

  defp give_up(scan, open_ref, timeout) do
    Native.cancel(scan.handle)
    if scan.receiver == self(), do: Mailbox.flush(scan)

    # It may have opened in the meantime.
    receive do
      {:scan_opened, ^open_ref, _result} -> :ok
    after
      0 -> :ok
    end

    error = %Error{
      reason: :etimedout,
      path: if(scan.folder == "", do: scan.root, else: scan.folder),
      operation: :start,
      detail: "not open after #{timeout} ms" <> blame(mount_of(scan.root <> "/" <> scan.folder))
    }

    {:given_up, error}
  end

  defp blame(nil), do: ""
  defp blame(mount), do: "; the file system mounted at #{mount} may hang"

  # By another process, for which nobody waits long: the VM's threads for files may all hang on this very mount.
  defp mount_of(path) do
    {pid, monitor} = spawn_monitor(fn -> exit({:mount, Native.mount_of(path)}) end)

    receive do
      {:DOWN, ^monitor, :process, ^pid, {:mount, mount}} -> mount
      {:DOWN, ^monitor, :process, ^pid, _reason} -> nil
    after
      @patience ->
        Process.demonitor(monitor, [:flush])
        Process.exit(pid, :kill)
        nil
    end
  end

  defp nul?(bytes), do: :binary.match(bytes, <<0>>) != :nomatch

  defp refuse(reason, path), do: {:error, %Error{reason: reason, path: path, operation: :start}}
end
