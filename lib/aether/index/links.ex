defmodule Aether.Index.Links do
  @moduledoc """
  The other names of a file with several hard links.

    * `paths` - those that the source knows: raw bytes relative to its root
    * `more` - the source knows more than were asked for
    * `nlink` - number of names that the file has, as last seen, by whichever of them; 1 where names count by themselves (`disk_exact:
      false` of their folder). `nil` if unknown, and until a scan of the
      whole root has run to its end
    * `elsewhere` - how many of them the source does not know: outside of its root, left out by its rules, or not seen yet.
      `nil` as `nlink`
  """

  defstruct paths: [], more: false, nlink: nil, elsewhere: nil

  @typedoc "The other names of a file."
  @type t :: %__MODULE__{
          paths: [binary],
          more: boolean,
          nlink: non_neg_integer | nil,
          elsewhere: non_neg_integer | nil
        }
end
