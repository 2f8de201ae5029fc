defmodule Aether.Scan do
  @moduledoc """
  The handle of a scan, as `Aether.Scanner.scan/2` returns it.

  `ref` is the plain reference that all messages of the scan carry, `root` and `folder` say what
  is scanned and `receiver` who gets the messages. The rest is private.

  The handle is good for this node alone, and for any process of it. A scan does not stop when its
  handle is dropped, save one that waits for demand that nobody is left to give.
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
