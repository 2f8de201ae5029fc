defmodule Aether.Index.Breakdown do
  @moduledoc """
  What lies beneath a folder, in groups, the one with the most bytes first.

    * `groups` - maps with `key` and the sums of the group
    * `others` - the sums of all other groups, or `nil` if there are none. Beyond 100,000 extensions these are those that were
      met last, however large
    * `disk_exact` - whether `disk` of the groups counts every file once, as in `Aether.Index.Child`. `nil` as `disk`

  The key is an extension: what follows the last dot of a name, with ASCII letters in lower case; `""` for names without one,
  such as `.profile`. Or it is an age by the time of modification: `:day`, `:week`, `:month` (30 days), `:year` (365), `:older`,
  or `:unknown`. Or it is the number of a user, or `:unknown` for entries whose owner is not kept, or was not when they were last
  seen. The sums:

    * `files` - number of entries that are not directories
    * `bytes` - the sizes of regular files, a hard link counted each time
    * `disk` - bytes that they take up on disk, a file with several names once, in the group of its first name: by name, a
      folder's files before its folders. Folders themselves are not in it. `nil` until a scan of the whole root has run to its
      end
    * `newest` - the newest time of modification, in nanoseconds since 1970, or `nil` if none is known
  """

  defstruct groups: [], others: nil, disk_exact: nil

  @typedoc "The sums of a group."
  @type sums :: %{
          optional(:key) => key,
          files: non_neg_integer,
          bytes: non_neg_integer,
          disk: non_neg_integer | nil,
          newest: integer | nil
        }

  @typedoc "Which files a group has."
  @type key :: binary | non_neg_integer | :day | :week | :month | :year | :older | :unknown

  @typedoc "What lies beneath a folder, in groups."
  @type t :: %__MODULE__{groups: [sums], others: sums | nil, disk_exact: boolean | nil}
end
