defmodule Aether.Index.Source do
  @moduledoc """
  A root in an index.

    * `uuid` - its id: the `source_id` of the first scan, or a generated one
    * `root` - its path, absolute and raw bytes, with links resolved except in the last component. One directory has one
      source, by whatever path it is scanned
    * `within` - the uuid of the innermost source whose root contains this one, or `nil`. Each source has a tree of its own; if
      another has seen a folder more recently, `newer` of an `Aether.Index.Answer` says so
    * `rules` - what scans leave out: a map with `hidden`, `ignore`, `exclude` and `same_file_system` as in `Aether.Options`
    * `attributes` - what is kept of each entry besides sizes, times and links: `[:owner]`, or `[]`
    * `generation` - number of scans of the whole root begun so far, as used by `Aether.Index.changes/5`
    * `status` - of the scan that began or ended last: `:running`, `:complete`, `:partial`, `:cancelled`, `:failed`, or
      `:crashed` if its writer died; `nil` before the first scan
    * `last_scan_at` - when the last scan ended, in any way; `last_complete_at` - when the last scan of the whole root ran to its
      end
    * `last_scan_files` - number of entries, without directories, in the last scan of the whole root that ran to its end
    * `created_at` - when the source was created
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
    attributes: [],
    generation: 0,
    file_count: 0,
    bytes: 0,
    unknown_below: 0
  ]

  @typedoc "The status of a scan into an index."
  @type status :: :running | :complete | :partial | :cancelled | :failed | :crashed

  @typedoc "A root in an index."
  @type t :: %__MODULE__{
          uuid: String.t(),
          root: binary,
          rules: map | nil,
          attributes: [:owner],
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
