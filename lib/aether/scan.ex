defmodule Aether.Scan do
  @moduledoc """
  The handle of a scan, as `Aether.Scanner.scan/2` returns it.

  `ref` is the plain reference in all messages of the scan, `root` and `folder` say what is scanned,
  and `receiver` is the process that gets the messages. The rest is private.

  The handle can be used by any process of this node. A scan goes on when its handle is dropped,
  except a parked one: without a handle nothing can ask it for more slabs, so it is cancelled.
  """

  @enforce_keys [:ref, :root, :receiver]
  @derive {Inspect, only: [:ref, :root, :folder, :receiver]}
  defstruct [:ref, :root, :receiver, :identity, :handle, folder: "", options: %{}]

  @typedoc "The handle of a scan."
  @type t :: %__MODULE__{
          ref: reference,
          root: binary,
          folder: binary,
          receiver: pid,
          identity: binary | nil,
          options: map,
          handle: reference | nil
        }
end
