defmodule Aether.Index do
  alias Aether.Index.{
    Answer,
    AsyncCall,
    Breakdown,
    CacheImport,
    Changes,
    Child,
    Children,
    Largest,
    Links
  }

  alias Aether.Index.{Options, Report, SearchResult, Server, Session, Source, Totals, Validate}

  @moduledoc """
  Keeps scanned trees in one SQLite file, and answers questions about them.

      {:ok, index} = Aether.Index.open(path: "/var/lib/app/files.db")
      {:ok, scan} = Aether.Scanner.scan("/srv/files", index: index)

  or under a supervisor, by its name:

      children = [{Aether.Index, name: MyApp.Files, path: "/var/lib/app/files.db"}]
      {:ok, scan} = Aether.Scanner.scan("/srv/files", index: MyApp.Files, slabs: false)

  During a scan and after it, any process can query it:

      {:ok, answer} = Aether.Index.children(MyApp.Files, source, "projects/aether")
      answer.value.entries #=> [%Aether.Index.Child{name: "lib", file_count: 41, ...}, ...]
      answer.age           #=> 61_000, milliseconds

  Every answer is an `Aether.Index.Answer`, which says how old and how complete it is. A source is given by its uuid or
  as an `Aether.Index.Source`; folders and paths are raw bytes relative to the source's root, without a slash at either end, and
  `""` is the root.

  ## Readers and the writer

  One process of the operating system at a time writes an index; any number may read it during that, through this module or
  with a `sqlite3` shell. With `mode: :read` an index is opened only for reading: scans and everything else that writes are
  refused with `:index_readonly`, and so is `subscribe/3`, because a reader is not notified of commits.

  While an index is open, never read, copy or open the file (or `-wal`, `-shm`, `-writer`, `-scan` beside it) in this VM except through
  this module: closing any descriptor of it would drop the locks that SQLite holds. `backup/2` copies it.

  ## Calls that take long

  Nothing of an index runs on a scheduler of the VM. Short reads (pages, `stat/3`, `totals/3` and the like) run on up to four
  threads of the index, usually for milliseconds; while the disk under the index hangs, they end after five seconds with reason
  `:etimedout`. Searches, checks, backups and the like run on threads of their own. They are cancelled when the calling process
  ends, or after `timeout:`. Call them in a `Task` to stay responsive, and to cancel them with `Task.shutdown/2`. What the writer is asked for
  (`put_note/6`, `forget/4`, `close/2`) is not cancelled: after `timeout:` only the caller stops waiting.
  """

  alias Aether.{Error, Native}

  # How long to wait for a short read, in ms: it ends by itself after two seconds of waiting and two of reading.
  @read_timeout 5_000

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

  @typedoc "An answer, or an error."
  @type answer(value) :: {:ok, Answer.t(value)} | {:error, Error.t()}

  @doc """
  Opens an index, or creates one.

  It is closed by `close/1`, or when the last reference to it is garbage collected.

  ## Options

  #{Options.docs(:open, [:name])}
  A file that is not a usable index is refused and left untouched: `:index_notadb`, `:index_foreign` (another program's),
  `:index_version` (from a newer Aether; or from an older one, with `mode: :read`), `:index_corrupt`, `:index_no_log`
  (moved without its log after a kill). The reason is `:index_busy` if another writer keeps the file.

  ## Example

      iex> path = Path.join(System.tmp_dir!(), "aether-doc-\#{System.unique_integer([:positive])}.db")
      iex> {:ok, index} = Aether.Index.open(path: path)
      iex> Aether.Index.close(index)
      :ok
  """
  @spec open(keyword) :: {:ok, t} | {:error, Error.t()}
  def open(opts) do
    options = Options.open(opts)
    %{path: path, mode: mode} = options

    wanted =
      options
      |> Map.take([:busy_timeout, :stall_timeout, :history, :search_memory, :permissions, :follow])
      |> Map.put(:read_only, mode == :read)

    with :ok <- Validate.path(path, :open),
         limit = {options.timeout, :maintain, path},
         {:ok, handle} <- AsyncCall.run(&Native.index_open(&1, path, wanted), limit) do
      {:ok, %__MODULE__{handle: handle, path: path, cache_dir: options.cache_dir, mode: mode}}
    end
  end

  @doc """
  Writes what is queued, ends scans into the index, and closes the file.

  The index records these scans as cancelled; their receivers get a summary with status `:failed` and reason `:index_closed`.

  Closing twice is not an error; a second call waits for the first. Calls that still run are cancelled, and subscriptions end.
  All this begins at once, and goes on if it lasts longer than `timeout:`.

  A process that holds the index ends too, and its supervisor restarts it like any child. To keep the index closed, end the
  child by its id (`Supervisor.terminate_child/2`).

  ## Options

  #{Options.docs(:close)}
  ## Example

      iex> path = Path.join(System.tmp_dir!(), "aether-doc-\#{System.unique_integer([:positive])}.db")
      iex> {:ok, index} = Aether.Index.open(path: path)
      iex> Aether.Index.close(index)
      :ok
      iex> {:error, error} = Aether.Index.sources(index)
      iex> error.reason
      :index_closed
  """
  @spec close(index, keyword) :: :ok | {:error, Error.t()}
  def close(index, opts \\ []) do
    %{timeout: timeout} = Options.new(:close, opts)

    case index do
      %__MODULE__{handle: handle, path: path} ->
        AsyncCall.run(&Native.index_close(&1, handle), {timeout, :write, path})

      server ->
        AsyncCall.ask(server, {:close, timeout}, {longer(timeout), :write, ""})
    end
  end

  # The process answers after its own timeout.
  defp longer(:infinity), do: :infinity
  defp longer(timeout), do: timeout + 1000

  @doc """
  Opens an index in a process of its own, for a supervision tree. Takes the options of `open/1` and `:name`.

  A restart waits up to `:busy_timeout` until the old writer has closed the file. The process ends when its index is closed, or
  becomes unusable because the file was moved, deleted or replaced (`:index_moved`); its successor opens the file that is there
  then.

  ## Example

      iex> path = Path.join(System.tmp_dir!(), "aether-doc-\#{System.unique_integer([:positive])}.db")
      iex> {:ok, _pid} = Aether.Index.start_link(name: MyApp.Others, path: path)
      iex> Aether.Index.sources(MyApp.Others)
      {:ok, []}
  """
  @spec start_link(keyword) :: GenServer.on_start()
  def start_link(opts) do
    {name, opts} = Keyword.split(opts, [:name])
    _ = Options.open(opts)
    GenServer.start_link(Server, opts, name)
  end

  @doc false
  def child_spec(opts) do
    %{id: opts[:name] || __MODULE__, start: {__MODULE__, :start_link, [opts]}, shutdown: 30_000}
  end

  @doc """
  The index that a process holds. Given an index, returns it.

  ## Example

      iex> %Aether.Index{mode: :write} = Aether.Index.get(MyApp.Files)
      iex> Aether.Index.get(Aether.Index.get(MyApp.Files)).mode
      :write
  """
  @spec get(index) :: t
  def get(%__MODULE__{} = index), do: index
  def get(server), do: GenServer.call(server, :get, :infinity)

  @doc """
  All sources, the oldest first, each as an answer of its own.

  ## Example

      iex> {:ok, [answer]} = Aether.Index.sources(MyApp.Files)
      iex> {answer.value.uuid, answer.value.status, answer.stale}
      {"lib", :complete, false}
  """
  @spec sources(index) :: {:ok, [Answer.t(Source.t())]} | {:error, Error.t()}
  def sources(index) do
    with {:ok, answers} <- ask(index, :sources, ""),
         do:
           {:ok,
            Enum.map(
              answers,
              &Answer.from_native(&1, fn source -> Source.from_native(source) end)
            )}
  end

  @doc """
  A source: its last scan, its generation, its totals.

  ## Example

      iex> {:ok, answer} = Aether.Index.source(MyApp.Files, "lib")
      iex> answer.value.uuid
      "lib"
      iex> {:error, error} = Aether.Index.source(MyApp.Files, "no such")
      iex> error.reason
      :no_source
  """
  @spec source(index, source) :: answer(Source.t())
  def source(index, source) do
    read(index, source, "", &{:source, &1}, &Source.from_native/1)
  end

  @doc """
  The source of a root, given any path of the root.

  Found by the stored path, by resolving links, and by the paths that scans have used for it since the index was
  opened. This never accesses a file system that may hang: paths on network and FUSE file systems are compared literally.

  ## Example

      iex> {:ok, answer} = Aether.Index.source_at(MyApp.Files, "./lib/")
      iex> {answer.value.uuid, answer.value.root == Path.expand("lib")}
      {"lib", true}
      iex> {:error, error} = Aether.Index.source_at(MyApp.Files, "/no/such")
      iex> error.reason
      :no_source
  """
  @spec source_at(index, binary) :: answer(Source.t())
  def source_at(index, root) do
    with :ok <- Validate.path(root, :read),
         {:ok, answer} <- ask(index, {:source_at, root}, root) do
      case answer do
        nil -> {:error, %Error{reason: :no_source, path: root, operation: :read}}
        answer -> {:ok, Answer.from_native(answer, &Source.from_native/1)}
      end
    end
  end

  @doc """
  Which source to ask about a full path: its id as `source`, and the `path` relative to its root.

  Several sources have what is at a path if one root lies within another. Of those with the same rules, it is the one that has
  seen this folder most recently, even if it found nothing there; if several have, the innermost. Neither the path nor an entry
  of it needs to exist: ask `stat/3` for that. Links on the way are followed, except in the last component, and never on network and
  FUSE file systems. The reason is `:no_source` if no root is at the path or above it.

  ## Example

      iex> Aether.Index.place(MyApp.Files, Path.expand("lib/aether/index.ex"))
      {:ok, %{source: "lib", path: "aether/index.ex"}}
      iex> {:ok, place} = Aether.Index.place(MyApp.Files, Path.expand("lib/aether"))
      iex> {:ok, answer} = Aether.Index.totals(MyApp.Files, place.source, place.path)
      iex> answer.value.file_count > 10
      true
  """
  @spec place(index, binary) ::
          {:ok, %{source: String.t(), path: binary}} | {:error, Error.t()}
  def place(index, path) do
    with :ok <- Validate.path(path, :read),
         {:ok, nil} <- ask(index, {:place, path}, path),
         do: {:error, %Error{reason: :no_source, path: path, operation: :read}}
  end

  @doc """
  A folder's children, a page at a time.

  By name, folders come first, and pages miss nothing while scans write. In other orders, children without the value that
  they are sorted by come last.

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
  @spec children(index, source, folder, keyword) :: answer(Children.t())
  def children(index, source, folder, opts \\ []) do
    options = Options.new(:children, opts)
    %{limit: limit, sort: sort} = options
    descending = (options.order || if(sort == :name, do: :asc, else: :desc)) == :desc

    read(index, source, folder, &{:children, &1, folder, limit, options.after, sort, descending})
  end

  @doc """
  One entry, or `nil` if the index has none at the path.

  Only if the answer is `exhaustive`, or the folder was listed, does `nil` mean that nothing is there. The freshness of such an
  answer is that of the deepest folder on the path that the index has.

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
    do: read(index, source, path, &{:stat, &1, path})

  @doc """
  The totals of everything beneath a folder.

  ## Example

      iex> {:ok, answer} = Aether.Index.totals(MyApp.Files, "lib", "")
      iex> {answer.value.file_count > 10, answer.exhaustive}
      {true, true}
  """
  @spec totals(index, source, folder) :: answer(Totals.t())
  def totals(index, source, folder \\ ""),
    do: read(index, source, folder, &{:totals, &1, folder})

  @doc """
  The largest folders and files beneath a folder.

  ## Options

  #{Options.docs(:largest)}
  ## Example

      iex> {:ok, answer} = Aether.Index.largest(MyApp.Files, "lib", "", limit: 1)
      iex> for item <- answer.value.folders, do: item.path
      ["aether"]
  """
  @spec largest(index, source, folder, keyword) :: answer(Largest.t())
  def largest(index, source, folder \\ "", opts \\ []) do
    %{limit: limit, by: by} = Options.new(:largest, opts)
    read(index, source, folder, &{:largest, &1, folder, limit, by})
  end

  @doc """
  The other names of a file with several hard links, or `nil` if the index has no file at the path.

  ## Options

  #{Options.docs(:links)}
  ## Example

      iex> {:ok, answer} = Aether.Index.links(MyApp.Files, "lib", "aether.ex")
      iex> {answer.value.paths, answer.value.nlink}
      {[], 1}
      iex> {:ok, %{value: nil}} = Aether.Index.links(MyApp.Files, "lib", "aether")
  """
  @spec links(index, source, binary, keyword) :: answer(Links.t() | nil)
  def links(index, source, path, opts \\ []) do
    %{limit: limit} = Options.new(:links, opts)
    read(index, source, path, &{:links, &1, path, limit})
  end

  @doc """
  What lies beneath a folder, by extension, by age or by owner.

  This reads all files beneath, on a thread of its own. What scans write while it runs may be counted or not; the answer's
  freshness is that at the end.

  ## Options

  #{Options.docs(:breakdown)}
  ## Example

      iex> {:ok, answer} = Aether.Index.breakdown(MyApp.Files, "lib", "aether/index", by: :extension)
      iex> for group <- answer.value.groups, do: {group.key, group.files > 10}
      [{"ex", true}]
  """
  @spec breakdown(index, source, folder, keyword) :: answer(Breakdown.t())
  def breakdown(index, source, folder \\ "", opts \\ []) do
    %{by: by, limit: limit, timeout: timeout} = Options.new(:breakdown, opts)

    with {:ok, uuid} <- Validate.uuid(source),
         :ok <- Validate.folder(folder, :read),
         call = &Native.index_breakdown(&1, &2, uuid, folder, by, limit),
         {:ok, answer} <- run(index, call, {timeout, :read, folder}),
         do: {:ok, Answer.from_native(answer)}
  end

  @doc """
  What appeared, vanished and grew after generation `from`, up to and including generation `to`, by folder.

  A source's generations are its scans of the whole root, counted from 1; `source/2` has the number of the last. The option
  `:history` of `open/1` limits how many are kept. A generation lasts from the end of the previous scan to the end of its own:
  changes that `scan_subdir` finds belong to the next scan of the whole root.

  ## Options

  #{Options.docs(:changes)}
  ## Example

      iex> {:ok, answer} = Aether.Index.changes(MyApp.Files, "lib", 0, 1)
      iex> {answer.value.folders, answer.value.first_load}
      {[], true}
  """
  @spec changes(index, source, non_neg_integer, non_neg_integer, keyword) :: answer(Changes.t())
  def changes(index, source, from, to, opts \\ []) do
    options = Options.new(:changes, opts)
    %{folder: folder, limit: limit, after: cursor, entries: entries} = options

    if not (generation?(from) and generation?(to) and from <= to) do
      raise ArgumentError,
            "Aether.Index.changes takes two generations in ascending order, got: #{inspect(from)} and #{inspect(to)}"
    end

    read(
      index,
      source,
      folder,
      &{:changes, &1, folder, from, to, limit, cursor, entries},
      &Changes.from_native/1
    )
  end

  defp generation?(number), do: is_integer(number) and number in 0..0x7FFFFFFFFFFFFFFF

  @doc """
  The notes of an entry, as a map.

  ## Example

      iex> Aether.Index.put_note(MyApp.Files, "lib", "aether.ex", "lines", "33")
      :ok
      iex> {:ok, answer} = Aether.Index.notes(MyApp.Files, "lib", "aether.ex")
      iex> answer.value
      %{"lines" => "33"}
  """
  @spec notes(index, source, binary) :: answer(%{optional(binary) => binary})
  def notes(index, source, path),
    do: read(index, source, path, &{:notes, &1, path}, &Map.new/1)

  @doc """
  Stores a note about an entry, replacing one with the same key; `nil` deletes it.

  A note is deleted when a scan finds that the entry's size or time has changed, or that the entry is gone. Key and value are
  bytes.

  While an app derives a fact from a file, the file may change and a scan may notice. With `if:` the note is written only
  if the index still has the entry as given, and otherwise refused with `:entry_changed`.

  Notes are written one after the other, between the transactions of scans. One that came too late for `timeout:` may still be
  written; writing it once more does no harm.

  ## Options

  #{Options.docs(:put_note)}
  ## Example

      iex> {:ok, %{value: child}} = Aether.Index.stat(MyApp.Files, "lib", "aether.ex")
      iex> lines = "lib/aether.ex" |> File.stream!() |> Enum.count()
      iex> Aether.Index.put_note(MyApp.Files, "lib", "aether.ex", "lines", "\#{lines}", if: child)
      :ok
      iex> {:error, error} = Aether.Index.put_note(MyApp.Files, "lib", "aether.ex", "lines", "1", if: %{bytes: 1})
      iex> error.reason
      :entry_changed
  """
  @spec put_note(index, source, binary, binary, binary | nil, keyword) ::
          :ok | {:error, Error.t()}
  def put_note(index, source, path, key, value, opts \\ [])
      when is_binary(key) and (is_binary(value) or is_nil(value)) do
    %{if: expected, timeout: timeout} = Options.new(:put_note, opts)

    with {:ok, uuid} <- Validate.uuid(source), {:ok, folder, name} <- Validate.entry(path) do
      note = %{
        source: uuid,
        folder: folder,
        name: name,
        key: key,
        value: value,
        expected: Child.facts(expected)
      }

      run(index, &Native.index_put_note(&1, &2, note), {timeout, :write, path})
    end
  end

  @doc """
  Finds entries by name or path, in the whole index.

  Depending on `mode:`, a query is a text that a name contains, a glob, or letters that a name contains in this order; with a
  slash in it, it is matched against paths. With `:auto` it is the first of these that finds anything, and may also be

    * words in any order, in the name or in the path above it: `copyright bash`. A word after `!` must not be in the path
    * a pasted path: absolute, relative, or starting with a root's name. A `:line` or `:line:column` at its end is returned as
      `position`

  Case and Unicode normal forms are ignored; accents and other marks count only if the query has them: `cafe` finds
  `Café`, and `café` does not find `Cafe`. Among equal matches, those with the query's capital letters come first. Exact names
  come first, then names that begin with the query, whole words, beginnings of words, letters together, letters apart; among
  these, entries that are near, short and new.

  Pass `next` of one page as `after:` of the following one. The names are loaded again after scans have written; older cursors
  are then refused with `:cursor_outdated`.

  `kind:` and `ext:` are checked in memory. For `larger:` and `newer:` the matches are looked up in the index one by one, for
  about a second at most: if that leaves too few hits, the result says `more`.

  The names are loaded into memory at the first query, and unloaded after a minute without queries.

  ## Options

  #{Options.docs(:search)}
  ## Example

      iex> {:ok, answer} = Aether.Index.search(MyApp.Files, "aeth/scnr")
      iex> hd(answer.value.hits).path
      "aether/scanner.ex"
      iex> {:ok, answer} = Aether.Index.search(MyApp.Files, "**/index/*.ex", source: "lib", limit: 1)
      iex> {length(answer.value.hits), answer.value.matched > 1}
      {1, true}
  """
  @spec search(index, binary, keyword) :: answer(SearchResult.t())
  def search(index, query, opts \\ []) when is_binary(query) do
    options = Options.new(:search, opts)

    with {:ok, source} <- Validate.uuid(options.source, nil),
         {:ok, near} <- Validate.near(options.near),
         session = options.session && options.session.handle,
         wanted = Map.take(options, [:mode, :limit, :all, :after, :known_as]),
         wanted = Map.merge(wanted, %{source: source, near: near, session: session}),
         wanted = Map.merge(wanted, Validate.filters(options)),
         {:ok, answer} <-
           run(
             index,
             &Native.index_search(&1, &2, query, wanted),
             {options.timeout, :search, query}
           ),
         do: {:ok, Answer.from_native(answer, &SearchResult.from_native/1)}
  end

  @doc """
  A new session, for `session:` of `search/3`: it is shared by the searches of one user who is typing.

  A query that extends the previous one is matched only against the matches of that, which is faster. And only the newest
  query of a session is answered: earlier ones that still run end with reason `:cancelled`.

  ## Example

      iex> session = Aether.Index.session()
      iex> {:ok, first} = Aether.Index.search(MyApp.Files, "sc", session: session)
      iex> {:ok, second} = Aether.Index.search(MyApp.Files, "scanner", session: session)
      iex> first.value.matched > second.value.matched
      true
  """
  @spec session() :: Session.t()
  def session, do: %Session{handle: Native.index_session()}

  @doc """
  Subscribes the caller to the totals of a folder's subfolders, while scans write.

  The caller gets `{:index_folders, ref, [{name, file_count, bytes, disk, disk_exact}]}` with all subfolders of `folder` by name (at most
  10,000; the fields are those of `Aether.Index.Child`), or `[]` if the folder does not exist: after the next commit in any case, and then whenever totals have changed, at
  most four times a second. A subscription ends with `unsubscribe/2`, with the caller, and when the index is closed.

  ## Example

      iex> {:ok, ref} = Aether.Index.subscribe(MyApp.Files, "lib", "")
      iex> {:ok, _scan} = Aether.Scanner.scan("lib", index: MyApp.Files, slabs: false)
      iex> receive do {:index_folders, ^ref, [{name, _file_count, _bytes, _disk, _disk_exact}]} -> name end
      "aether"
      iex> Aether.Index.unsubscribe(MyApp.Files, ref)
      :ok
  """
  @spec subscribe(index, source, folder) :: {:ok, reference} | {:error, Error.t()}
  def subscribe(index, source, folder \\ "") do
    ref = make_ref()

    with {:ok, uuid} <- Validate.uuid(source),
         :ok <- Validate.folder(folder, :read),
         call = &Native.index_subscribe(&1, &2, ref, uuid, folder),
         :ok <- run(index, call, {@read_timeout, :read, folder}),
         do: {:ok, ref}
  end

  @doc """
  Ends a subscription. After it returns, no message of it comes, and none is left in the caller's mailbox.

  ## Example

      iex> {:ok, ref} = Aether.Index.subscribe(MyApp.Files, "lib", "aether")
      iex> Aether.Index.unsubscribe(MyApp.Files, ref)
      :ok
  """
  @spec unsubscribe(index, reference) :: :ok
  def unsubscribe(index, ref) when is_reference(ref) do
    :ok = Native.index_unsubscribe(get(index).handle, ref)
    flush(ref)
  end

  defp flush(ref) do
    receive do
      {:index_folders, ^ref, _folders} -> flush(ref)
    after
      0 -> :ok
    end
  end

  @doc """
  Removes a source, or everything beneath one of its folders, which is then unread until the next scan.

  It is gone from all answers at once; its rows are deleted in the background. `changes/5` reports neither the removal nor the
  entries that the next scan finds there again, and is `pruned` for generations on both sides of it. Refused with
  `:already_scanning` during a scan of the source.

  ## Options

  #{Options.docs(:forget)}
  ## Example

      iex> Aether.Index.forget(MyApp.Files, "lib", "aether")
      :ok
      iex> Aether.Index.forget(MyApp.Files, "lib")
      :ok
      iex> Aether.Index.sources(MyApp.Files)
      {:ok, []}
  """
  @spec forget(index, source, folder, keyword) :: :ok | {:error, Error.t()}
  def forget(index, source, folder \\ "", opts \\ []) do
    %{timeout: timeout} = Options.new(:forget, opts)

    with {:ok, uuid} <- Validate.uuid(source),
         :ok <- Validate.folder(folder, :write),
         do: run(index, &Native.index_forget(&1, &2, uuid, folder), {timeout, :write, folder})
  end

  @doc """
  Checks an index: SQLite verifies its pages, all totals are recounted, and orphaned rows are looked for.

  Scans may run at the same time.

  ## Options

  #{Options.docs(:check)}
  ## Example

      iex> {:ok, report} = Aether.Index.check(MyApp.Files)
      iex> Aether.Index.Report.clean?(report)
      true
  """
  @spec check(index, keyword) :: {:ok, Report.t()} | {:error, Error.t()}
  def check(index, opts \\ []) do
    %{thorough: thorough, timeout: timeout} = Options.new(:check, opts)
    run(index, &Native.index_check(&1, &2, thorough), {timeout, :maintain, ""})
  end

  @doc """
  Copies the index, in its state of one moment, to a new file, and returns the copy's size in bytes.

  Scans and readers go on. This is the only way to copy an open index: the last commits may be only in its log.

  ## Options

  #{Options.docs(:backup)}
  ## Example

      iex> path = Path.join(System.tmp_dir!(), "aether-doc-\#{System.unique_integer([:positive])}.db")
      iex> {:ok, bytes} = Aether.Index.backup(MyApp.Files, path)
      iex> File.stat!(path).size == bytes
      true
  """
  @spec backup(index, binary, keyword) :: {:ok, non_neg_integer} | {:error, Error.t()}
  def backup(index, path, opts \\ []) do
    %{timeout: timeout} = Options.new(:backup, opts)

    with :ok <- Validate.path(path, :maintain),
         do: run(index, &Native.index_backup(&1, &2, path), {timeout, :maintain, path})
  end

  @doc """
  Replaces an index with a backup, or with any other index that is not being written, and returns its size in bytes.

  `path` is that of the index to replace. It must not be open for writing, in this or another process (`:index_busy`), and may
  be damaged or missing. Readers that have it open get `:index_moved`, and must open it again. The backup is kept.

  Copying the file alone would not be enough: SQLite would take the files beside the old index for part of the new one.

  ## Options

  #{Options.docs(:restore)}
  ## Example

      iex> backup = Path.join(System.tmp_dir!(), "aether-doc-\#{System.unique_integer([:positive])}.db")
      iex> {:ok, bytes} = Aether.Index.backup(MyApp.Files, backup)
      iex> {:ok, ^bytes} = Aether.Index.restore(backup, backup <> "-restored")
      iex> {:ok, index} = Aether.Index.open(path: backup <> "-restored")
      iex> Aether.Index.close(index)
      :ok
  """
  @spec restore(binary, binary, keyword) :: {:ok, non_neg_integer} | {:error, Error.t()}
  def restore(backup, path, opts \\ []) do
    %{timeout: timeout, busy_timeout: busy_timeout} = Options.new(:restore, opts)

    with :ok <- Validate.path(backup, :maintain),
         :ok <- Validate.path(path, :maintain) do
      AsyncCall.run(
        &Native.index_restore(&1, backup, path, busy_timeout),
        {timeout, :maintain, path}
      )
    end
  end

  @doc """
  Rewrites the file without the free space that removed entries have left, and returns its size in bytes before and after.

  This temporarily needs twice the file's size of free space. Scans wait for it, readers go on. The content of the index does not
  change, even if the call is cancelled.

  ## Options

  #{Options.docs(:vacuum)}
  ## Example

      iex> {:ok, sizes} = Aether.Index.vacuum(MyApp.Files)
      iex> sizes.before > 0 and sizes.after > 0
      true
  """
  @spec vacuum(index, keyword) ::
          {:ok, %{before: non_neg_integer, after: non_neg_integer}} | {:error, Error.t()}
  def vacuum(index, opts \\ []) do
    %{timeout: timeout} = Options.new(:vacuum, opts)
    run(index, &Native.index_vacuum/2, {timeout, :maintain, ""})
  end

  @doc """
  Imports all caches of the predecessor (`folders_<id>.bin.zst`) in a directory.

  Their counts are shown, marked as `imported`, for folders that no scan has listed yet. A cache has an id and no path: for ids
  that the index does not have, `roots:` gives the paths.

  A file is removed once its content is safe on the disk; files that could not be imported are left as they are. The result
  lists them: `migrated` with the `id` and the number of `rows` (`outdated` if a scan had newer counts already),
  `needs_rescan` and `failed` with the id and an `Aether.Error`.

  They are imported one by one, and scans may write in between. After `timeout:` the remaining ones are among the `failed`,
  as `:cancelled`; the next call continues with them.

  ## Options

  #{Options.docs(:import_cache)}
  ## Example

      iex> Aether.Index.import_cache(MyApp.Files, "lib", roots: %{"demo" => "/srv/demo"})
      {:ok, %{migrated: [], needs_rescan: [], failed: []}}
      iex> {:ok, answer} = Aether.Index.source(MyApp.Files, "demo")
      iex> {answer.value.root, answer.scanned_at}
      {"/srv/demo", nil}
  """
  @spec import_cache(index, binary, keyword) ::
          {:ok, %{migrated: [map], needs_rescan: [{id, Error.t()}], failed: [{id, Error.t()}]}}
          | {:error, Error.t()}
        when id: String.t()
  def import_cache(index, directory, opts \\ []) do
    %{roots: roots, timeout: timeout} = Options.new(:import_cache, opts)
    call = &Native.index_import(&1, &2, directory, Enum.to_list(roots))

    with :ok <- Validate.path(directory, :import),
         do: run(index, call, {timeout, :import, directory})
  end

  @doc """
  The state of the index itself.

    * `wal_bytes` - the length of its log; `wal_blocked_since` - since when a reader in another process has kept the log from
      starting over, a `DateTime` in UTC, or `nil`. At 1 GB scans wait for that reader
    * `stalled` - an `Aether.Error` while the writer cannot continue, for example without space, and retries
    * `search_bytes` - memory of the names that are loaded for searches
    * `subscriptions` - number of subscriptions

  ## Example

      iex> Aether.Index.info(MyApp.Files).subscriptions
      0
  """
  @spec info(index) :: %{
          wal_bytes: non_neg_integer,
          wal_blocked_since: DateTime.t() | nil,
          stalled: Error.t() | nil,
          search_bytes: non_neg_integer,
          subscriptions: non_neg_integer
        }
  def info(index) do
    info = Native.index_info(get(index).handle)
    %{info | wal_blocked_since: Answer.time(info.wal_blocked_since)}
  end

  @doc false
  # Called when a scan into the index has opened its root. `id` is that of its source, if it is known or was given.
  @spec scan_started(t, String.t() | nil) :: :ok
  def scan_started(%__MODULE__{} = index, id),
    do: CacheImport.start_import(index.handle, index.cache_dir, id)

  # A call that is answered by message, within a limit of time.
  defp run(%__MODULE__{handle: handle}, call, limit), do: AsyncCall.run(&call.(&1, handle), limit)

  defp run(server, call, limit) do
    case AsyncCall.ask(server, :get, limit) do
      %__MODULE__{} = index -> run(index, call, limit)
      {:error, error} -> {:error, error}
    end
  end

  # A short read of a path in a source.
  defp read(index, source, path, request, value \\ & &1) do
    with {:ok, uuid} <- Validate.uuid(source),
         :ok <- Validate.folder(path, :read),
         {:ok, answer} <- ask(index, request.(uuid), path),
         do: {:ok, Answer.from_native(answer, value)}
  end

  defp ask(index, request, path),
    do: run(index, &Native.index_read(&1, &2, request), {@read_timeout, :read, path})
end
