defmodule Aether.Index.Children do
  @moduledoc """
  A page of a folder's children, in the requested order.

    * `entries` - a list of `Aether.Index.Child`
    * `next` - pass it as `after:` for the next page, a binary that may be stored or sent; `nil` after the last page
    * `moved` - the folder has changed since the previous page. Pages by name still miss nothing; in another order children
      may be missing, or come twice. Changes that leave every sum of the folder equal go unnoticed, for example when a file
      moves between two folders beneath it within one scan
  """

  alias Aether.Index.Child

  defstruct entries: [], next: nil, moved: false

  @typedoc "A page of a folder's children."
  @type t :: %__MODULE__{entries: [Child.t()], next: binary | nil, moved: boolean}
end
