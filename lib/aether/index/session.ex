defmodule Aether.Index.Session do
  @moduledoc """
  Shared by the searches of one user who is typing; made by `Aether.Index.session/0`.
  """

  @enforce_keys [:handle]
  @derive {Inspect, only: []}
  defstruct [:handle]

  @typedoc "A session of searches."
  @type t :: %__MODULE__{handle: reference}
end
