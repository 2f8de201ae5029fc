defmodule Aether.Index.Totals do
  @moduledoc """
  The totals of everything beneath a folder.

    * `file_count` - number of entries that are not directories
    * `bytes` - the sizes of regular files, a hard link counted each time; `nil` if only the count is known
    * `own_files`, `own_bytes` - the same for the folder's own entries, without its subfolders
    * `unknown_below` - number of unknown directories beneath, the folder included
    * `status` - how the folder's last listing ended, as in `Aether.Index.Child`
    * `disk`, `disk_unshared`, `disk_exact` - as in `Aether.Index.Child`
    * `disk_pending` - files of removed folders still count in `disk`, if they had names elsewhere, until their rows are
      deleted: it is an upper bound
  """

  defstruct file_count: 0,
            bytes: nil,
            own_files: 0,
            own_bytes: 0,
            unknown_below: 0,
            status: :unread,
            disk: nil,
            disk_unshared: nil,
            disk_exact: nil,
            disk_pending: false

  @typedoc "The totals of a folder."
  @type t :: %__MODULE__{
          file_count: non_neg_integer,
          bytes: non_neg_integer | nil,
          own_files: non_neg_integer,
          own_bytes: non_neg_integer,
          unknown_below: non_neg_integer,
          status: Aether.Index.Child.status(),
          disk: non_neg_integer | nil,
          disk_unshared: non_neg_integer | nil,
          disk_exact: boolean | nil,
          disk_pending: boolean
        }
end
