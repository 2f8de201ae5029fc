defmodule Aether.Scanner do
  @moduledoc """
  Scans directory trees, and streams their entries to a process.

      {:ok, scan} = Aether.Scanner.scan("/srv/files")

      receive do
        {:scan_chunk, ref, slab} when ref == scan.ref -> Aether.Slab.entries(slab)
        {:scan_completed, ref, summary} when ref == scan.ref -> summary.status
      end

  Without messages: `list/2` returns everything at once, and `stream!/2` is a lazy enumerable of
  entries.

  ## Messages

  The receiver, which is the caller or the process given by `to:`, gets

    * `{:scan_chunk, ref, slab}` - entries, as a binary: pass it on as it is, or decode it with `Aether.Slab`
    * `{:scan_progress, ref, progress}` - an `Aether.Progress`, at most ten times a second, with
      `progress: true` only
    * `{:scan_passive, ref}` - the demand is used up, see `ask/2`
    * `{:scan_completed, ref, summary}` - an `Aether.Summary`; exactly one, and always the last

  where `ref` is the scan's own reference, `scan.ref`. They arrive in the order of the slabs' sequence numbers.

  ## Demand

  With `active: true` slabs are sent as fast as they are found, and those that the receiver has not
  read yet take memory. With `active: n` the scan sends `n` slabs, then one `{:scan_passive, ref}`,
  and is parked, without a thread, until `ask/2` asks for more. With `active: false` it sends none
  before that. The summary and progress need no demand.

  ## Ownership

  The receiver owns the scan: when it dies the scan is cancelled. Any process of the node can `ask/2`,
  `cancel/2` and `info/1`. The handle may be dropped; but a parked scan is cancelled when its last
  handle is gone.

  ## What is not followed, and what cannot be read

  Symbolic links are listed and never followed, except in the path of the scan itself. Names are
  bytes. A directory that cannot be read is counted in the summary, which is then `:partial`; a
  directory that vanished before it was read is counted as `vanished`.

  The options are described in `Aether.Options`, the telemetry events in `Aether.Telemetry`.
  """

  alias Aether.{
    Entry,
    Error,
    Mailbox,
    Native,
    Options,
    Paths,
    Puller,
    Scan,
    Slab,
    Starter,
    Stat,
    Summary
  }

  # The native side counts in 32 bits.
  @max_slabs 0xFFFFFFFF

  @doc """
  Starts a scan beneath `path`, which streams to the receiver.

  Returns when the directory is open, or could not be opened; its entries come as messages. Lists two
  levels unless `depth:` is given.

  `path` is a binary and used as it is: relative to the current directory of the VM, with symbolic
  links followed, and nothing expanded or trimmed.

  If the directory is not open after `open_timeout:`, the scan is cancelled and the error's reason is
  `:etimedout`, with the mount that may hang in its `detail`; a receiver given by `to:` then gets the
  summary of the cancelled scan. At the maximum number of scans, the reason is `:too_many_scans`.

  ## Examples

      iex> {:ok, scan} = Aether.Scanner.scan("lib", depth: 1)
      iex> {:ok, summary} = Aether.Scanner.await(scan, 5000)
      iex> {summary.status, summary.directories}
      {:complete, 1}

      iex> {:error, error} = Aether.Scanner.scan("mix.exs")
      iex> error.reason
      :enotdir
  """
  @spec scan(binary, keyword) :: {:ok, Scan.t()} | {:error, Error.t()}
  def scan(path, opts \\ []) do
    options = Options.new(:scan, opts)
    with :ok <- Paths.check_root(path), do: Starter.start(path, "", nil, options)
  end

  @doc """
  Lists one folder beneath a root, for a tree that is expanded folder by folder.

  The root is that of a scan, which may have ended long ago, or a path. `folder` is the path of a
  directory beneath it in raw bytes, as in slabs: relative to the root, without a slash at its
  end; `""` is the root. This starts a new scan, whose paths are relative to the root as well and
  whose depth counts from `folder`.

  Nothing outside the root is ever opened: the reason is `:outside_root` for a path with `..` or a leading
  slash, `:eloop` for a path through a symbolic link, `:enotdir` if it does not lead to a directory. The
  reason is `:root_changed` if the scan's root is no longer the same directory.

  It lists what a scan of the root with the same options lists beneath `folder`, and nothing more. `hidden`, `exclude`
  and `ignore` are applied to every name in `folder`, as names of directories; the root's own name is exempt. A
  folder that they leave out is `:enoent`, whether it exists or not, and is not opened. Ignore files in the
  directories above `folder` apply, up to the root. With `same_file_system`, a folder on another file system than the
  root has the status `:other_file_system` and no entries, and everything beneath it is `:enoent`.

  Inherits `metadata`, `hidden`, `ignore`, `exclude`, `same_file_system` and `index` from the scan; options given here
  override them.

  ## Example

      iex> {:ok, scan} = Aether.Scanner.scan("lib", depth: 1)
      iex> {:ok, %{unread: 1}} = Aether.Scanner.await(scan, 5000)
      iex> {:ok, below} = Aether.Scanner.scan_subdir(scan, "aether", depth: 1)
      iex> {:ok, summary} = Aether.Scanner.await(below, 5000)
      iex> summary.status
      :complete
  """
  @spec scan_subdir(Scan.t() | binary, binary, keyword) :: {:ok, Scan.t()} | {:error, Error.t()}
  def scan_subdir(scan_or_root, folder, opts \\ [])

  def scan_subdir(%Scan{} = scan, folder, opts) do
    options = Options.new(:scan_subdir, opts, scan.options)

    with :ok <- local(scan),
         :ok <- Paths.check_folder(folder),
         do: Starter.start(scan.root, folder, scan.identity, options)
  end

  def scan_subdir(root, folder, opts) do
    options = Options.new(:scan_subdir, opts)

    with :ok <- Paths.check_root(root),
         :ok <- Paths.check_folder(folder),
         do: Starter.start(root, folder, nil, options)
  end

  @doc """
  One entry beneath a root, with all that is known of it: what `lstat(2)` says, and where a link leads.

  The root is that of a scan, which may have ended long ago, or a path; `path` is relative to it, in raw bytes as in
  slabs, and `""` is the root itself. The folder of the entry is not listed, however many others it has.

  What may be seen is what a scan of the root with the same options lists, as with `scan_subdir/3`: nothing outside
  the root is looked at (`:outside_root`, `:eloop`), and what the options leave out is `:enoent`, as what does not exist.
  From a scan it inherits `hidden`, `ignore`, `exclude` and `same_file_system`, not `metadata`; and its root must still be
  the same directory (`:root_changed`). An index is neither asked nor written.

  One of Aether's threads looks at the entry, so a file system that hangs holds up neither a scheduler nor the caller for
  longer than `open_timeout`: the reason is then `:etimedout`. Nothing is left in the mailbox of the caller.

  ## Example

      iex> {:ok, entry} = Aether.Scanner.stat("lib", "aether/scanner.ex")
      iex> {entry.path, entry.kind, entry.attributes.nlink}
      {"aether/scanner.ex", :file, 1}

      iex> {:error, error} = Aether.Scanner.stat("lib", "../mix.exs")
      iex> error.reason
      :outside_root
  """
  @spec stat(Scan.t() | binary, binary, keyword) :: {:ok, Entry.t()} | {:error, Error.t()}
  def stat(scan_or_root, path, opts \\ [])

  def stat(%Scan{} = scan, path, opts) do
    options = Options.new(:stat, opts, Map.drop(scan.options, [:metadata, :index]))

    with :ok <- local(scan),
         :ok <- Paths.check_folder(path),
         do: Stat.entry(scan.root, path, scan.identity, options)
  end

  def stat(root, path, opts) do
    options = Options.new(:stat, opts)

    with :ok <- Paths.check_root(root),
         :ok <- Paths.check_folder(path),
         do: Stat.entry(root, path, nil, options)
  end

  @doc """
  A lazy enumerable of all entries beneath `path`.

  The scan starts with the enumeration, reads at most a few slabs ahead, and is cancelled
  when the enumeration is halted or raises. Raises an `Aether.Error` if the scan could not start or
  ended as `:failed`. Directories that could not be read are in the summary: `on_summary:` takes a
  function that is called with it at the end of the stream.

  ## Example

      iex> Aether.Scanner.stream!("lib")
      ...> |> Stream.filter(&(&1.kind == :file))
      ...> |> Enum.any?(&(&1.path == "aether/scanner.ex"))
      true
  """
  @spec stream!(binary, keyword) :: Enumerable.t()
  def stream!(path, opts \\ []) do
    options = Options.new(:stream!, opts)
    checked = Paths.check_root(path)

    start = fn ->
      with :ok <- checked, {:ok, puller} <- Puller.start(path, options) do
        {puller, []}
      else
        {:error, error} -> raise error
      end
    end

    Stream.resource(start, &next_entries(&1, options.on_summary), fn {puller, _slabs} ->
      Puller.stop(puller)
    end)
  end

  # One slab at a time, so that the first entries need not wait until all slabs are decoded.
  defp next_entries({puller, [slab | slabs]}, _on_summary),
    do: {Slab.entries(slab), {puller, slabs}}

  defp next_entries({puller, []}, on_summary) do
    case Puller.next(puller) do
      {:slabs, slabs} ->
        next_entries({puller, slabs}, on_summary)

      {:summary, summary} ->
        if on_summary, do: on_summary.(summary)
        if summary.status == :failed, do: raise(summary.error)
        {:halt, {puller, []}}
    end
  end

  @doc """
  All entries beneath `path` at once, and the summary.

  Entries come in no particular order, and those of one directory are not necessarily together.

  ## Example

      iex> {:ok, entries, summary} = Aether.Scanner.list("lib", depth: 1)
      iex> Enum.sort(Enum.map(entries, & &1.path))
      ["aether", "aether.ex"]
      iex> summary.status
      :complete
  """
  @spec list(binary, keyword) :: {:ok, [Entry.t()], Summary.t()} | {:error, Error.t()}
  def list(path, opts \\ []) do
    options = Options.new(:list, opts)

    with :ok <- Paths.check_root(path), {:ok, puller} <- Puller.start(path, options) do
      try do
        Puller.collect(puller)
      after
        Puller.stop(puller)
      end
    end
  end

  @doc """
  All entries beneath `path` at once.

  Raises an `Aether.Error` if the scan could not start or ended as `:failed`. Directories that could
  not be read are skipped silently; `list/2` reports them in its summary.

  ## Example

      iex> Aether.Scanner.list!("lib", depth: 1) |> Enum.map(& &1.kind) |> Enum.sort()
      [:directory, :file]
  """
  @spec list!(binary, keyword) :: [Entry.t()]
  def list!(path, opts \\ []) do
    case list(path, opts) do
      {:ok, entries, _summary} -> entries
      {:error, error} -> raise error
    end
  end

  @doc """
  Asks for `slabs` more slabs.

  Adds to the demand that is left. Does nothing with `active: true` and after the end.

  ## Example

      iex> {:ok, scan} = Aether.Scanner.scan("lib", active: false)
      iex> Aether.Scanner.ask(scan, 1)
      :ok
      iex> receive do {:scan_chunk, ref, _slab} when ref == scan.ref -> :a_slab end
      :a_slab
  """
  @spec ask(Scan.t(), pos_integer) :: :ok | {:error, Error.t()}
  def ask(%Scan{} = scan, slabs) when is_integer(slabs) and slabs > 0 do
    with :ok <- local(scan), do: Native.ask(scan.handle, min(slabs, @max_slabs))
  end

  def ask(%Scan{}, other) do
    raise ArgumentError,
          "Aether.Scanner.ask/2 takes a positive number of slabs, got: #{inspect(other)}"
  end

  @doc """
  The state of a scan.

    * `status` - `:running`, `:parked` without demand, or as in the summary
    * `demand` - number of slabs asked for and not yet sent
    * `slabs` - number of slabs sent

  ## Example

      iex> {:ok, scan} = Aether.Scanner.scan("lib", active: false)
      iex> Aether.Scanner.info(scan)
      %{status: :parked, demand: 0, slabs: 0}
  """
  @spec info(Scan.t()) ::
          %{
            status: :running | :parked | Summary.status(),
            demand: non_neg_integer | :infinity,
            slabs: non_neg_integer
          }
          | {:error, Error.t()}
  def info(%Scan{} = scan) do
    with :ok <- local(scan), do: Native.scan_info(scan.handle)
  end

  @doc """
  Waits for the summary. Called by the receiver.

  All other messages of the scan stay in the mailbox. Without demand a scan does not end: ask for
  slabs first. If the summary was already taken, the result is `{:error, :timeout}` at once.
  """
  @spec await(Scan.t(), timeout) :: {:ok, Summary.t()} | {:error, :timeout | Error.t()}
  def await(%Scan{} = scan, timeout \\ 5000) do
    with :ok <- local(scan) do
      by_receiver!(scan, "await/2")
      Mailbox.await(scan, timeout)
    end
  end

  @doc """
  Cancels a scan.

  After it returns, only the summary is still sent, within 100 ms. Cancelling again, or after the end,
  does nothing.

  With `flush: true`, which is for the receiver, it also waits for the summary and removes every
  message of the scan from the mailbox, as `Process.demonitor(ref, [:flush])` does.

  ## Example

      iex> {:ok, scan} = Aether.Scanner.scan("/usr", depth: :infinity)
      iex> Aether.Scanner.cancel(scan, flush: true)
      :ok
  """
  @spec cancel(Scan.t(), flush: boolean) :: :ok | {:error, Error.t()}
  def cancel(%Scan{} = scan, opts \\ []) do
    flush? = flush!(opts)

    with :ok <- local(scan) do
      if flush?, do: by_receiver!(scan, "cancel/2 with flush: true")
      Native.cancel(scan.handle)
      if flush?, do: Mailbox.flush(scan), else: :ok
    end
  end

  defp flush!([]), do: false
  defp flush!(flush: flush) when is_boolean(flush), do: flush

  defp flush!(other) do
    raise ArgumentError, "Aether.Scanner.cancel/2 takes flush: a boolean, got: #{inspect(other)}"
  end

  defp by_receiver!(%Scan{receiver: receiver}, call) do
    if receiver != self() do
      raise ArgumentError,
            "Aether.Scanner.#{call} is for the receiver of the scan, #{inspect(receiver)}, " <>
              "and was called by #{inspect(self())}"
    end
  end

  defp local(%Scan{ref: ref} = scan) do
    if node(ref) == node(),
      do: :ok,
      else:
        {:error,
         %Error{reason: :not_local, path: scan.root, operation: :start, detail: "#{node(ref)}"}}
  end
end
