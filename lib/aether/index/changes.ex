defmodule Aether.Index.Changes do
  @moduledoc """
  What appeared, vanished and grew between two scans, by folder.

    * `folders` - between the last two generations sorted by the change of bytes, the largest first; otherwise, and where
      more than 100,000 folders changed and more than 5,000 were removed, or one of more than 20,000 was made again, by path. A
      page for which much has to be read ends early, and may even be empty: `more` tells whether there are others. The
      changes at and beneath a folder add up to the difference of its totals. Each is a map with the `path` of a folder and the
      changes of its own entries: `file_count` and `bytes` (differences, possibly negative), how many entries were `added`,
      `removed` and `changed`, and the `generation` of its last change. `gone` is `true` for a folder that was removed with all
      its content; a new folder of the same name has a map of its own. While removed folders are still being deleted, what
      a folder made again had lost may be part of the map of the one that was removed. With `entries: true` it also has `entries`, the single
      files: maps with `name`, `change` (`:added`, `:removed` or `:changed`), `kind` (the current one, `nil` if it is gone)
      and `bytes` (the difference); and `entries_complete`, which is `false` if some are missing: for a folder that is gone,
      for a source's first generation, and beyond 64 KiB of names in a folder or 16 MiB in total, per generation
    * `more` - there are more folders than these
    * `next` - pass it as `after:` for the next page, a binary that may be stored or sent; `nil` after the last page. No
      folder is missing or doubled because of a scan that began between two pages
    * `generations` - the scans that these changes come from, as maps with `generation`, `status` (as in
      `Aether.Index.Source`) and `ended_at`. Only a `:complete` one has seen everything
    * `pruned` - some changes are missing: generations are no longer kept, or have not begun, or something was removed by
      `Aether.Index.forget/3` since, or the index was written with `history: 0`
    * `first_load` - the first generation is included, in which everything was new and no changes were recorded. If it was cut
      off, the next one reports the rest as added
  """

  alias Aether.Entry
  alias Aether.Index.{Answer, Source}

  defstruct folders: [],
            more: false,
            next: nil,
            generations: [],
            pruned: false,
            first_load: false

  @typedoc "The changes of a folder's own entries."
  @type change :: %{
          optional(:entries) => [entry],
          optional(:entries_complete) => boolean,
          path: binary,
          gone: boolean,
          file_count: integer,
          bytes: integer,
          added: non_neg_integer,
          removed: non_neg_integer,
          changed: non_neg_integer,
          generation: pos_integer
        }

  @typedoc "The change of a file."
  @type entry :: %{
          name: binary,
          change: :added | :removed | :changed,
          kind: Entry.kind() | nil,
          bytes: integer
        }

  @typedoc "A scan of the whole root."
  @type generation :: %{
          generation: pos_integer,
          status: Source.status(),
          ended_at: DateTime.t() | nil
        }

  @typedoc "The changes between two scans."
  @type t :: %__MODULE__{
          folders: [change],
          more: boolean,
          next: binary | nil,
          generations: [generation],
          pruned: boolean,
          first_load: boolean
        }

  @doc false
  def from_native(%__MODULE__{} = changes) do
    generations = for one <- changes.generations, do: %{one | ended_at: Answer.time(one.ended_at)}
    %{changes | generations: generations}
  end
end
