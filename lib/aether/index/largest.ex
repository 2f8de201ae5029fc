defmodule Aether.Index.Largest do
  @moduledoc """
  The biggest folders and files beneath a folder, the biggest first.

    * `folders` - by the bytes beneath them, folders within others too
    * `files` - regular files by size
    * `complete` - all that had to be looked at was. Otherwise there may be bigger files than these

  Each is a map with `path` (raw bytes relative to the source's root), `bytes` and `file_count`.
  """

  defstruct folders: [], files: [], complete: true

  @typedoc "A folder or a file."
  @type item :: %{path: binary, bytes: non_neg_integer, file_count: non_neg_integer}

  @typedoc "The biggest folders and files."
  @type t :: %__MODULE__{folders: [item], files: [item], complete: boolean}
end
