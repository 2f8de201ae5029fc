defmodule Aether.Channel.Wire do
  @moduledoc false
  # What is sent to a client, as maps for JSON. Everything that goes out is made here, so that nothing reveals more than the
  # client may know: reasons come from a short list, paths are relative to the root, and there are no error texts.

  alias Aether.{Attributes, Entry, Error, Progress, Summary}

  alias Aether.Index.{
    Answer,
    Breakdown,
    Child,
    Children,
    Hit,
    Largest,
    Links,
    SearchResult,
    Totals
  }

  @typedoc "A push: an event and its payload."
  @type push :: {String.t(), map | {:binary, binary}}

  @typedoc "A push, or a reply to a request that was made before."
  @type effect :: push | {:reply, any, {:ok | :error, map}}

  @typedoc "A root: the client's key for it, the directory, and what else the app has given."
  @type root :: %{
          key: String.t(),
          path: binary,
          source_id: String.t() | nil,
          known_as: binary | nil,
          options: keyword
        }

  # Absent, forbidden and outside the root give one answer: a client must not learn which of them it is.
  @not_found [
    :enoent,
    :enotdir,
    :eacces,
    :eperm,
    :eloop,
    :einval,
    :enametoolong,
    :outside_root,
    :no_source,
    :no_folder
  ]
  # What an index has of them.
  @disk [:disk, :disk_unshared, :disk_exact]
  @own [:disk_pending | @disk]
  @stored [disk: @disk, inode: [:nlink]]
  @owned [mode: [:mode], owner: [:uid, :gid]]
  # What it adds up.
  @summed [:disk, :disk_exact]
  @bad_request [:bad_pattern, :bad_cursor, :bad_glob, :query_too_long]

  @doc """
  The reason why a request failed, as the client gets it.

      iex> Aether.Channel.Wire.reason(:eacces)
      "not_found"
      iex> Aether.Channel.Wire.reason(:emfile)
      "emfile"
  """
  @spec reason(atom) :: String.t()
  def reason(reason) when reason in @not_found, do: "not_found"
  def reason(reason) when reason in @bad_request, do: "bad_request"
  def reason(other), do: Atom.to_string(other)

  @doc """
  Puts a path, or a name, into a map.

      iex> Aether.Channel.Wire.path(%{}, "a/b")
      %{path: "a/b"}
      iex> Aether.Channel.Wire.path(%{}, <<0xFF>>, :name)
      %{name_base64: "/w=="}
  """
  @spec path(map, binary, :path | :name | :target | :key) :: map
  def path(map, path, key \\ :path) do
    if String.valid?(path),
      do: Map.put(map, key, path),
      else: Map.put(map, base64(key), Base.encode64(path))
  end

  defp base64(:path), do: :path_base64
  defp base64(:name), do: :name_base64
  defp base64(:target), do: :target_base64
  defp base64(:key), do: :key_base64

  @doc "The event of a scan of a whole root, as a push."
  @spec index_event(String.t(), any) :: push
  def index_event(key, event), do: {"index", Map.put(index_payload(event), :root, key)}

  defp index_payload(%Progress{} = progress), do: Map.put(progress(progress), :status, :scanning)
  defp index_payload(%Summary{} = summary), do: summary(summary, nil)

  defp index_payload({:error, %Error{reason: reason}}),
    do: %{status: :failed, reason: reason(reason)}

  defp index_payload(status) when is_atom(status), do: %{status: status}

  @doc "The progress of a scan."
  @spec progress(Progress.t()) :: map
  def progress(%Progress{} = progress) do
    path(
      %{
        found: progress.found,
        persisted: progress.persisted,
        files: progress.files,
        directories: progress.directories,
        bytes: progress.bytes,
        errors: progress.errors,
        rate: Float.round(progress.rate / 1, 1),
        expected: progress.expected,
        elapsed_ms: milliseconds(progress.elapsed)
      },
      progress.current
    )
  end

  @doc "The summary of a scan."
  @spec summary(Summary.t(), String.t() | nil) :: map
  def summary(%Summary{} = summary, reason) do
    %{
      status: summary.status,
      reason: reason || (summary.error && reason(summary.error.reason)),
      files: summary.files,
      directories: summary.directories,
      symlinks: summary.symlinks,
      others: summary.others,
      bytes: summary.bytes,
      disk: summary.disk,
      disk_exact: summary.disk_exact,
      errors: %{
        count: summary.errors.count,
        by_reason: summary.errors.by_reason,
        first: Enum.map(summary.errors.first, &error/1)
      },
      vanished: summary.vanished,
      unread: summary.unread,
      skipped: summary.skipped,
      max_depth: summary.max_depth,
      first_entry_ms: milliseconds(summary.first_entry),
      duration_ms: milliseconds(summary.duration),
      rate: Float.round(summary.rate / 1, 1)
    }
  end

  # An error of the root itself has the root's own path, which the client must not see.
  defp error(%Error{path: "/" <> _} = error), do: error(%{error | path: ""})

  defp error(%Error{} = error),
    do: path(%{reason: error.reason, operation: error.operation}, error.path)

  defp milliseconds(nil), do: nil

  defp milliseconds(native),
    do: Float.round(System.convert_time_unit(native, :native, :microsecond) / 1000, 1)

  @doc """
  An answer of an index: the value's members, out of the groups of attributes that the client may have, and how fresh and
  complete it is.
  """
  @spec answer(Answer.t(), String.t(), [Attributes.group()]) :: map
  def answer(%Answer{} = answer, root, groups) do
    Map.merge(value(answer.value, root, groups), %{
      age_ms: answer.age,
      stale: answer.stale,
      scanning: answer.scanning,
      exhaustive: answer.exhaustive,
      unreadable: answer.unreadable.count,
      unreadable_at_least: answer.unreadable.at_least,
      imported: answer.imported,
      rolled_back: answer.rolled_back
    })
  end

  # A cursor is bytes.
  defp value(%Children{} = children, _root, groups) do
    %{
      entries: Enum.map(children.entries, &child(&1, groups)),
      next: children.next && Base.encode64(children.next),
      moved: children.moved
    }
  end

  # What is no file has none, and what is not there neither.
  defp value(nil, _root, _groups), do: %{paths: nil, more: false, nlink: nil, elsewhere: nil}

  defp value(%Links{} = links, _root, _groups) do
    %{
      paths: Enum.map(links.paths, &path(%{}, &1)),
      more: links.more,
      nlink: links.nlink,
      elsewhere: links.elsewhere
    }
  end

  defp value(%Largest{} = largest, _root, groups) do
    sized = fn item ->
      path(Map.take(item, [:bytes, :file_count | disk(groups, @summed)]), item.path)
    end

    %{
      folders: Enum.map(largest.folders, sized),
      files: Enum.map(largest.files, sized),
      complete: largest.complete
    }
  end

  defp value(%Breakdown{} = breakdown, _root, groups) do
    sums = fn sums ->
      sums
      |> Map.take([:files, :bytes | disk(groups, [:disk])])
      |> Map.put(:newest_ms, time(sums.newest))
    end

    Map.merge(Map.take(breakdown, disk(groups, [:disk_exact])), %{
      groups: Enum.map(breakdown.groups, &Map.merge(sums.(&1), key(&1.key))),
      others: breakdown.others && sums.(breakdown.others)
    })
  end

  defp value(%SearchResult{} = found, root, _groups) do
    %{
      hits: Enum.map(found.hits, &hit(&1, root)),
      matched: found.matched,
      next: found.next && Base.encode64(found.next),
      more: found.more,
      position: position(found.position),
      loaded: found.loaded,
      outdated: found.outdated,
      truncated: found.truncated
    }
  end

  defp disk(groups, keys), do: if(:disk in groups, do: keys, else: [])

  # An extension is bytes.
  defp key(key) when is_binary(key), do: path(%{}, key, :key)
  defp key(key), do: %{key: key}

  defp position({line, column}), do: %{line: line, column: column}
  defp position(nil), do: nil

  @doc """
  What a folder holds itself, out of the groups of attributes that the client may have; and which directories beneath could not
  be read, and why. Either may be nil. Those that were read since are left out.
  """
  @spec folder(Totals.t() | nil, [{binary, Child.status() | nil}] | nil, [Attributes.group()]) ::
          map
  def folder(totals, errors, groups), do: Map.merge(own(totals, groups), errors(errors))

  defp own(nil, _groups), do: %{}

  defp own(%Totals{} = totals, groups) do
    own = %{
      file_count: totals.file_count,
      bytes: totals.bytes,
      status: status(totals.status),
      unknown_below: totals.unknown_below
    }

    %{totals: Map.merge(take(totals, [disk: @own], groups), own)}
  end

  defp errors(nil), do: %{}

  defp errors(errors) do
    read = [:complete, :changing]
    %{errors: for({path, why} <- errors, why not in read, do: path(%{reason: status(why)}, path))}
  end

  defp take(from, lists, groups),
    do: Map.take(from, for({group, keys} <- lists, group in groups, key <- keys, do: key))

  defp child(%Child{} = child, groups) do
    path(
      child
      |> take(@stored, groups)
      |> Map.merge(take(child.owner || %{}, @owned, groups))
      |> Map.merge(%{
        kind: child.kind,
        file_count: child.file_count,
        bytes: child.bytes,
        mtime_ms: time(child.mtime),
        status: status(child.status),
        unknown_below: child.unknown_below,
        imported: child.imported
      }),
      child.name,
      :name
    )
  end

  defp hit(%Hit{} = hit, root) do
    path(
      %{
        root: root,
        kind: hit.kind,
        file_count: hit.file_count,
        bytes: hit.bytes,
        mtime_ms: time(hit.mtime),
        score: hit.score
      },
      hit.path
    )
  end

  # JavaScript's numbers cannot hold nanoseconds.
  defp time(nil), do: nil
  defp time(nanoseconds), do: Integer.floor_div(nanoseconds, 1_000_000)

  defp status({:error, reason}), do: to_string(reason)
  defp status(status), do: status

  @doc "The totals of a watched folder's subfolders, on disk if the client may have that."
  @spec folders([tuple], [Attributes.group()]) :: [map]
  def folders(folders, groups) do
    keys = [:file_count, :bytes | disk(groups, @summed)]

    Enum.map(folders, fn {name, file_count, bytes, disk, disk_exact} ->
      totals = %{file_count: file_count, bytes: bytes, disk: disk, disk_exact: disk_exact}
      path(Map.take(totals, keys), name, :name)
    end)
  end

  @doc """
  What is known of an entry, out of the groups of attributes that the client may have. The function gives the name of a `:uid`
  or `:gid`.
  """
  @spec entry(Entry.t(), [Attributes.group()], (:uid | :gid, non_neg_integer -> String.t() | nil)) ::
          map
  def entry(%Entry{} = entry, groups, name_of) do
    known = entry.attributes || %Attributes{}
    basic = %{kind: entry.kind, size: entry.size, mtime_ms: time(entry.mtime)}
    for group <- groups, reduce: basic, do: (map -> Map.merge(map, group(group, known, name_of)))
  end

  defp group(:disk, known, _name_of), do: %{disk: known.disk}

  # JavaScript's numbers cannot hold all of an inode number.
  defp group(:inode, known, _name_of) do
    inode = known.inode && Integer.to_string(known.inode)
    %{inode: inode, device: known.device, nlink: known.nlink}
  end

  defp group(:mode, known, _name_of), do: %{mode: known.mode}

  defp group(:times, known, _name_of),
    do: %{ctime_ms: time(known.ctime), btime_ms: time(known.btime)}

  defp group(:target, %{target: nil}, _name_of), do: %{target: nil}
  defp group(:target, known, _name_of), do: path(%{}, known.target, :target)

  defp group(:owner, %{uid: uid, gid: gid}, name_of) do
    owner = uid && name_of.(:uid, uid)
    %{uid: uid, gid: gid, owner: owner, group: gid && name_of.(:gid, gid)}
  end
end
