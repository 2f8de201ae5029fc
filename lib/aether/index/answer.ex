defmodule Aether.Index.Answer do
  @moduledoc """
  What an index answers, and how true it is.

    * `value` - what was asked for
    * `scanned_at` - when the folder in question was last seen: the end, as a `DateTime` in UTC, of the latest scan that
      covers it within its depth and listed it. `nil` if none did
    * `age` - milliseconds since then, by this machine's clock, or `nil`: also if that time is still to come, by a clock that
      was put back
    * `stale` - it is older than an hour, of no known age, or is being scanned
    * `scanning` - a scan that covers it is running
    * `exhaustive` - nothing beneath it is unknown. Where it is `false`, counts and sizes read "at least"
    * `unreadable` - directories beneath that could not be read: how many (`count`), whether there may be more
      (`at_least`), and the paths of the `first` hundred
    * `imported` - some of it comes from a cache of the original, and no scan has seen it
    * `rolled_back` - the database is older than what this machine has seen of it: it was put back from a copy, or lost
      its log. Scan again: it is said of a source until a scan of its whole root has run to its end
    * `newer` - `nil`, or another source that knows the folder better: one with the same rules, whose root lies within this
      source's or around it, has looked there since. A map with its id as `source`, the `folder` there, and `scanned_at`

  A search over several sources is as old as the oldest of them, and the rest likewise.
  """

  @enforce_keys [:value]
  defstruct [
    :value,
    :scanned_at,
    :age,
    stale: true,
    scanning: false,
    exhaustive: false,
    unreadable: %{count: 0, at_least: false, first: []},
    imported: false,
    rolled_back: false,
    newer: nil
  ]

  @typedoc "An answer with a value of this type."
  @type t(value) :: %__MODULE__{
          value: value,
          scanned_at: DateTime.t() | nil,
          age: non_neg_integer | nil,
          stale: boolean,
          scanning: boolean,
          exhaustive: boolean,
          unreadable: %{count: non_neg_integer, at_least: boolean, first: [binary]},
          imported: boolean,
          rolled_back: boolean,
          newer: %{source: binary, folder: binary, scanned_at: DateTime.t() | nil} | nil
        }

  @typedoc "An answer."
  @type t :: t(any)

  @doc false
  # The native side counts in milliseconds since the epoch.
  def from_native(%__MODULE__{} = answer, fun \\ & &1) do
    newer = answer.newer && %{answer.newer | scanned_at: time(answer.newer.scanned_at)}
    %{answer | scanned_at: time(answer.scanned_at), newer: newer, value: fun.(answer.value)}
  end

  @doc false
  def time(nil), do: nil
  def time(milliseconds), do: DateTime.from_unix!(milliseconds, :millisecond)
end
