defmodule Aether.Index.Largest do
  @moduledoc """
  The largest folders and files beneath a folder, the largest first.

    * `folders` - by the bytes beneath them, including folders within others
    * `files` - regular files by size
    * `complete` - everything that had to be read was read. Otherwise larger files may be missing

  Each is a map with `path` (raw bytes relative to the source's root), `bytes` and `file_count`.
  """

  defstruct folders: [], files: [], complete: true

  @typedoc "A folder or a file."
  @type item :: %{path: binary, bytes: non_neg_integer, file_count: non_neg_integer}

  @typedoc "The largest folders and files."
  @type t :: %__MODULE__{folders: [item], files: [item], complete: boolean}
end
