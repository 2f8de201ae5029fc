defmodule Aether.Index.Child do
  @moduledoc """
  An entry of a folder, as stored in an index.

    * `name` - raw bytes, without its folder; empty for a root
    * `kind` - as in `Aether.Entry`
    * `file_count` - of a directory, the number of entries beneath it that are not directories; 1 for everything else
    * `bytes` - of a directory, the sizes of all regular files beneath, a hard link counted each time (`disk` counts it
      once); of anything else its own size. `nil` if unknown
    * `mtime` - in nanoseconds since 1970, or `nil` if unknown
    * `status` - how a directory's last listing ended, as in `Aether.Slab`; or `:unread`, if it was never listed to its end;
      or `:unmounted`, if another file system was found there than the stored one, or if scans no longer enter it
      (`same_file_system:` was added with `rules: :replace`): what is stored beneath is kept, and counts as unknown. `nil`
      for entries that are not directories
    * `unknown_below` - number of unknown directories beneath, itself included. If it is not 0, the counts are lower bounds.
      `nil` for entries that are not directories
    * `disk` - bytes that it takes up on disk; of a directory with all that lies beneath, an inode with several names once, as
      `du -s -B1` of that directory alone. `nil` if unknown, and until a scan of the whole root has run to its end
    * `disk_unshared` - of a directory, the part of `disk` that is freed if it is removed: all but the inodes that have a name
      elsewhere. `nil` as `disk`, and for entries that are not directories
    * `nlink` - number of names that a file has, as last seen, by whichever of them; 1 where names count by themselves
      (`disk_exact: false` of their folder). `nil` as `disk`, and for directories
    * `disk_exact` - of a directory, whether `disk` counts every file once. `false` if a file beneath has several names, each of
      which may count: more than 800 levels deep, on another device than its directory, or on one where nothing says where
      it begins; and where an older version has written the index, until a scan of the whole root has read all of it again.
      `nil` as `disk`, and for entries that are not directories
    * `owner` - a map of `mode`, all 16 bits of `st_mode`, `uid` and `gid`. `nil` if the index keeps none for the root (see
      `attributes:` of `Aether.Scanner.scan/2`), and where no scan has seen the entry since it does
    * `imported` - the count comes from a cache of the predecessor
  """

  alias Aether.Entry

  @enforce_keys [:name, :kind]
  defstruct [
    :name,
    :kind,
    :bytes,
    :mtime,
    :status,
    :unknown_below,
    :disk,
    :disk_unshared,
    :disk_exact,
    :nlink,
    :owner,
    file_count: 1,
    imported: false
  ]

  @typedoc "How the last listing of a directory ended."
  @type status ::
          :complete
          | :other_file_system
          | :loop
          | :vanished
          | :changing
          | :unread
          | :unmounted
          | {:error, atom | pos_integer}

  @typedoc "An entry of a folder."
  @type t :: %__MODULE__{
          name: binary,
          kind: Entry.kind(),
          file_count: non_neg_integer,
          bytes: non_neg_integer | nil,
          mtime: integer | nil,
          status: status | nil,
          unknown_below: non_neg_integer | nil,
          disk: non_neg_integer | nil,
          disk_unshared: non_neg_integer | nil,
          disk_exact: boolean | nil,
          nlink: non_neg_integer | nil,
          owner: %{mode: 0..0xFFFF, uid: non_neg_integer, gid: non_neg_integer} | nil,
          imported: boolean
        }

  @facts [:kind, :bytes, :mtime]
  @kinds [:file, :directory, :symlink, :other, :unknown]
  @int64 -0x8000000000000000..0x7FFFFFFFFFFFFFFF

  @doc false
  # Whether it is valid as the expected state of an entry.
  def expected?(%__MODULE__{}), do: true

  def expected?(facts),
    do: is_map(facts) and not is_struct(facts) and facts != %{} and Enum.all?(facts, &fact?/1)

  defp fact?({:kind, kind}), do: kind in @kinds
  defp fact?({:bytes, bytes}), do: is_nil(bytes) or (bytes in @int64 and bytes >= 0)
  defp fact?({:mtime, mtime}), do: is_nil(mtime) or mtime in @int64
  defp fact?(_other), do: false

  @doc false
  # For the native side. A directory's bytes are those of everything beneath, not its own, so they are not compared.
  def facts(nil), do: []

  def facts(%__MODULE__{kind: :directory} = child),
    do: child |> Map.take([:kind, :mtime]) |> Map.to_list()

  def facts(expected), do: expected |> Map.take(@facts) |> Map.to_list()
end
