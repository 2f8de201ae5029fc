defmodule Aether.Index.Options do
  @moduledoc false
  # The options of Aether.Index, call by call: one table serves the documentation, the checks and the messages.

  @timeout {:timeout, "a positive number of milliseconds or :infinity",
            "how long to wait; then it is cancelled, and the reason is `:etimedout`. Default `:infinity`, as it takes the longer " <>
              "the larger the index is", :infinity}

  # What the writer does in its turn, which is short unless a disk hangs or something long is before it.
  @turn 30_000
  @written {:timeout, "a positive number of milliseconds or :infinity",
            "how long to wait; then the reason is `:etimedout`, and it may still be done later. Default 30000",
            @turn}

  @busy_timeout {:busy_timeout, "a number of milliseconds",
                 "how long to wait for another writer, in this or another process; once the index is open at most 2000, since others wait " <>
                   "for as long. Default 5000", 5000}

  # call => {name, what it takes, what it does, default}
  @tables [
    open: [
      {:path, "a binary", "the database file; its directory must exist. Required", nil},
      {:mode, ":write or :read",
       "`:write` opens the index for writing, and creates it if missing; `:read` opens it only for reading, also while " <>
         "another process writes. Default `:write`", :write},
      {:name, "a name as `GenServer` takes it", "of the process, with `start_link/1` only", nil},
      {:cache_dir, "a binary or nil",
       "a directory with caches of the predecessor (`folders_<id>.bin.zst`). When a source is scanned, the cache with its " <>
         "id is imported, see `import_cache/3`. Default `nil`", nil},
      {:history, "an integer from 0 to 1000",
       "for how many scans of a whole root changes are kept. Default 10", 10},
      {:search_memory, "a positive number of bytes",
       "about the maximum memory of the names that are loaded for searches, also while they are loaded; what does not " <>
         "fit is left out. When they are loaded again, the old ones answer until the new ones are there, so that both " <>
         "together take up to twice as much. Default 512 MiB", 536_870_912},
      @busy_timeout,
      {:stall_timeout, "a number of milliseconds",
       "how long to retry what cannot be written for a reason that may pass (a full disk, another program's lock, a log that has " <>
         "reached its limit); then the scan or the call fails. Only scans wait longer, for a reader that keeps the log from starting over. " <>
         "Default 10000", 10_000},
      {:timeout, "a positive number of milliseconds or :infinity",
       "how long to wait; then the reason is `:etimedout`, and the file is closed again once it could be opened. " <>
         "Default `:infinity`, as a long log is copied, or an older file migrated, first",
       :infinity},
      {:permissions, "an integer from 0o600 to 0o666",
       "permissions of a new file, minus the process's umask. An index shows the names in all folders that the scanning " <>
         "user may read. Default `0o600`", 0o600},
      {:follow, "a boolean",
       "whether to maintain the table `touched`, from which another process learns which folders have changed. Makes " <>
         "writing slower. Default `false`", false}
    ],
    children: [
      {:limit, "an integer from 1 to 10000", "maximum number of children in a page. Default 200",
       200},
      {:after, "a cursor or nil",
       "`next` of the previous page, with the same order. Default `nil`", nil},
      {:sort, ":name, :size, :count, :mtime or :disk",
       "by name, folders first; or by bytes, file count, time or size on disk. Default `:name`",
       :name},
      {:order, ":asc, :desc or nil",
       "ascending or descending. Default `:asc` by name, `:desc` otherwise", nil}
    ],
    largest: [
      {:limit, "an integer from 1 to 10000",
       "maximum number of folders, and of files. Default 20", 20},
      {:by, ":size or :disk", "by bytes, or by size on disk. Default `:size`", :size}
    ],
    breakdown: [
      {:by, ":extension, :age or :owner", "by what files are grouped. Default `:extension`",
       :extension},
      {:limit, "an integer from 1 to 10000",
       "maximum number of groups; the others come as one. Default 100", 100},
      @timeout
    ],
    links: [
      {:limit, "an integer from 1 to 10000", "maximum number of names. Default 100", 100}
    ],
    changes: [
      {:folder, "a folder", "only changes in and beneath this folder. Default `\"\"`", ""},
      {:limit, "an integer from 1 to 10000",
       "maximum number of folders in a page, which may have fewer: `next` tells whether there is another. Default 200",
       200},
      {:after, "a cursor or nil",
       "`next` of the previous page, between the same generations. Default `nil`", nil},
      {:entries, "a boolean",
       "whether to list the single files that changed in each folder; a page with many of them has fewer folders. " <>
         "Default `false`", false}
    ],
    search: [
      {:mode, ":auto, :substring, :glob or :fuzzy",
       "what the query is: a text that a name contains; a glob; letters that a name contains in this order, with others " <>
         "between them; or, with `:auto`, the first of these that finds anything. Default `:auto`",
       :auto},
      {:limit, "an integer from 1 to 10000", "maximum number of hits in a page. Default 100",
       100},
      {:after, "a cursor or nil", "`next` of the previous page, of the same query. Default `nil`",
       nil},
      {:kind, "a kind as in Aether.Entry, or a list of kinds",
       "only entries of these kinds. Default `[]`, all kinds", []},
      {:ext, "a binary, or a list of binaries",
       "only names with one of these extensions, in upper or lower case. Default `[]`, all names",
       []},
      {:larger, "a number of bytes or nil",
       "only entries with more bytes; a folder has those of all files beneath it. Default `nil`",
       nil},
      {:newer, "a DateTime, a time in nanoseconds since 1970, or nil",
       "only entries modified after that time. Default `nil`", nil},
      {:source, "a source or nil", "only entries of this source. Default `nil`, all sources",
       nil},
      {:near, "{source, path} or nil",
       "prefers entries near that folder, or near the folder of that file; without it, entries near a root. Default `nil`",
       nil},
      {:all, "a boolean",
       "whether an entry in two sources, one within the other, is found in both; otherwise, if both have the same rules, " <>
         "only in the one that has read the folder last. Default `false`", false},
      {:known_as, ":root, an absolute path, or nil",
       "how pasted absolute paths begin: with the root's own path; with another path, by which users know the root; or " <>
         "`nil`: they find nothing, so that users cannot find out by trying where a root lies. Default `:root`",
       :root},
      {:session, "an Aether.Index.Session or nil",
       "shared by the searches of one user who is typing, see `session/0`. Default `nil`", nil},
      @timeout
    ],
    check: [
      {:thorough, "a boolean",
       "whether SQLite also compares its own indexes with their tables, which takes several times as long. " <>
         "Default `false`", false},
      @timeout
    ],
    put_note: [
      {:if, "an Aether.Index.Child, a map with some of :kind, :bytes and :mtime, or nil",
       "the expected state of the entry, as returned by `stat/3` and `children/4`; of a directory's `Child` only kind and " <>
         "time are compared. Default `nil`, any state", nil},
      @written
    ],
    forget: [@written],
    close: [@written],
    backup: [@timeout],
    restore: [@busy_timeout, @timeout],
    vacuum: [@timeout],
    import_cache: [
      {:roots, "a map of ids to paths",
       "the roots of sources that the index does not have yet. Default `%{}`", %{}},
      @timeout
    ]
  ]

  alias Aether.Index.{Child, Session, Source}

  @kinds [:unknown, :file, :directory, :symlink, :other]

  # SQLite's largest integer.
  @max_integer 0x7FFFFFFFFFFFFFFF

  @doc "The options of a call as a Markdown list."
  def docs(call, except \\ []) do
    for {name, takes, does, _default} <- @tables[call],
        name not in except,
        do: "  * `:#{name}` - #{takes}: #{does}.\n"
  end

  @doc "The options of a call, checked, with defaults filled in."
  def new(call, opts) do
    if not Keyword.keyword?(opts),
      do:
        raise(
          ArgumentError,
          "#{call(call)} takes options as a keyword list, got: #{inspect(opts)}"
        )

    table = @tables[call]

    Enum.each(opts, fn {name, value} ->
      check!(call, List.keyfind(table, name, 0), name, value)
    end)

    defaults = for {name, _takes, _does, default} <- table, into: %{}, do: {name, default}
    # As usual with keyword lists, the first of equal keys counts.
    opts |> Enum.reverse() |> Enum.into(defaults)
  end

  @doc "The options of `open`. `:path` is required."
  def open(opts) do
    options = new(:open, opts)

    if options.path == nil,
      do: raise(ArgumentError, "Aether.Index needs option :path, the database file")

    options
  end

  defp check!(call, nil, name, _value) do
    names = Enum.map_join(@tables[call], ", ", &inspect(elem(&1, 0)))

    raise ArgumentError,
          "unknown option #{inspect(name)} for #{call(call)}, it takes #{names}"
  end

  defp check!(call, {name, takes, _does, _default}, name, value) do
    if not valid?(call, name, value) do
      raise ArgumentError,
            "option #{inspect(name)} of #{call(call)} takes #{takes}, got: #{inspect(value)}"
    end
  end

  defp call(:open), do: "Aether.Index"
  defp call(call), do: "Aether.Index.#{call}"

  defp valid?(:open, :mode, mode), do: mode in [:write, :read]
  defp valid?(:search, :mode, mode), do: mode in [:auto, :substring, :glob, :fuzzy]
  defp valid?(:breakdown, :by, by), do: by in [:extension, :age, :owner]
  defp valid?(_call, name, value), do: valid?(name, value)

  defp valid?(:path, path), do: is_binary(path)
  defp valid?(:cache_dir, dir), do: is_nil(dir) or is_binary(dir)
  defp valid?(:history, history), do: history in 0..1000
  defp valid?(:search_memory, bytes), do: is_integer(bytes) and bytes > 0
  # SQLite's maximum.
  defp valid?(:busy_timeout, time), do: time in 0..0x7FFFFFFF
  defp valid?(:stall_timeout, time), do: time in 0..0xFFFFFFFF
  defp valid?(:permissions, mode), do: mode in 0o600..0o666
  defp valid?(:follow, follow), do: is_boolean(follow)
  defp valid?(:if, expected), do: is_nil(expected) or Child.expected?(expected)
  defp valid?(:name, _name), do: true
  defp valid?(:limit, limit), do: limit in 1..10_000
  defp valid?(:after, cursor), do: is_nil(cursor) or is_binary(cursor)
  defp valid?(:sort, sort), do: sort in [:name, :size, :count, :mtime, :disk]
  defp valid?(:by, by), do: by in [:size, :disk]
  defp valid?(:order, order), do: order in [nil, :asc, :desc]
  defp valid?(:all, all), do: is_boolean(all)
  defp valid?(:entries, entries), do: is_boolean(entries)
  defp valid?(:thorough, thorough), do: is_boolean(thorough)
  defp valid?(:folder, folder), do: is_binary(folder)
  defp valid?(:timeout, timeout), do: timeout == :infinity or timeout in 1..0xFFFFFFFF
  defp valid?(:source, source), do: is_nil(source) or source?(source)
  defp valid?(:near, nil), do: true
  defp valid?(:near, {source, folder}), do: source?(source) and is_binary(folder)
  defp valid?(:near, _other), do: false
  defp valid?(:kind, kinds), do: each?(kinds, &(&1 in @kinds))
  defp valid?(:ext, texts), do: each?(texts, &(is_binary(&1) and &1 not in ["", "."]))
  defp valid?(:larger, bytes), do: is_nil(bytes) or bytes in 0..@max_integer
  defp valid?(:newer, %DateTime{}), do: true
  defp valid?(:newer, time), do: is_nil(time) or time in -@max_integer..@max_integer
  defp valid?(:known_as, "/" <> _), do: true
  defp valid?(:known_as, known_as), do: known_as in [:root, nil]
  defp valid?(:session, session), do: is_nil(session) or is_struct(session, Session)

  defp valid?(:roots, roots) when is_map(roots),
    do: Enum.all?(roots, fn {id, path} -> id?(id) and is_binary(path) end)

  defp valid?(:roots, _other), do: false

  # One, or a proper list of them.
  defp each?(items, valid?) when is_list(items),
    do: not List.improper?(items) and Enum.all?(items, valid?)

  defp each?(item, valid?), do: valid?.(item)

  defp id?(id), do: is_binary(id) and byte_size(id) in 1..255 and String.valid?(id)
  defp source?(source), do: is_binary(source) or is_struct(source, Source)
end
