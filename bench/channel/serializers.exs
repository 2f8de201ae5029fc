# Ways to send a slab's entries to a browser. Except for the first two, these are what a server without slabs would do;
# they are serializers, so that everything before and after is the same.

defmodule Bench.Channel.Entries do
  # What each of them sends of an entry.
  def maps(slab),
    do:
      for(
        e <- Aether.Slab.entries(slab),
        do: %{path: e.path, kind: e.kind, size: e.size, mtime: e.mtime}
      )

  def message(%{payload: {:binary, slab}} = message, fun),
    do: [message.join_ref, nil, message.topic, message.event, fun.(slab)]
end

defmodule Bench.Channel.Jiffy do
  # JSON by Debian's erlang-jiffy, which is written in C.
  alias Bench.Channel.Entries
  alias Phoenix.Socket.V2.JSONSerializer

  def available?, do: :code.which(:jiffy) != :non_existing

  def encode!(%{payload: {:binary, _slab}} = message),
    do: {:socket_push, :text, json(Entries.message(message, &%{entries: Entries.maps(&1)}))}

  def encode!(other), do: JSONSerializer.encode!(other)
  def decode!(text, opts), do: JSONSerializer.decode!(text, opts)
  def json(term), do: :jiffy.encode(term, [:use_nil])
end

defmodule Bench.Channel.Jason do
  # JSON by Jason, as in Phoenix apps, if it is available.
  @compile {:no_warn_undefined, Jason}
  alias Bench.Channel.Entries
  alias Phoenix.Socket.V2.JSONSerializer

  def available?, do: Code.ensure_loaded?(Jason)

  def encode!(%{payload: {:binary, _slab}} = message),
    do: {:socket_push, :text, json(Entries.message(message, &%{entries: Entries.maps(&1)}))}

  def encode!(other), do: JSONSerializer.encode!(other)
  def decode!(text, opts), do: JSONSerializer.decode!(text, opts)
  def json(term), do: Jason.encode_to_iodata!(term)
end
