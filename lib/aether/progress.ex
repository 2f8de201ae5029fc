defmodule Aether.Progress do
  @moduledoc """
  A word on the way, at most ten times a second, for scans with `progress: true`.

    * `found` - entries so far, of any kind
    * `persisted` - entries written to an index, `nil` without one
    * `files`, `directories`, `bytes` - as in `Aether.Summary`, so far
    * `errors` - how many so far; `new_errors` - those since the last progress, as far as
      they are kept (the first 100 of a scan)
    * `rate` - entries per second over the last five seconds
    * `expected` - entries to expect, from an earlier scan; `nil` if there was none: there is no
      percentage without a baseline
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

  @typedoc "A word on the way."
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
