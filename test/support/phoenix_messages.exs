# Phoenix's messages, for those who stand in for it: phoenix_stand_in.exs, over no wire, and socket/phoenix.exs, over one.

defmodule Phoenix.Socket.Message do
  defstruct [:topic, :event, :payload, :ref, :join_ref]
end

defmodule Phoenix.Socket.Reply do
  defstruct [:topic, :status, :payload, :ref, :join_ref]
end

defmodule Phoenix.Socket.Broadcast do
  defstruct [:topic, :event, :payload]
end
