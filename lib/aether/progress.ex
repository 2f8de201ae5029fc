defmodule Aether.Progress do
  @moduledoc """
  A progress report, sent at most ten times a second by scans with `progress: true`.

    * `found` - entries so far, of any kind
    * `persisted` - entries written to the index so far, `nil` without an index
    * `files`, `directories`, `bytes` - as in `Aether.Summary`, so far
    * `errors` - number of errors so far; `new_errors` - the errors since the last report, if they
      are among the first 100 of the scan
    * `rate` - entries per second over the last five seconds
    * `expected` - number of entries that an earlier scan found, to compute a percentage from;
      `nil` if there was no earlier scan
    * `current` - a directory that is being listed, raw bytes relative to the root
    * `elapsed` - native time units since the start
  """

  defstruct found: 0,
            persisted: nil,
            files: 0,
            directories: 0,
            bytes: 0,
            errors: 0,
            new_errors: [],
            rate: 0.0,
            expected: nil,
            current: "",
            elapsed: 0

  @typedoc "A progress report."
  @type t :: %__MODULE__{
          found: non_neg_integer,
          persisted: non_neg_integer | nil,
          files: non_neg_integer,
          directories: non_neg_integer,
          bytes: non_neg_integer,
          errors: non_neg_integer,
          new_errors: [Aether.Error.t()],
          rate: float,
          expected: non_neg_integer | nil,
          current: binary,
          elapsed: non_neg_integer
        }
end
