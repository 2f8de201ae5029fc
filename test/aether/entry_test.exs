defmodule Aether.EntryTest do
  use ExUnit.Case, async: true

  doctest Aether.Entry

  test "nothing is known of an entry before it is said" do
    assert Map.from_struct(%Aether.Entry{}) == %{path: nil, kind: nil, size: nil, mtime: nil}
  end
end
