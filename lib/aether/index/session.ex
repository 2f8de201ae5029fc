defmodule Aether.Index.Session do
  @moduledoc """
  What one who types a query keeps from keystroke to keystroke; made by `Aether.Index.session/0`.
  """

  @enforce_keys [:handle]
  @derive {Inspect, only: []}
  defstruct [:handle]

  @typedoc "The memory of one who types."
  @type t :: %__MODULE__{handle: reference}
end
