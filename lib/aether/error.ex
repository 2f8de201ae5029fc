defmodule Aether.Error do
  alias Aether.Printable

  # The table of messages comes first, as the documentation is made from it.
  # {reason, what happened, what to do}
  @table [
    {:enoent, "it does not exist",
     "Check the spelling; a relative path starts from the current directory of the VM"},
    {:enotdir, "it is not a directory, or something on the way to it is not",
     "Give the directory that contains it"},
    {:eacces, "permission denied",
     "Run as a user who may read it, or leave it out with `exclude`"},
    {:eperm, "the system does not allow it",
     "Run as a user with the rights for it, or leave it out with `exclude`"},
    {:eexist, "something with that name already exists", "Give another name"},
    {:eisdir, "it is a directory", "Give the path of a file"},
    {:efbig, "it is too large, or has patterns that cost too much to match",
     "Shorten it; ignore rules are applied as far as the brackets say"},
    {:eloop, "there is a symbolic link on the way, or links point at each other in a circle",
     "Links beneath the root are never followed: scan the directory that the link points to"},
    {:einval, "the path is empty or has a NUL byte or an empty component",
     "Give a path without them; the current directory is \".\""},
    {:enametoolong, "the path is longer than the system allows (4,095 bytes, 255 for one name)",
     "Scan a directory nearer to the top: paths beneath a root may have any length"},
    {:emfile, "this program has too many files open",
     "Raise the limit (ulimit -n), or run fewer scans at once"},
    {:enfile, "the whole system has too many files open", "Close some, or raise fs.file-max"},
    {:enomem, "the system is out of memory", "Free some, then scan again"},
    {:eagain, "no thread could be started",
     "Raise the limit of threads (ulimit -u, or the container's pids limit), or lower " <>
       "`config :aether, threads: n`"},
    {:eio, "the device failed to read it",
     "Look at the system's log (dmesg): the disk or its connection may be damaged"},
    {:estale, "the network file system no longer knows it", "Mount it again, then scan again"},
    {:enotconn, "the file system's server is gone", "Mount it again, then scan again"},
    {:etimedout, "there was no answer in time",
     "The file system may hang: look at its server, or give a longer `open_timeout`"},
    {:enotsup, "it is not supported here",
     "Aether runs on Linux, and on other Unixes through a portable walker"},
    {:enosys, "the system does not have the call", "Run on Linux 4.18 or newer"},
    {:eintr, "interrupted by a signal", "Scan again"},
    {:noproc, "the receiver is not alive",
     "Give `to:` a live process: it owns the scan and gets its messages"},
    {:not_local, "the scan belongs to another node",
     "Call on the node where it was started, for example with `:erpc.call/4`"},
    {:too_many_scans, "there are as many scans as this VM may have, parked ones included",
     "Cancel scans that are no longer needed, or raise `config :aether, max_scans: n`"},
    {:outside_root, "the folder would leave the root",
     "Give a path relative to the root, without `..` and without a leading slash"},
    {:root_changed, "the root is no longer the directory that was scanned",
     "It was replaced, or something was mounted or unmounted there: start a new scan of it"},
    {:root_moved, "the index has this directory under a path where nothing is any more",
     "Give `accept_root: true` if it was moved, as the brackets say; if it is another directory, perhaps on a copy of a disk, " <>
       "give it a `source_id` of its own"},
    {:bad_pattern, "it is not a valid gitignore pattern",
     "Correct it; `gitignore(5)` has the syntax"},
    {:bad_slab, "this binary is not a complete slab of a known version",
     "Pass slabs on unchanged, and use the same version of Aether on both ends"},
    {:already_scanning, "that folder of the source is already being scanned",
     "Wait for that scan, whose reference is in the brackets, or cancel it"},
    {:source_busy,
     "another scan of the source runs by the rules, or with the `attributes:`, that this one is to replace",
     "Wait for that scan, whose reference is in the brackets, or cancel it"},
    {:rules_changed, "the index has the root with other rules than this scan or channel",
     "Omit `hidden`, `ignore`, `exclude` and `same_file_system` to use the stored ones, or give `rules: :replace`"},
    {:id_taken, "the id belongs to another root", "Give another `source_id`, or none"},
    {:no_source, "the index has no such source", "`Aether.Index.sources/1` lists its sources"},
    {:no_folder, "the index has no such folder or entry in this source",
     "It may have been removed, or was never scanned: scan it, or start from a folder that the index has"},
    {:entry_changed, "the entry has changed since the note was made",
     "Read the entry again, derive the fact from its content now, and note that"},
    {:bad_cursor, "it is not a cursor, or is a cursor of other pages",
     "Give `next` of the previous page of the very same call, with the same order, or start without a cursor"},
    {:cursor_outdated, "the names were loaded again since that page",
     "Search again without `after:`"},
    {:bad_glob, "the query is not a valid glob",
     "Close each `[` with a `]` and each `{` with a `}`, or search with `mode: :auto`"},
    {:query_too_long, "the query is too long",
     "Search for at most 250 letters, 40 words, or a path of 120 folders"},
    {:cancelled, "it was cancelled",
     "Ask again if the answer is still wanted; a newer query of the same session cancels an older one"},
    {:ended, "the scan was cancelled or has ended, and accepts nothing more", "Start a new one"},
    {:index_closed, "the index is closed", "Open it again"},
    {:index_busy, "another writer, or a reader that does not end, has the index locked",
     "Close the other program or wait for it; opening waits longer with a longer `busy_timeout`; if you only read, open it with `mode: :read`"},
    {:index_full, "there is no space left for the index",
     "Free some on its file system, or in the directory that the brackets name, then scan again: what was written is intact"},
    {:index_io, "the device failed to read or write the index",
     "Look at the system's log (dmesg): the disk or its connection may be damaged"},
    {:index_readonly, "the index cannot be written",
     "Open it without `mode: :read`, as a user who may write to the file and its directory"},
    {:index_unsupported_fs,
     "the index would lie on a file system where processes cannot share memory",
     "Put it on a disk of this machine: SQLite's log does not work over a network"},
    {:index_moved, "the index was moved, deleted or replaced, or another program wrote to it",
     "It is no longer written or read: close it and open it again. The next scan picks up what was not written"},
    {:index_linked,
     "the index has a second name, or is mounted on its own, and its log lies beside only one of the names",
     "Remove the other name (`find DIRECTORY -samefile FILE` finds it), or mount the directory instead of the file"},
    {:index_mixed, "the file and the log beside it do not belong together",
     "If a backup was put there, remove what the brackets name; otherwise put back the file that the log belongs to"},
    {:index_no_log,
     "the index was moved after its writer was killed, or while it runs, and its log was left behind",
     "Move what the brackets name along with it, or put a backup in its place"},
    {:index_notadb, "the file is not a database",
     "Give the path of an index, or of a file that does not exist yet"},
    {:index_foreign, "the database belongs to another program",
     "Give the path of an index, or of a file that does not exist yet"},
    {:index_version, "the index was made by another version of Aether",
     "If it is older, open it once for writing, which migrates it: `Aether.Index.open/1` without `mode: :read`, or a scan into it. " <>
       "If it is newer, use that version of Aether, or scan into a new file"},
    {:index_corrupt, "the index is damaged",
     "Move it away and scan again, or put a backup in its place"},
    {:index_sqlite, "SQLite reported an unexpected error",
     "Look at the text in the brackets, and report it if it happens again"},
    {:cache_damaged, "the cache is damaged, and was left as it is",
     "Scan its root: that finds all that was in it, and more"},
    {:cache_version, "the cache has an unsupported version, and was left as it is",
     "Scan its root instead of importing it"},
    {:cache_other_source,
     "the cache belongs to another source than its name says, and was left as it is",
     "Rename it after the source in the brackets, or scan the root"},
    {:cache_no_root, "no root was given for the cache",
     "Give its id and the root's path in `roots`, or scan the root with the id as `source_id`"},
    {:nif_not_loaded, "the native library could not be loaded",
     "Build it again with `mix compile --force`, then start a new VM; or set `AETHER_NIF_PATH` to " <>
       "a ready-made one"},
    {:panic, "a thread of Aether panicked",
     "This is a defect of Aether: please report it with the text in the brackets"},
    {:unknown_errno, "the system returned an error number without a name",
     "Look up the number in the brackets in `errno(3)`"}
  ]

  @moduledoc """
  What went wrong, where, and during which operation.

  Returned as `{:error, error}`, raised by calls that end in `!`, and collected in a summary for
  everything that could not be read during a scan.

    * `reason` - a POSIX atom from the system (`:enoent`, `:eacces`, ...) or one of Aether's own
      below; match on this one. A folder that `hidden`, `exclude`, `ignore` or `same_file_system` leaves
      out of a `scan_subdir` is `:enoent`, like one that does not exist
    * `path` - raw bytes: as given for a root, relative to the root for anything beneath it
    * `operation` - what was being done: `:start`, `:open`, `:read`, `:stat`, `:ignore`, `:walk`,
      `:decode`, `:load`; and with an index `:index`, `:scan`, `:write`, `:checkpoint`, `:import`,
      `:search`, `:maintain`
    * `detail` - further details for a person, or `nil`

  `message/1` says what happened and what to do about it, in one line that is safe to print:
  control characters, invisible characters and bytes that are not UTF-8 are escaped.

      iex> Exception.message(%Aether.Error{reason: :enoent, path: "/no/such", operation: :open})
      ~s|cannot open "/no/such": it does not exist (enoent). Check the spelling; | <>
        "a relative path starts from the current directory of the VM."

  ## Reasons

  #{Enum.map_join(@table, "\n", fn {reason, what, todo} -> "  * `:#{reason}` - #{what}. #{todo}." end)}
  """

  @enforce_keys [:reason]
  defexception [:reason, path: "", operation: :walk, detail: nil]

  @typedoc "A POSIX atom, or one of Aether's own; see the list above."
  @type reason :: atom

  @typedoc "An error."
  @type t :: %__MODULE__{
          reason: reason,
          path: binary,
          operation: atom,
          detail: binary | nil
        }

  @doc """
  The documented reasons.

  Others can occur: any other error of the system has its POSIX name.

      iex> :root_changed in Aether.Error.reasons()
      true
  """
  @spec reasons() :: [reason]
  def reasons, do: unquote(Enum.map(@table, &elem(&1, 0)))

  @doc """
  What happened and what to do, in one printable line.
  """
  @impl true
  @spec message(t) :: String.t()
  def message(%__MODULE__{} = error) do
    {what, todo} = explain(error.reason, error.operation)
    subject(error) <> what <> " (#{brackets(error)}). " <> todo <> "."
  end

  defp subject(%{operation: operation, path: ""}), do: "cannot #{verb(operation, "")}: "

  defp subject(%{operation: operation, path: path}),
    do: "cannot #{verb(operation, " ")}\"#{shown(path)}\": "

  # Maximum number of bytes shown of a path or a query, which can have any length.
  @max_shown 400

  defp shown(bytes) when byte_size(bytes) <= @max_shown, do: Printable.escape(bytes)

  defp shown(bytes) do
    half = div(@max_shown, 2)
    last = binary_part(bytes, byte_size(bytes) - half, half)
    Printable.escape(binary_part(bytes, 0, half)) <> "…" <> Printable.escape(last)
  end

  defp verb(:start, gap), do: "start the scan" <> if(gap == "", do: "", else: " of ")
  defp verb(:stat, gap), do: "read the metadata" <> if(gap == "", do: "", else: " of ")
  defp verb(:ignore, gap), do: "use ignore rules" <> if(gap == "", do: "", else: " of ")

  defp verb(operation, gap) when operation in [:index, :scan],
    do: "keep the scan" <> if(gap == "", do: "", else: " of ")

  defp verb(:write, gap), do: "write" <> if(gap == "", do: "", else: " to ")

  defp verb(:checkpoint, gap),
    do: "empty the log" <> if(gap == "", do: "", else: " of ")

  defp verb(:maintain, gap), do: "work" <> if(gap == "", do: "", else: " on ")
  defp verb(:walk, ""), do: "walk the tree"
  defp verb(:open, ""), do: "open the root"
  defp verb(:read, ""), do: "read the root"
  defp verb(:decode, ""), do: "decode the slab"
  defp verb(:load, ""), do: "load the native library"
  defp verb(operation, gap), do: "#{operation}#{gap}"

  defp brackets(%{reason: reason, detail: nil}), do: Atom.to_string(reason)

  defp brackets(%{reason: reason, detail: detail}),
    do: "#{reason}: #{shown(detail)}"

  # The root existed when the scan began.
  defp explain(:enoent, :walk),
    do: {"it was deleted during the scan", "Scan a directory that stays, or what replaced it"}

  defp explain(:etimedout, operation) when operation in [:search, :maintain, :import],
    do: {"it did not finish in time", "Give a longer `timeout:`"}

  defp explain(:etimedout, :read),
    do:
      {"there was no answer in time",
       "The disk under the index may hang or be very slow; a longer `timeout:`, where the call takes one, waits longer"}

  defp explain(:etimedout, :write),
    do:
      {"it was not done in time, and may still be done later",
       "Look whether another program has the index locked or its disk hangs; a longer `timeout:` waits longer"}

  defp explain(:too_many_scans, :stat),
    do:
      {"as many entries are looked at as this VM may at once",
       "Try again when some of them have answered"}

  defp explain(reason, _operation), do: explain(reason)

  for {reason, what, todo} <- @table do
    defp explain(unquote(reason)), do: {unquote(what), unquote(todo)}
  end

  defp explain(reason) do
    what =
      case to_string(:file.format_error(reason)) do
        "unknown POSIX error" <> _ -> "the system reported an error"
        text -> text
      end

    {what, "Look up the reason in `errno(3)`"}
  end
end
