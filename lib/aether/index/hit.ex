defmodule Aether.Index.Hit do
  @moduledoc """
  Something that a search found, as the index knows it now.

    * `source` - the uuid of its source
    * `path` - raw bytes relative to the source's root
    * `kind` - as in `Aether.Entry`
    * `bytes` - its size; of a directory, the sizes of all regular files beneath. `nil` where it is not known
    * `mtime` - in nanoseconds since 1970, or `nil` where it is not known
    * `file_count` - of a directory, all beneath it that is no directory itself; `nil` for everything else
    * `score` - higher is better; compares within one answer
  """

  @enforce_keys [:source, :path, :kind]
  defstruct [:source, :path, :kind, :bytes, :mtime, :file_count, :score]

  @typedoc "Something that a search found."
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
