defmodule Aether.PrintableTest do
  # The vectors hold this and `core::printable` in Rust to the same answers.
  use ExUnit.Case, async: true

  alias Aether.Printable

  test "names are shown as in the terminal program" do
    vectors =
      for line <- File.stream!(Path.expand("../fixtures/printable.tsv", __DIR__)),
          not String.starts_with?(line, "#"),
          do: line |> String.trim_trailing("\n") |> String.split("\t")

    assert length(vectors) > 300

    for [hex, shown] <- vectors do
      assert Printable.escape(Base.decode16!(hex)) == shown, hex
    end
  end
end
