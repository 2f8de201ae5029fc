defmodule Aether.Index.SearchResult do
  @moduledoc """
  The result of a search.

    * `hits` - a list of `Aether.Index.Hit`, the best first
    * `matched` - number of names that match, on all pages, including those that `larger:` and `newer:` leave out
    * `next` - a cursor, for `after:`, or `nil` after the last page
    * `more` - the time ran out before there were enough hits, because few pass `larger:` and `newer:`: continue from `next`
    * `position` - `{line, column}` if the query was a path with a line at its end, otherwise `nil`. The column may be `nil`
    * `loaded_at` - when the searched names were loaded from the index, a `DateTime` in UTC
    * `loaded` - they were loaded for this query, which made it slow; further queries find them in memory
    * `outdated` - a scan has begun or ended since then, so new names may be missing. Removed entries are never shown. The
      names are being loaded again: repeat the search a little later
    * `truncated` - names are missing because of the limit `:search_memory`
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

  @typedoc "The result of a search."
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
