defmodule Aether.Scanner do
  @moduledoc """
  Scans directory trees, and streams what is found to a process.

      {:ok, scan} = Aether.Scanner.scan("/srv/files")

      receive do
        {:scan_chunk, ref, slab} when ref == scan.ref -> Aether.Slab.entries(slab)
        {:scan_completed, ref, summary} when ref == scan.ref -> summary.status
      end

  Where streaming is not wanted, `list/2` returns everything at once and `stream!/2` is a lazy
  enumerable of entries.

  ## Messages

  The receiver, which is the caller or the process given with `to:`, gets

    * `{:scan_chunk, ref, slab}` - entries, as a binary: pass it on as it is, or decode it with `Aether.Slab`
    * `{:scan_progress, ref, progress}` - an `Aether.Progress`, at most ten times a second, with
      `progress: true` only
    * `{:scan_passive, ref}` - the demand is used up, see `ask/2`
    * `{:scan_completed, ref, summary}` - an `Aether.Summary`; exactly one, and always the last

  where `ref` is the scan's own reference, `scan.ref`. They arrive in the order of the slabs' sequence numbers.

  ## Demand

  With `active: true` slabs come as fast as they are found, and what the receiver has not read yet
  takes memory. With `active: n` so many come, then one `{:scan_passive, ref}`, and the scan is
  parked, without a thread, until `ask/2` asks for more. With `active: false` none comes before that.
  The summary and progress need no demand.

  ## Ownership

  The receiver owns the scan: when it dies the scan is cancelled. Any process of the node can `ask/2`,
  `cancel/2` and `info/1`. The handle may be dropped; but a parked scan that nobody has a handle of
  any more ends `:cancelled`.

  ## What is not followed, and what cannot be read

  Symbolic links are listed and never followed, save that the path of a scan itself may lead through
  some. Names are bytes. A directory that cannot be read is counted in the summary, which is then `:partial`;
  one that vanished in the meantime is counted as `vanished`.

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
    Summary
  }

  # What the native side counts in.
  @most_slabs 0xFFFFFFFF

  @doc """
  Starts a scan beneath `path`, which streams to the receiver.

  Returns when the directory is open, or could not be opened; its entries come as messages. Lists two
  levels unless `depth:` says otherwise.

  `path` is a binary, taken as it is: relative to the current directory of the VM, symbolic links in
  it are followed, nothing is expanded or trimmed.

  If the directory is not open after `open_timeout:`, the scan is cancelled and the error's reason is
  `:etimedout`, with the mount that may hang in its `detail`; a receiver given with `to:` then gets the
  summary of the cancelled scan. If there are as many scans as there may be, the reason is `:too_many_scans`.

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
  Lists beneath one folder of a root, for a tree that is expanded bit by bit.

  The root is that of a scan, which may have ended long ago, or a path. `folder` is the path of a
  directory beneath it in raw bytes, as slabs have it: relative to the root, without a slash at its
  end; `""` is the root. It makes a scan of its own, whose paths are relative to the root as well and
  whose depth counts from `folder`.

  Nothing outside the root is ever opened: the reason is `:outside_root` for a path with `..` or a leading
  slash, `:eloop` for one through a symbolic link, `:enotdir` where it leads to something else than a
  directory. The reason is `:root_changed` if the scan's root is not the same directory any more.

  It lists what a scan of the root by the same options lists beneath `folder`, and nothing more. `hidden`, `exclude`
  and `ignore` are asked for every name of `folder`, each taken for a directory's, as is the root's own name never: a
  folder that they leave out is `:enoent`, whether something lies there or not, and is not opened. Ignore files in the
  directories above `folder` apply, up to the root. Under `same_file_system` a folder on another file system than the
  root's has the status `:other_file_system` and no entries, and what lies beneath it is `:enoent`.

  Takes `metadata`, `hidden`, `ignore`, `exclude`, `same_file_system` and `index` over from the scan; given here they are
  overridden.

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
  A lazy enumerable of all entries beneath `path`.

  The scan starts when the enumeration does, reads a few slabs ahead and no more, and is cancelled
  when the enumeration is halted or raises. Raises an `Aether.Error` when the scan could not start or
  ended `:failed`. What could not be read on the way is in the summary: `on_summary:` takes a function
  that is called with it when the stream has come to its end.

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
      with :ok <- checked, {:ok, pull} <- Puller.start(path, options) do
        {pull, []}
      else
        {:error, error} -> raise error
      end
    end

    Stream.resource(start, &next_entries(&1, options.on_summary), fn {pull, _slabs} ->
      Puller.stop(pull)
    end)
  end

  # One slab at a time: the first entries are not to wait for the decoding of the others.
  defp next_entries({pull, [slab | slabs]}, _on_summary), do: {Slab.entries(slab), {pull, slabs}}

  defp next_entries({pull, []}, on_summary) do
    case Puller.next(pull) do
      {:slabs, slabs} ->
        next_entries({pull, slabs}, on_summary)

      {:summary, summary} ->
        if on_summary, do: on_summary.(summary)
        if summary.status == :failed, do: raise(summary.error)
        {:halt, {pull, []}}
    end
  end

  @doc """
  All entries beneath `path` at once, and the summary.

  Entries of one directory are not necessarily next to each other, and in no particular order.

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

    with :ok <- Paths.check_root(path), {:ok, pull} <- Puller.start(path, options) do
      try do
        collect(pull, [])
      after
        Puller.stop(pull)
      end
    end
  end

  defp collect(pull, slabs) do
    case Puller.next(pull) do
      {:slabs, more} -> collect(pull, :lists.reverse(more, slabs))
      {:summary, %Summary{status: :failed, error: error}} -> {:error, error}
      {:summary, summary} -> {:ok, decode(slabs, Summary.entries(summary)), summary}
    end
  end

  # Words that an entry takes, with what decoding leaves behind.
  @words 25
  @most_words 0x4000000

  # The last slab first, so that the list is built from its end and never copied. Room is made at
  # once: a heap that grows step by step is copied at each step, which costs four times as much.
  defp decode(slabs, entries) do
    with_heap(min(entries * @words, @most_words), fn ->
      Enum.reduce(slabs, [], &(Slab.entries(&1) ++ &2))
    end)
  end

  defp with_heap(words, fun) do
    case Process.info(self(), :max_heap_size) do
      {:max_heap_size, %{size: 0}} ->
        before = Process.flag(:min_heap_size, words)

        try do
          fun.()
        after
          Process.flag(:min_heap_size, before)
        end

      # Who has set a limit does not want this.
      _limited ->
        fun.()
    end
  end

  @doc """
  All entries beneath `path` at once.

  Raises an `Aether.Error` when the scan could not start or ended `:failed`. What could not be read on
  the way is passed over: `list/2` tells.

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

  Adds to what was asked for and is not sent yet. Does nothing under `active: true` and after the end.

  ## Example

      iex> {:ok, scan} = Aether.Scanner.scan("lib", active: false)
      iex> Aether.Scanner.ask(scan, 1)
      :ok
      iex> receive do {:scan_chunk, ref, _slab} when ref == scan.ref -> :a_slab end
      :a_slab
  """
  @spec ask(Scan.t(), pos_integer) :: :ok | {:error, Error.t()}
  def ask(%Scan{} = scan, slabs) when is_integer(slabs) and slabs > 0 do
    with :ok <- local(scan), do: Native.ask(scan.handle, min(slabs, @most_slabs))
  end

  def ask(%Scan{}, other) do
    raise ArgumentError,
          "Aether.Scanner.ask/2 takes a positive number of slabs, got: #{inspect(other)}"
  end

  @doc """
  Where a scan stands.

    * `status` - `:running`, `:parked` without demand, or as in the summary
    * `demand` - slabs asked for and not yet sent
    * `slabs` - slabs sent

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

  All other messages of the scan stay in the mailbox. Without demand no scan comes to its end: ask for
  slabs first. A scan that has ended and whose summary was already taken gives `{:error, :timeout}` at once.
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

  When it returns nothing more is sent but the summary, which comes within 100 ms. Cancelling again,
  or after the end, does nothing.

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
