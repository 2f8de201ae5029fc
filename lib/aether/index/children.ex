defmodule Aether.Index.Children do
  @moduledoc """
  Some of a folder's children, in the order asked for.

    * `entries` - a list of `Aether.Index.Child`
    * `next` - to be given as `after:` for the next page, a binary that may travel; `nil` if this was the last
    * `moved` - the folder has changed since the page before. Pages by name miss nothing all the same; in another order
      some may have been passed over, or come twice. Not seen is what leaves all sums of the folder as they are, as a file
      that went from one folder beneath to another within one scan does
  """

  alias Aether.Index.Child

  defstruct entries: [], next: nil, moved: false

  @typedoc "Some of a folder's children."
  @type t :: %__MODULE__{entries: [Child.t()], next: binary | nil, moved: boolean}
end
