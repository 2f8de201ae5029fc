defmodule Aether.Index.Answer do
  @moduledoc """
  A value from an index, and how fresh and complete it is.

    * `value` - the result of the call
    * `scanned_at` - when the folder was last seen: the end, as a `DateTime` in UTC, of the latest scan that covers it within
      its depth and has listed it. `nil` if none has
    * `age` - milliseconds since then, by this machine's clock. `nil` if `scanned_at` is `nil`, or in the future because the
      clock was set back
    * `stale` - the answer is older than an hour, of unknown age, or its folder is being scanned
    * `scanning` - a scan that covers the folder is running
    * `exhaustive` - nothing beneath the folder is unknown. If `false`, counts and sizes are lower bounds
    * `unreadable` - directories beneath that could not be read: their number (`count`), whether there may be more
      (`at_least`), and the paths of the `first` hundred
    * `imported` - some of it comes from a cache of the predecessor, and no scan has seen it
    * `rolled_back` - the database is older than this machine has seen it before: it was restored from a copy, or lost
      its log. Scan again: a source has this mark until a scan of its whole root has run to its end
    * `newer` - `nil`, or another source that has seen the folder more recently: one with the same rules, whose root is
      within this source's root or above it. A map with its id as `source`, the `folder` there, and `scanned_at`

  An answer over several sources is as fresh and as complete as the worst of them.
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
