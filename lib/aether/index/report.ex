defmodule Aether.Index.Report do
  @moduledoc """
  The result of a check. A check repairs nothing.

    * `pages` - defects of the file that SQLite reports; if there are any, nothing else is checked
    * `findings` - the first hundred inconsistencies, each a map with the `problem`, the `path` of the folder
      relative to its source's root, if it can be determined, and the numbers that are `stored` and were `counted`
    * `count` - number of inconsistencies
    * `directories`, `files` - how many were counted
  """

  defstruct pages: [], findings: [], count: 0, directories: 0, files: 0

  @typedoc "The kind of an inconsistency: a wrong total, or an orphaned row."
  @type problem ::
          :own_files
          | :own_bytes
          | :own_disk
          | :disk
          | :linked
          | :whole
          | :links
          | :inodes
          | :lost_links
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
          | :lost_owner
          | :lost_inexact

  @typedoc "The result of a check."
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
  Whether the check found nothing wrong.

      iex> Aether.Index.Report.clean?(%Aether.Index.Report{})
      true
  """
  @spec clean?(t) :: boolean
  def clean?(%__MODULE__{pages: pages, count: count}), do: pages == [] and count == 0
end
