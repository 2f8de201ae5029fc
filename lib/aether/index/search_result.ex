defmodule Aether.Index.SearchResult do
  @moduledoc """
  What a search found.

    * `hits` - a list of `Aether.Index.Hit`, the best first
    * `matched` - how many names match, on all pages; those that `larger:` and `newer:` leave out are among them
    * `next` - a cursor, for `after:`, or `nil` after the last page
    * `more` - time was up before there were enough hits, as so few pass `larger:` and `newer:`: go on from `next`
    * `position` - `{line, column}` if the query was a path with a line at its end, else `nil`. The column may be `nil`
    * `loaded_at` - when the names that were searched were read from the index, a `DateTime` in UTC
    * `loaded` - they were read for this very query, which took its time; the next ones find them in memory
    * `outdated` - a scan has begun or ended since then, so that names may have come that were not searched. What is gone is
      never shown. They are being read again: search once more in a while
    * `truncated` - `:search_memory` left names out
  """

  alias Aether.Index.{Answer, Hit}

  defstruct hits: [],
            matched: 0,
            next: nil,
            more: false,
            position: nil,
            loaded_at: nil,
            loaded: false,
            outdated: false,
            truncated: false

  @typedoc "What a search found."
  @type t :: %__MODULE__{
          hits: [Hit.t()],
          matched: non_neg_integer,
          next: binary | nil,
          more: boolean,
          position: {pos_integer, pos_integer | nil} | nil,
          loaded_at: DateTime.t() | nil,
          loaded: boolean,
          outdated: boolean,
          truncated: boolean
        }

  @doc false
  def from_native(%__MODULE__{} = found), do: %{found | loaded_at: Answer.time(found.loaded_at)}
end
