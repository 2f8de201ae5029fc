defmodule Aether.Index do
  alias Aether.Index.{Answer, AsyncCall, Changes, Child, Children, Largest, LegacyCache}
  alias Aether.Index.{Options, Report, SearchResult, Server, Session, Source, Totals, Validate}

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
  with `:index_readonly`, and so is `subscribe/3`, as only who writes learns of commits at once.

  While it is open, never read, copy or open the file (and `-wal`, `-shm`, `-writer` beside it) from inside this VM by other
  means than this module's: closing any descriptor of it would drop the locks that SQLite holds. `backup/2` copies it.

  ## What takes long

  Short reads run on a dirty scheduler, milliseconds as a rule and a few seconds at the most. Searches, checks, backups and the like run on threads of Aether's
  own. They are cancelled when the process that called them ends, or after `timeout:`; so run them in a `Task` to stay free
  meanwhile, and to cancel them with `Task.shutdown/2`.
  """

  alias Aether.{Error, Native}

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
  `:index_version` (a newer Aether's; or an older one's, with `mode: :read`), `:index_corrupt`. `:index_busy` when another writer stays.

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
      |> Map.take([:busy_timeout, :history, :search_memory, :permissions, :follow])
      |> Map.put(:read_only, mode == :read)

    with :ok <- Validate.path(path, :open),
         {:ok, handle} <- AsyncCall.run(&Native.index_open(&1, path, wanted)) do
      {:ok, %__MODULE__{handle: handle, path: path, cache_dir: options.cache_dir, mode: mode}}
    end
  end

  @doc """
  Writes what is queued, ends scans into it, and lets go of the file.

  In the index those scans are cancelled; their receivers get a summary that says `:failed`, with reason `:index_closed`.

  Closing twice is no error. What still runs on it is cancelled, and subscriptions end.

  A process that holds an index ends with it. Its supervisor starts it again, as it does with all that end, unless its child
  specification says otherwise: to keep it closed, give the supervisor its id (`Supervisor.terminate_child/2`).

  ## Example

      iex> path = Path.join(System.tmp_dir!(), "aether-doc-\#{System.unique_integer([:positive])}.db")
      iex> {:ok, index} = Aether.Index.open(path: path)
      iex> Aether.Index.close(index)
      :ok
      iex> {:error, error} = Aether.Index.sources(index)
      iex> error.reason
      :index_closed
  """
  @spec close(index) :: :ok | {:error, Error.t()}
  def close(%__MODULE__{handle: handle}), do: AsyncCall.run(&Native.index_close(&1, handle))
  def close(server), do: GenServer.call(server, :close, :infinity)

  @doc """
  Opens an index in a process of its own, for a supervision tree. Takes the options of `open/1` and `:name`.

  A restart waits up to `:busy_timeout` for the old writer to let go of the file. The process ends when its index is closed, or
  cannot be used any more because the file was moved, deleted or replaced (`:index_moved`): the next one opens what is there then.

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
  The index that a process holds; an index itself is given back.

  ## Example

      iex> %Aether.Index{mode: :write} = Aether.Index.get(MyApp.Files)
      iex> Aether.Index.get(Aether.Index.get(MyApp.Files)).mode
      :write
  """
  @spec get(index) :: t
  def get(%__MODULE__{} = index), do: index
  def get(server), do: GenServer.call(server, :get, :infinity)

  @doc """
  All sources, the oldest first: each an answer of its own.

  ## Example

      iex> {:ok, [answer]} = Aether.Index.sources(MyApp.Files)
      iex> {answer.value.uuid, answer.value.status, answer.stale}
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
  The source of a root, by whatever path that is called.

  It is looked for by its path, by the path that it leads to, and by those by which scans have called it since the index was
  opened. Nothing is asked that may hang: where a server answers for a file system, paths are taken by the letter.

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
         {:ok, answer} <- Native.index_source_at(get(index).handle, root) do
      case answer do
        nil -> {:error, %Error{reason: :no_source, path: root, operation: :read}}
        answer -> {:ok, Answer.from_native(answer, &Source.from_native/1)}
      end
    end
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
  @spec children(index, source, folder, keyword) :: answer(Children.t())
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

  That nothing is there is known for sure only where the answer is `exhaustive` or its folder was listed: it is then about
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
      iex> {answer.value.file_count > 10, answer.exhaustive}
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
    %{limit: limit} = Options.new(:largest, opts)
    read(index, source, folder, &Native.index_largest(&1, &2, folder, limit))
  end

  @doc """
  What appeared, vanished and grew after generation `from`, up to and with generation `to`, by folder.

  A source's generations are its scans of the whole root, counted from 1: `source/2` tells the last. Only so many are
  remembered as `:history` says. One lasts from the end of the scan before to the end of its own: what `scan_subdir` sees
  first is told with the whole scan that comes after it.

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
            "Aether.Index.changes takes two generations in their order, got: #{inspect(from)} and #{inspect(to)}"
    end

    read(
      index,
      source,
      folder,
      &Native.index_changes(&1, &2, from, to, folder, limit, cursor, entries),
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

  Deriving a fact takes time, in which the file may change and a scan may find that out. With `if:` the note is written only
  where the index still has the entry as it was, and refused with `:entry_changed` otherwise.

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
    expected = Options.new(:put_note, opts).if
    handle = get(index).handle

    with {:ok, uuid} <- Validate.uuid(source), {:ok, folder, name} <- Validate.entry(path) do
      note = %{
        source: uuid,
        folder: folder,
        name: name,
        key: key,
        value: value,
        expected: Child.facts(expected)
      }

      AsyncCall.run(&Native.index_put_note(&1, handle, note))
    end
  end

  @doc """
  Finds entries by name or path, over everything that is known.

  As `mode:` says, a query is a text that a name contains, a glob, or letters that a name has in this order; with a slash in
  it, it is held against paths. With `:auto` it is the first of these that finds anything, and may also be

    * words in any order, in the name or above it: `copyright bash`. What follows a `!` must be nowhere in the path
    * a pasted path: absolute or relative, or from a root's name on. A `:line` or `:line:column` at its end comes back as
      `position`

  Neither case nor normal forms make a difference; accents and other marks do only if the query has them: `cafe` finds
  `Café`, and `café` does not find `Cafe`. What is spelled with the query's capitals comes before what else fits as well.
  First come exact names, then beginnings, words, beginnings of words, letters together, letters apart; among these what is
  near, short and new.

  `next` of one page is `after:` of the following one, until all that match have been given. The names are read again when
  scans have written; cursors from before are refused with `:cursor_outdated` then.

  `kind:` and `ext:` are known of all names. For `larger:` and `newer:` the index is asked match by match, for about a second
  at the most: an answer that has fewer hits for that says `more`.

  The names are read into memory for the first query, and given back when none has come for a minute.

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
    handle = get(index).handle

    with {:ok, source} <- Validate.uuid(options.source, nil),
         {:ok, near} <- Validate.near(options.near),
         session = options.session && options.session.handle,
         wanted = Map.take(options, [:mode, :limit, :all, :after, :known_as]),
         wanted = Map.merge(wanted, %{source: source, near: near, session: session}),
         wanted = Map.merge(wanted, Validate.filters(options)),
         {:ok, answer} <-
           AsyncCall.run(
             &Native.index_search(&1, handle, query, wanted),
             {options.timeout, :search, query}
           ),
         do: {:ok, Answer.from_native(answer, &SearchResult.from_native/1)}
  end

  @doc """
  What one who types keeps from keystroke to keystroke, for `session:` of `search/3`.

  A query that goes on from the last one is held against what matched that one alone, so that it is quicker. And of one
  session only the newest query is of interest: those before it that have no answer yet end with reason `:cancelled`.

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
  Has the caller told what the folders of a folder hold, live, while scans write.

  After a commit comes `{:index_folders, ref, [{name, file_count, bytes}]}`, with all folders in `folder` by name (10,000 at
  the most), or `[]` if it is not there: after the next commit in any case, and then whenever they have changed, at most
  four times a second. It ends with `unsubscribe/2`, with the caller, and when the index is closed.

  ## Example

      iex> {:ok, ref} = Aether.Index.subscribe(MyApp.Files, "lib", "")
      iex> {:ok, _scan} = Aether.Scanner.scan("lib", index: MyApp.Files, slabs: false)
      iex> receive do {:index_folders, ^ref, [{name, _file_count, _bytes}]} -> name end
      "aether"
      iex> Aether.Index.unsubscribe(MyApp.Files, ref)
      :ok
  """
  @spec subscribe(index, source, folder) :: {:ok, reference} | {:error, Error.t()}
  def subscribe(index, source, folder \\ "") do
    handle = get(index).handle
    ref = make_ref()

    with {:ok, uuid} <- Validate.uuid(source),
         :ok <- Validate.folder(folder, :read),
         :ok <- Native.index_subscribe(ref, handle, uuid, folder),
         do: {:ok, ref}
  end

  @doc """
  Ends a subscription. When it returns, no message of it comes any more, and none is in the caller's mailbox.

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
  Takes out a source, or what is known beneath one of its folders, which is unread then until the next scan.

  It is gone from all answers at once; its rows are deleted in pieces. `changes/5` tells neither of it nor of what the next scan
  finds there again, and is `pruned` between generations before it and after. Refused with `:already_scanning` while the source is
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

    with {:ok, uuid} <- Validate.uuid(source),
         :ok <- Validate.folder(folder, :write),
         do: AsyncCall.run(&Native.index_forget(&1, handle, uuid, folder))
  end

  @doc """
  Checks an index: SQLite looks at its pages, all totals are counted anew, and rows are looked for that belong to nothing.

  Scans may go on meanwhile.

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
    handle = get(index).handle
    AsyncCall.run(&Native.index_check(&1, handle, thorough), {timeout, :maintain, ""})
  end

  @doc """
  Copies the index, as it is at one moment, to a file that is not there yet, and gives the copy's size in bytes.

  Scans and readers go on. This is the only way to copy an open index: what was committed last may be in its log alone.

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
    handle = get(index).handle

    with :ok <- Validate.path(path, :maintain),
         do: AsyncCall.run(&Native.index_backup(&1, handle, path), {timeout, :maintain, path})
  end

  @doc """
  Puts a backup, or any other index that nobody writes, in the place of an index, and gives its size in bytes.

  `path` is the index's, which nobody may have open for writing, in this or another process: `:index_busy` otherwise. It may
  be damaged, or not be there. Whoever has it open for reading is told with `:index_moved`, and opens it again. The backup stays.

  A copy of the file alone would not do: what SQLite left beside the old index would be taken for part of the new one.

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
  Writes the file anew without the holes that removed entries have left, and gives its size in bytes before and after.

  It needs room for the file twice over. Scans wait meanwhile, readers go on. Cancelled or not, nothing in the index changes.

  ## Options

  #{Options.docs(:vacuum)}
  ## Example

      iex> {:ok, sizes} = Aether.Index.vacuum(MyApp.Files)
      iex> sizes.after <= sizes.before
      true
  """
  @spec vacuum(index, keyword) ::
          {:ok, %{before: non_neg_integer, after: non_neg_integer}} | {:error, Error.t()}
  def vacuum(index, opts \\ []) do
    %{timeout: timeout} = Options.new(:vacuum, opts)
    handle = get(index).handle
    AsyncCall.run(&Native.index_vacuum(&1, handle), {timeout, :maintain, ""})
  end

  @doc """
  Takes over all caches of the original (`folders_<id>.bin.zst`) in a directory.

  Their counts are shown, marked as `imported`, for folders that no scan has listed yet. A cache knows an id and no path: where
  the index does not know the id, `roots:` tells.

  A file that was taken over is removed, when what was in it is safe on the disk; any other is left as it is. The answer tells
  which: `migrated` with the `id` and the number of `rows` (`outdated` if a scan knew better already), `needs_rescan` and
  `failed` with the id and an `Aether.Error`.

  They are taken over one after the other, and scans get their turns between them. After `timeout:` those that were not done
  are among the `failed`, as `:cancelled`; they are taken up again by the next call.

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
    handle = get(index).handle

    with :ok <- Validate.path(directory, :import),
         do:
           AsyncCall.run(
             &Native.index_import(&1, handle, directory, Enum.to_list(roots)),
             {timeout, :import, directory}
           )
  end

  @doc """
  How the index itself is.

    * `wal_bytes` - the length of its log; `wal_blocked_since` - since when a reader elsewhere keeps it from starting over, a
      `DateTime` in UTC, or `nil`. At 1 GB scans wait for that reader
    * `stalled` - an `Aether.Error` while the writer cannot go on, for want of space perhaps, and tries again
    * `search_bytes` - what the names take in memory that are searched
    * `subscriptions` - how many there are

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
    do: LegacyCache.start_import(index.handle, index.cache_dir, id)

  # A short read about a path of a source.
  defp read(index, source, path, call, value \\ & &1) do
    handle = get(index).handle

    with {:ok, uuid} <- Validate.uuid(source),
         :ok <- Validate.folder(path, :read),
         {:ok, answer} <- call.(handle, uuid),
         do: {:ok, Answer.from_native(answer, value)}
  end
end
