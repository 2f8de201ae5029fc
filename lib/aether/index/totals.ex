defmodule Aether.Index.Totals do
  @moduledoc """
  What lies beneath a folder, all in all.

    * `file_count` - everything that is no directory
    * `bytes` - the sizes of regular files, a hard link counted each time; `nil` where only a count is known
    * `own_files`, `own_bytes` - the same of the folder alone, without the folders in it
    * `unknown_below` - directories beneath, the folder included, that are not known
    * `status` - how the folder's last listing ended, as in `Aether.Index.Child`
  """

  defstruct file_count: 0,
            bytes: nil,
            own_files: 0,
            own_bytes: 0,
            unknown_below: 0,
            status: :unread

  @typedoc "What lies beneath a folder."
  @type t :: %__MODULE__{
          file_count: non_neg_integer,
          bytes: non_neg_integer | nil,
          own_files: non_neg_integer,
          own_bytes: non_neg_integer,
          unknown_below: non_neg_integer,
          status: Aether.Index.Child.status()
        }
end
