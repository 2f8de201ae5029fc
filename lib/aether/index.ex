defmodule Aether.Index do
  alias Aether.Index.{Answer, Ask, Changes, Child, Largest, Options, Page, Source, Totals}

  @moduledoc """
  A live picture of scanned trees in one SQLite file.

      {:ok, index} = Aether.Index.open(path: "/var/lib/app/files.db")
      {:ok, scan} = Aether.Scanner.scan("/srv/files", index: index)

  or beneath a supervisor, and then by its name:

      children = [{Aether.Index, name: MyApp.Files, path: "/var/lib/app/files.db"}]
      {:ok, scan} = Aether.Scanner.scan("/srv/files", index: MyApp.Files, slabs: false)

  While a scan runs and ever after, any process can ask what is there:

      {:ok, answer} = Aether.Index.children(MyApp.Files, source, "projects/aether")
      answer.value.entries #=> [%Aether.Index.Child{name: "lib", file_count: 41, ...}, ...]
      answer.age           #=> 61_000, milliseconds

  Every answer is an `Aether.Index.Answer`, which says how old it is and what it does not know. A source is named by its uuid or
  as an `Aether.Index.Source`; folders and paths are raw bytes relative to the source's root, without a slash at either end, and
  `""` is the root.

  ## Who reads, who writes

  One process of the operating system writes an index at a time; any number may read it meanwhile, this way or with a
  `sqlite3` shell. With `mode: :read` an index is opened for reading alone: scans and everything else that writes are refused
  with `:index_readonly`.

  While it is open, never read, copy or open the file (and `-wal`, `-shm`, `-writer` beside it) from inside this VM by other
  means than this module's: closing any descriptor of it would drop the locks that SQLite holds. `backup/2` copies it.

  ## What takes long

  Short reads run on a dirty scheduler, two seconds at most. Searches, checks, backups and the like run on threads of Aether's
  own. They are cancelled when the process that called them ends, or after `timeout:`; so run them in a `Task` to stay free
  meanwhile, and to cancel them with `Task.shutdown/2`.
  """

  use GenServer

  alias Aether.{Error, Native, Opening}

  @enforce_keys [:handle, :path]
  @derive {Inspect, only: [:path, :mode]}
  defstruct [:handle, :path, :cache_dir, mode: :write]

  @typedoc "An open index."
  @type t :: %__MODULE__{
          handle: reference,
          path: binary,
          cache_dir: binary | nil,
          mode: :write | :read
        }

  @typedoc "An open index, or the process that holds one."
  @type index :: t | GenServer.server()

  @typedoc "A source, or its uuid."
  @type source :: Source.t() | String.t()

  @typedoc "A directory's path relative to the root, raw bytes without a slash at its end; `\"\"` is the root."
  @type folder :: binary

  @typedoc "An answer, or what was in its way."
  @type answer(value) :: {:ok, Answer.t(value)} | {:error, Error.t()}

  @doc """
  Opens an index, or makes one.

  The process that holds the last reference to it closes it; `close/1` does so at once.

  ## Options

  #{Options.docs(:open, [:name])}
  A file that is something else is refused and left untouched: `:index_notadb`, `:index_foreign` (another program's),
  `:index_version` (a newer Aether's), `:index_corrupt`. `:index_busy` when another writer stays.

  ## Example

      iex> path = Path.join(System.tmp_dir!(), "aether-doc-\#{System.unique_integer([:positive])}.db")
      iex> {:ok, index} = Aether.Index.open(path: path)
      iex> Aether.Index.close(index)
      :ok
  """
  @spec open(keyword) :: {:ok, t} | {:error, Error.t()}
  def open(opts) do
    options = options(opts)
    %{path: path, mode: mode, busy_timeout: busy_timeout, history: history} = options
    reads_only = mode == :read

    with :ok <- check(Opening.check_path(path), :open),
         {:ok, handle} <-
           Ask.ask(&Native.index_open(&1, path, reads_only, busy_timeout, history)) do
      {:ok, %__MODULE__{handle: handle, path: path, cache_dir: options.cache_dir, mode: mode}}
    end
  end

  @doc """
  Writes what is queued, ends scans into it as cancelled, and lets go of the file.

  Closing twice is no error.
  """
  @spec close(index) :: :ok | {:error, Error.t()}
  def close(index) do
    %{handle: handle} = get(index)
    with {:ok, :ok} <- Ask.ask(&Native.index_close(&1, handle)), do: :ok
  end

  @doc """
  Opens an index in a process of its own, for a supervision tree. Takes the options of `open/1` and `:name`.

  A restart waits up to `:busy_timeout` for the old writer to let go of the file.
  """
  @spec start_link(keyword) :: GenServer.on_start()
  def start_link(opts) do
    {name, opts} = Keyword.split(opts, [:name])
    _ = options(opts)
    GenServer.start_link(__MODULE__, opts, name)
  end

  @doc false
  def child_spec(opts) do
    %{id: opts[:name] || __MODULE__, start: {__MODULE__, :start_link, [opts]}, shutdown: 30_000}
  end

  @doc """
  The index that a process holds; an index itself is given back.
  """
  @spec get(index) :: t
  def get(%__MODULE__{} = index), do: index
  def get(server), do: GenServer.call(server, :get, :infinity)

  @doc """
  All sources, the oldest first: each an answer of its own.

  ## Example

      iex> {:ok, [answer]} = Aether.Index.sources(MyApp.Files)
      iex> {answer.value.uuid, answer.value.status, answer.stale?}
      {"lib", :complete, false}
  """
  @spec sources(index) :: {:ok, [Answer.t(Source.t())]} | {:error, Error.t()}
  def sources(index) do
    with {:ok, answers} <- Native.index_sources(get(index).handle),
         do:
           {:ok,
            Enum.map(
              answers,
              &Answer.from_native(&1, fn source -> Source.from_native(source) end)
            )}
  end

  @doc """
  One source: its last scan, its generation, its totals.

  ## Example

      iex> {:ok, answer} = Aether.Index.source(MyApp.Files, "lib")
      iex> answer.value.generation
      1
      iex> {:error, error} = Aether.Index.source(MyApp.Files, "no such")
      iex> error.reason
      :no_source
  """
  @spec source(index, source) :: answer(Source.t())
  def source(index, source) do
    read(index, source, "", &Native.index_source/2, &Source.from_native/1)
  end

  @doc """
  A folder's children, a page at a time.

  By name, folders come first and pages miss nothing, whatever is written meanwhile. Children that have no value to be sorted by
  come last.

  ## Options

  #{Options.docs(:children)}
  ## Example

      iex> {:ok, %{value: page}} = Aether.Index.children(MyApp.Files, "lib", "", limit: 1)
      iex> for child <- page.entries, do: {child.name, child.kind}
      [{"aether", :directory}]
      iex> {:ok, %{value: page}} = Aether.Index.children(MyApp.Files, "lib", "", after: page.next)
      iex> {Enum.map(page.entries, & &1.name), page.next}
      {["aether.ex"], nil}
  """
  @spec children(index, source, folder, keyword) :: answer(Page.t())
  def children(index, source, folder, opts \\ []) do
    options = Options.new(:children, opts)
    %{limit: limit, sort: sort} = options
    descending = (options.order || if(sort == :name, do: :asc, else: :desc)) == :desc

    read(index, source, folder, fn handle, uuid ->
      Native.index_children(handle, uuid, folder, limit, options.after, sort, descending)
    end)
  end

  @doc """
  One entry, or `nil` where there is none.

  That nothing is there is known for sure only where the answer is `exhaustive?` or its folder was listed: it is then about
  the deepest folder on the way that is known.

  ## Example

      iex> {:ok, answer} = Aether.Index.stat(MyApp.Files, "lib", "aether/index.ex")
      iex> answer.value.bytes == File.stat!("lib/aether/index.ex").size
      true
      iex> {:ok, %{value: nil}} = Aether.Index.stat(MyApp.Files, "lib", "no/such")
      iex> {:error, error} = Aether.Index.stat(MyApp.Files, "lib", "../mix.exs")
      iex> error.reason
      :outside_root
  """
  @spec stat(index, source, binary) :: answer(Child.t() | nil)
  def stat(index, source, path),
    do: read(index, source, path, &Native.index_stat(&1, &2, path))

  @doc """
  What lies beneath a folder, all in all.

  ## Example

      iex> {:ok, answer} = Aether.Index.totals(MyApp.Files, "lib", "")
      iex> {answer.value.file_count == length(Path.wildcard("lib/**/*.ex")), answer.exhaustive?}
      {true, true}
  """
  @spec totals(index, source, folder) :: answer(Totals.t())
  def totals(index, source, folder \\ ""),
    do: read(index, source, folder, &Native.index_totals(&1, &2, folder))

  @doc """
  The biggest folders and files beneath a folder.

  ## Options

  #{Options.docs(:largest)}
  ## Example

      iex> {:ok, answer} = Aether.Index.largest(MyApp.Files, "lib", "", limit: 1)
      iex> for item <- answer.value.folders, do: item.path
      ["aether"]
  """
  @spec largest(index, source, folder, keyword) :: answer(Largest.t())
  def largest(index, source, folder \\ "", opts \\ []) do
    %{limit: limit, all: all} = Options.new(:largest, opts)
    read(index, source, folder, &Native.index_largest(&1, &2, folder, limit, all))
  end

  @doc """
  What appeared, vanished and grew after generation `from`, up to and with generation `to`, by folder.

  A source's generations are its scans of the whole root, counted from 1: `source/2` tells the last. Only so many are
  remembered as `:history` says.

  ## Options

  #{Options.docs(:changes)}
  ## Example

      iex> {:ok, answer} = Aether.Index.changes(MyApp.Files, "lib", 0, 1)
      iex> {answer.value.folders, answer.value.first_load?}
      {[], true}
  """
  @spec changes(index, source, non_neg_integer, non_neg_integer, keyword) :: answer(Changes.t())
  def changes(index, source, from, to, opts \\ []) do
    %{folder: folder, limit: limit} = Options.new(:changes, opts)

    if not (generation?(from) and generation?(to) and from <= to) do
      raise ArgumentError,
            "Aether.Index.changes takes two generations in their order, got: #{inspect(from)} and #{inspect(to)}"
    end

    read(
      index,
      source,
      folder,
      &Native.index_changes(&1, &2, from, to, folder, limit),
      &Changes.from_native/1
    )
  end

  defp generation?(number), do: is_integer(number) and number in 0..0x7FFFFFFFFFFFFFFF

  @doc """
  The facts that were noted about an entry, as a map.

  ## Example

      iex> Aether.Index.put_note(MyApp.Files, "lib", "aether.ex", "lines", "33")
      :ok
      iex> {:ok, answer} = Aether.Index.notes(MyApp.Files, "lib", "aether.ex")
      iex> answer.value
      %{"lines" => "33"}
  """
  @spec notes(index, source, binary) :: answer(%{optional(binary) => binary})
  def notes(index, source, path),
    do: read(index, source, path, &Native.index_notes(&1, &2, path), &Map.new/1)

  @doc """
  Notes a fact about an entry, in place of one with the same key; `nil` takes it away.

  A note goes when a scan finds that size or time of the entry have changed, or the entry gone. Key and value are bytes.
  """
  @spec put_note(index, source, binary, binary, binary | nil) :: :ok | {:error, Error.t()}
  def put_note(index, source, path, key, value)
      when is_binary(key) and (is_binary(value) or is_nil(value)) do
    handle = get(index).handle

    with {:ok, uuid} <- uuid(source), :ok <- check_entry(path) do
      {folder, name} = split(path)
      Ask.ask(&Native.index_put_note(&1, handle, uuid, folder, name, key, value))
    end
  end

  @doc """
  Takes out a source, or what is known beneath one of its folders, which is unread then until the next scan.

  It is gone from all answers at once; its rows are deleted in pieces. Refused with `:already_scanning` while the source is
  being scanned.

  ## Example

      iex> Aether.Index.forget(MyApp.Files, "lib", "aether")
      :ok
      iex> Aether.Index.forget(MyApp.Files, "lib")
      :ok
      iex> Aether.Index.sources(MyApp.Files)
      {:ok, []}
  """
  @spec forget(index, source, folder) :: :ok | {:error, Error.t()}
  def forget(index, source, folder \\ "") do
    handle = get(index).handle

    with {:ok, uuid} <- uuid(source),
         :ok <- check(Opening.check_folder(folder), :write),
         do: Ask.ask(&Native.index_forget(&1, handle, uuid, folder))
  end

  @impl true
  def init(opts) do
    Process.flag(:trap_exit, true)

    case open(opts) do
      {:ok, index} -> {:ok, index}
      {:error, error} -> {:stop, error}
    end
  end

  @impl true
  def handle_call(:get, _from, index), do: {:reply, index, index}

  @impl true
  def terminate(_reason, index), do: close(index)

  # A short read about a path of a source.
  defp read(index, source, path, call, value \\ & &1) do
    handle = get(index).handle

    with {:ok, uuid} <- uuid(source),
         :ok <- check(Opening.check_folder(path), :read),
         {:ok, answer} <- call.(handle, uuid),
         do: {:ok, Answer.from_native(answer, value)}
  end

  defp uuid(%Source{uuid: uuid}), do: {:ok, uuid}

  defp uuid(uuid) when is_binary(uuid) do
    if String.valid?(uuid),
      do: {:ok, uuid},
      else: {:error, %Error{reason: :no_source, operation: :read, detail: inspect(uuid)}}
  end

  defp uuid(other) do
    raise ArgumentError, "a source is an Aether.Index.Source or its uuid, got: #{inspect(other)}"
  end

  defp check(:ok, _operation), do: :ok
  defp check({:error, error}, operation), do: {:error, %{error | operation: operation}}

  # The root itself is no entry of any folder.
  defp check_entry(""), do: {:error, %Error{reason: :einval, operation: :write}}
  defp check_entry(path), do: check(Opening.check_folder(path), :write)

  defp split(path) do
    case :binary.matches(path, "/") do
      [] ->
        {"", path}

      matches ->
        {at, 1} = List.last(matches)
        {binary_part(path, 0, at), binary_part(path, at + 1, byte_size(path) - at - 1)}
    end
  end

  defp options(opts) do
    options = Options.new(:open, opts)

    if options.path == nil,
      do: raise(ArgumentError, "Aether.Index needs option :path, the database file")

    options
  end
end
