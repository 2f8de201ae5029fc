defmodule Aether.Index.Hit do
  @moduledoc """
  An entry that a search found, as it is in the index now.

    * `source` - the uuid of its source
    * `path` - raw bytes relative to the source's root
    * `kind` - as in `Aether.Entry`
    * `bytes` - its size; of a directory, the sizes of all regular files beneath. `nil` if unknown
    * `mtime` - in nanoseconds since 1970, or `nil` if unknown
    * `file_count` - of a directory, the number of entries beneath it that are not directories; `nil` for everything else
    * `score` - higher is better; comparable only within one answer
  """

  @enforce_keys [:source, :path, :kind]
  defstruct [:source, :path, :kind, :bytes, :mtime, :file_count, :score]

  @typedoc "An entry that a search found."
  @type t :: %__MODULE__{
          source: String.t(),
          path: binary,
          kind: Aether.Entry.kind(),
          bytes: non_neg_integer | nil,
          mtime: integer | nil,
          file_count: non_neg_integer | nil,
          score: integer
        }
end
