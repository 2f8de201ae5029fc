Code.require_file("../support/phoenix_stand_in.exs", __DIR__)

defmodule Aether.SerializerTest do
  # Against the bytes of version 2 of Phoenix's wire, and against its own serializer as far as one can without it.
  use ExUnit.Case, async: true

  alias Aether.Serializer
  alias Phoenix.Socket.{Broadcast, Message, Reply}

  # Longer than what the VM would copy into a message.
  @slab :binary.copy(<<1, 2, 3, 0xFF>>, 100)

  # One term, and not one for each function that names it.
  defp slab, do: @slab

  defp binary(message) do
    {:socket_push, :binary, iodata} = Serializer.encode!(message)
    iodata
  end

  # What phoenix.js reads of a push: sizes of join_ref, topic and event after the kind.
  defp push(<<0, a, b, c, rest::binary>>) do
    <<join_ref::binary-size(a), topic::binary-size(b), event::binary-size(c), data::binary>> =
      rest

    {join_ref, topic, event, data}
  end

  defp reply(<<1, a, b, c, d, rest::binary>>) do
    <<join_ref::binary-size(a), ref::binary-size(b), topic::binary-size(c),
      status::binary-size(d), data::binary>> = rest

    {join_ref, ref, topic, status, data}
  end

  test "a push is a header and the payload's own bytes" do
    slab = slab()

    message = %Message{
      join_ref: "3",
      topic: "files:all",
      event: "slab",
      payload: {:binary, @slab}
    }

    iodata = binary(%{message | payload: {:binary, slab}})
    assert IO.iodata_to_binary(iodata) == <<0, 1, 9, 4, "3files:allslab", @slab::binary>>
    assert push(IO.iodata_to_binary(iodata)) == {"3", "files:all", "slab", @slab}
    # Not copied: it is the very same term.
    assert [_header | data] = iodata
    assert :erts_debug.same(data, slab)
  end

  test "without a join_ref its field is empty" do
    message = %Message{topic: "t", event: "e", payload: {:binary, ""}}
    assert IO.iodata_to_binary(binary(message)) == <<0, 0, 1, 1, "te">>
  end

  test "a payload may be iodata" do
    message = %Message{topic: "t", event: "e", payload: {:binary, ["a", [?b | "c"]]}}
    assert IO.iodata_to_binary(binary(message)) == <<0, 0, 1, 1, "teabc">>
  end

  test "a reply" do
    reply = %Reply{join_ref: "3", ref: "12", topic: "t", status: :ok, payload: {:binary, @slab}}
    assert IO.iodata_to_binary(binary(reply)) == <<1, 1, 2, 1, 2, "312tok", @slab::binary>>
    assert reply(IO.iodata_to_binary(binary(reply))) == {"3", "12", "t", "ok", @slab}
  end

  test "a broadcast" do
    broadcast = %Broadcast{topic: "t", event: "e", payload: {:binary, @slab}}
    assert {:socket_push, :binary, iodata} = Serializer.fastlane!(broadcast)
    assert IO.iodata_to_binary(iodata) == <<2, 1, 1, "te", @slab::binary>>
  end

  test "fields of 255 bytes are sent, longer ones are refused" do
    long = String.duplicate("t", 255)
    message = %Message{topic: long, event: "e", payload: {:binary, ""}}
    assert {"", ^long, "e", ""} = push(IO.iodata_to_binary(binary(message)))

    for {field, message} <- [
          topic: %{message | topic: long <> "t"},
          event: %{message | event: long <> "t"},
          join_ref: %{message | join_ref: long <> "t"}
        ] do
      assert_raise ArgumentError, ~r/^#{field} must be at most 255 bytes/, fn ->
        binary(message)
      end
    end
  end

  test "everything else is left to Phoenix" do
    for message <- [%Message{payload: %{a: 1}}, %Reply{payload: %{a: 1}}, %Message{payload: nil}],
        do: assert(Serializer.encode!(message) == {:encoded, message})

    assert Serializer.fastlane!(%Broadcast{payload: %{}}) ==
             {:fastlaned, %Broadcast{payload: %{}}}

    assert Serializer.decode!("[]", opcode: :text) == {:decoded, "[]", [opcode: :text]}
  end
end
