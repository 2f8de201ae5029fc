defmodule ExplorerTest do
  # Names of directories. The app itself is tested in a browser, by *.test.ts in this folder.
  use ExUnit.Case, async: true
  doctest Explorer
  doctest Explorer.Names

  defp labels(given), do: for(root <- Explorer.roots(given), do: root.label)

  test "labels are as short as possible and distinct" do
    assert labels(["/"]) == ["/"]
    assert labels(["/a/b/c", "/x/b/c", "/y"]) == ["a/b/c", "x/b/c", "y"]
    assert labels(["/a/", "/a"]) == ["a", "a"]
  end

  test "labels are text" do
    assert [label] = labels(["/tmp/\xFF"])
    assert String.valid?(label)
  end

  test "keys reveal nothing of paths" do
    assert for(root <- Explorer.roots(["/secret", "/secret"]), do: root.key) == ["0", "1"]
  end
end
