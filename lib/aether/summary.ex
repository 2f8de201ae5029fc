defmodule Aether.Summary do
  @moduledoc """
  The last message of a scan: how it ended and what it counted.

    * `status` - `:complete` if everything down to the requested depth was read; `:partial` if
      something could not be read; `:cancelled`; `:failed` if the scan could not continue
    * `error` - an `Aether.Error` if `:failed`, otherwise `nil`
    * `files`, `directories`, `symlinks`, `others` - entries by kind; the root is not counted
    * `bytes` - the sum of the sizes of regular files, a hard link counted each time
    * `disk` - allocated bytes of all entries of any kind, and of the directory that the scan began with, as
      `du -s -B1` counts them: an inode with several names once. `nil` unless `metadata` lists `:disk`.
      An index that lies beneath the root counts with its files, which grow while a scan is written
    * `disk_exact` - whether each of these inodes was counted once. A scan distinguishes 1,048,576 inodes with several
      names, and counts further ones once for each name
    * `errors` - `%{count: n, by_reason: %{reason => n}, first: [error]}`; all are counted, and
      `first` has the first 100
    * `vanished` - directories that were gone, or no longer directories, when the scan came to open
      them; the scan is still `:complete`
    * `unread` - directories not entered because of `depth`
    * `skipped` - entries left out by `hidden`, `ignore` and `exclude`
    * `max_depth` - depth of the deepest entry; 1 for the entries of the root
    * `first_entry` - time to the first slab with an entry, `nil` without any
    * `duration` - time from start to end
    * `rate` - entries per second

  Times are in native units: `System.convert_time_unit(summary.duration, :native, :millisecond)`.
  """

  defstruct status: :complete,
            error: nil,
            files: 0,
            directories: 0,
            symlinks: 0,
            others: 0,
            bytes: 0,
            disk: nil,
            disk_exact: true,
            errors: %{count: 0, by_reason: %{}, first: []},
            vanished: 0,
            unread: 0,
            skipped: 0,
            max_depth: 0,
            first_entry: nil,
            duration: 0,
            rate: 0.0

  @typedoc "How a scan ended."
  @type status :: :complete | :partial | :cancelled | :failed

  @typedoc "Errors of a scan: their number, and the first of them."
  @type errors :: %{
          count: non_neg_integer,
          by_reason: %{optional(Aether.Error.reason()) => pos_integer},
          first: [Aether.Error.t()]
        }

  @typedoc "The result of a scan."
  @type t :: %__MODULE__{
          status: status,
          error: Aether.Error.t() | nil,
          files: non_neg_integer,
          directories: non_neg_integer,
          symlinks: non_neg_integer,
          others: non_neg_integer,
          bytes: non_neg_integer,
          disk: non_neg_integer | nil,
          disk_exact: boolean,
          errors: errors,
          vanished: non_neg_integer,
          unread: non_neg_integer,
          skipped: non_neg_integer,
          max_depth: non_neg_integer,
          first_entry: non_neg_integer | nil,
          duration: non_neg_integer,
          rate: float
        }

  @doc """
  The number of entries of a scan, of any kind.

      iex> Aether.Summary.entries(%Aether.Summary{files: 2, directories: 1})
      3
  """
  @spec entries(t) :: non_neg_integer
  def entries(%__MODULE__{} = summary),
    do: summary.files + summary.directories + summary.symlinks + summary.others
end
