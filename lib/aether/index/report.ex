defmodule Aether.Index.Report do
  @moduledoc """
  What a check of an index found. Nothing is mended by it.

    * `pages` - what SQLite says is wrong with the file; nothing else is looked at then
    * `findings` - the first hundred things that do not add up, each a map with the `problem`, the `path` of the folder
      relative to its source's root, as far as it can be told, and the numbers that are `stored` and were `counted`
    * `count` - how many such things there are
    * `directories`, `files` - how many were counted
  """

  defstruct pages: [], findings: [], count: 0, directories: 0, files: 0

  @typedoc "What does not add up: a total, or a row that belongs to nothing."
  @type problem ::
          :own_files
          | :own_bytes
          | :file_count
          | :bytes
          | :unknown_below
          | :orphan
          | :circle
          | :other_source
          | :not_text
          | :path
          | :lost_files
          | :lost_path
          | :lost_notes
          | :lost_grave
          | :lost_root

  @typedoc "What a check found."
  @type t :: %__MODULE__{
          pages: [String.t()],
          findings: [
            %{problem: problem, path: binary | nil, stored: integer, counted: integer}
          ],
          count: non_neg_integer,
          directories: non_neg_integer,
          files: non_neg_integer
        }

  @doc """
  Whether nothing is wrong.

      iex> Aether.Index.Report.clean?(%Aether.Index.Report{})
      true
  """
  @spec clean?(t) :: boolean
  def clean?(%__MODULE__{pages: pages, count: count}), do: pages == [] and count == 0
end
