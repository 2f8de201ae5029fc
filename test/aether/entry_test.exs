defmodule Aether.EntryTest do
  use ExUnit.Case, async: true

  doctest Aether.Entry

  test "all fields of a new entry are nil" do
    assert Map.from_struct(%Aether.Entry{}) == %{path: nil, kind: nil, size: nil, mtime: nil}
  end
end
