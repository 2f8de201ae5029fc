defmodule Aether.Index.Changes do
  @moduledoc """
  What appeared, vanished and grew between two scans, by folder.

    * `folders` - between the last two generations those first whose bytes changed most, between others by path. Files and
      bytes of all at or beneath a folder add up to the difference of its totals. Each is a map with the `path` of a folder and what changed among its
      own entries: `file_count` and `bytes` (more, or fewer if negative), how many entries were `added`, `removed` and
      `changed`, and the `generation` in which it changed last. `gone` is `true` for a folder that is gone itself, with all
      that was in it; one that was made again under its name has a map of its own. With `entries: true` also `entries`, the
      single files: maps with `name`, `change` (`:added`, `:removed` or `:changed`), `kind` (of what is there now, `nil` if it
      is gone) and `bytes` (more or fewer); and `entries_complete`, which is `false` where some are not told: of a folder that is gone
      itself, of a source's first generation, and beyond 64 KiB of names in a folder or 16 MiB in all, in one generation
    * `more` - there are more folders than these
    * `next` - to be given as `after:` for the next page, a binary that may travel; `nil` if this was the last. While a scan
      runs the order of the newest changes may become another between two pages
    * `generations` - the scans that these changes come from, as maps with `generation`, `status` (as in
      `Aether.Index.Source`) and `ended_at`. Only a `:complete` one saw everything
    * `pruned` - not all is told: some of the generations asked for are not remembered any more, or have not begun, or
      something was forgotten since, or the index was written with `history: 0`
    * `first_load` - the first generation is among them, in which everything was new and nothing was written down; what it
      did not come to, because it was cut off, the next one tells as added
  """

  alias Aether.Entry
  alias Aether.Index.{Answer, Source}

  defstruct folders: [],
            more: false,
            next: nil,
            generations: [],
            pruned: false,
            first_load: false

  @typedoc "What changed in a folder."
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

  @typedoc "What happened to a file."
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

  @typedoc "What changed between two scans."
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
