defmodule Aether.Entry do
  @moduledoc """
  One file, directory, symbolic link or other thing beneath a root.

    * `path` - relative to the root, `/`-separated, without a slash at either end. Raw bytes:
      names need not be UTF-8, and may hold anything but `/` and NUL; escape them before a person
      reads them
    * `kind` - `:file` (a regular one), `:directory`, `:symlink` (never followed), `:other` (a
      device, FIFO, socket), or `:unknown`
    * `size` - in bytes, or `nil` where it is not known
    * `mtime` - when the content last changed, in nanoseconds since 1970 (negative before), or
      `nil` where it is not known

  Size and mtime are `lstat(2)`'s: those of a link itself, not of what it points to. Neither is
  known for a scan with `metadata: false`, and for an entry that could not be asked.

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
