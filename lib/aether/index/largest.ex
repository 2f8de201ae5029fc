defmodule Aether.Index.Largest do
  @moduledoc """
  The largest folders and files beneath a folder, the largest first.

    * `folders` - by what lies beneath them, including folders within others
    * `files` - regular files; one with several names comes with each of them
    * `complete` - everything that had to be read was read. Otherwise larger files may be missing; by size on disk, all
      are until that is known

  Each is a map with `path` (raw bytes relative to the source's root), `bytes`, `disk`, `disk_exact` and `file_count`, as in
  `Aether.Index.Child`.
  """

  defstruct folders: [], files: [], complete: true

  @typedoc "A folder or a file."
  @type item :: %{
          path: binary,
          bytes: non_neg_integer,
          disk: non_neg_integer | nil,
          disk_exact: boolean | nil,
          file_count: non_neg_integer
        }

  @typedoc "The largest folders and files."
  @type t :: %__MODULE__{folders: [item], files: [item], complete: boolean}
end
