defmodule Aether.Entry do
  @moduledoc """
  A file, directory, symbolic link or other entry beneath a root.

    * `path` - relative to the root, `/`-separated, without a slash at either end. Raw bytes:
      names need not be UTF-8, and may contain any byte except `/` and NUL; escape them before
      showing them to a person
    * `kind` - `:file` (a regular one), `:directory`, `:symlink` (never followed), `:other` (a
      device, FIFO, socket), or `:unknown`
    * `size` - in bytes, or `nil` if unknown
    * `mtime` - when the content last changed, in nanoseconds since 1970 (negative before), or
      `nil` if unknown

  Size and mtime are those of `lstat(2)`: of a link itself, not of its target. Both are unknown with
  `metadata: false`, and if the metadata of an entry could not be read.

      iex> entry = %Aether.Entry{path: "docs/a.txt", kind: :file, size: 5, mtime: 1_700_000_000_123_456_789}
      iex> DateTime.from_unix!(entry.mtime, :nanosecond)
      ~U[2023-11-14 22:13:20.123456Z]
  """

  defstruct [:path, :kind, :size, :mtime]

  @typedoc "What an entry is."
  @type kind :: :file | :directory | :symlink | :other | :unknown

  @typedoc "One entry."
  @type t :: %__MODULE__{
          path: binary,
          kind: kind,
          size: non_neg_integer | nil,
          mtime: integer | nil
        }
end
