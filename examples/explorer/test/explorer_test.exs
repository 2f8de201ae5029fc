defmodule ExplorerTest do
  # Names of directories. What the app does is tested in a browser, in the *.test.ts beside this.
  use ExUnit.Case, async: true
  doctest Explorer
  doctest Explorer.Names

  defp labels(given), do: for(root <- Explorer.roots(given), do: root.label)

  test "labels are as short as they can be told apart" do
    assert labels(["/"]) == ["/"]
    assert labels(["/a/b/c", "/x/b/c", "/y"]) == ["a/b/c", "x/b/c", "y"]
    assert labels(["/a/", "/a"]) == ["a", "a"]
  end

  test "labels are text" do
    assert [label] = labels(["/tmp/\xFF"])
    assert String.valid?(label)
  end

  test "keys tell nothing of paths" do
    assert for(root <- Explorer.roots(["/secret", "/secret"]), do: root.key) == ["0", "1"]
  end
end
