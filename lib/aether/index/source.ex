defmodule Aether.Index.Source do
  @moduledoc """
  A root that an index knows.

    * `uuid` - its id: the `source_id` of the first scan, or one that was made up
    * `root` - its path, absolute and raw bytes: links on the way are resolved, its own name is kept. One directory has one
      source, by whatever path it is scanned
    * `within` - the uuid of the source around it, if its root lies beneath that of another: the innermost, or `nil`. Each has
      a tree of its own; where another has looked at a folder since, `newer` of an `Aether.Index.Answer` says so
    * `rules` - what is left out: a map with `hidden`, `ignore`, `exclude` and `same_file_system` as in `Aether.Options`
    * `generation` - scans of the whole root begun so far; `Aether.Index.changes/5` counts in these
    * `status` - of the scan that began or ended last: `:running`, `:complete`, `:partial`, `:cancelled`, `:failed`, or
      `:crashed` if whoever wrote it died; `nil` before the first
    * `last_scan_at` - when a scan last ended, however; `last_complete_at` - when one of the whole root last ran to its end
    * `last_scan_files` - what the last scan of the whole root that ran to its end counted, directories aside
    * `created_at` - when it was made
    * `file_count`, `bytes`, `unknown_below` - as in `Aether.Index.Totals`, of the whole root

  Times are `DateTime`s in UTC, or `nil`.
  """

  alias Aether.Index.Answer

  @enforce_keys [:uuid, :root]
  defstruct [
    :uuid,
    :root,
    :rules,
    :status,
    :last_scan_at,
    :last_complete_at,
    :last_scan_files,
    :created_at,
    :within,
    generation: 0,
    file_count: 0,
    bytes: 0,
    unknown_below: 0
  ]

  @typedoc "How a scan into an index stands."
  @type status :: :running | :complete | :partial | :cancelled | :failed | :crashed

  @typedoc "A root that an index knows."
  @type t :: %__MODULE__{
          uuid: String.t(),
          root: binary,
          rules: map | nil,
          generation: non_neg_integer,
          status: status | nil,
          last_scan_at: DateTime.t() | nil,
          last_complete_at: DateTime.t() | nil,
          last_scan_files: non_neg_integer | nil,
          created_at: DateTime.t() | nil,
          file_count: non_neg_integer,
          bytes: non_neg_integer,
          unknown_below: non_neg_integer,
          within: String.t() | nil
        }

  @doc false
  def from_native(%__MODULE__{} = source) do
    %{
      source
      | last_scan_at: Answer.time(source.last_scan_at),
        last_complete_at: Answer.time(source.last_complete_at),
        created_at: Answer.time(source.created_at)
    }
  end
end
