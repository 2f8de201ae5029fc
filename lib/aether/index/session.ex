defmodule Aether.Index.Session do
  @moduledoc """
  What the searches of somebody who types have in common; made by `Aether.Index.session/0`.
  """

  @enforce_keys [:handle]
  @derive {Inspect, only: []}
  defstruct [:handle]

  @typedoc "A session of searches."
  @type t :: %__MODULE__{handle: reference}
end
