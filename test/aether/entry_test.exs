defmodule Aether.EntryTest do
  use Aether.Case, async: true

  alias Aether.Attributes

  doctest Entry
  doctest Attributes

  test "all fields of a new entry are nil" do
    assert Enum.uniq(Map.values(Map.from_struct(%Entry{}))) == [nil]
    assert Enum.uniq(Map.values(Map.from_struct(%Attributes{}))) == [nil]
  end

  test "permissions are shown as stat shows them, all 4,096" do
    root = Tree.tmp!()
    modes = for mode <- 0..0o7777, do: mode |> Integer.to_string(8) |> String.pad_leading(4, "0")
    Tree.make!(root, modes)
    # One call each would take a minute.
    {_, 0} =
      System.cmd("sh", [
        "-c",
        "cd \"$1\" && for f in *; do echo \"$f\"; done | xargs -P 4 -I{} chmod {} {}",
        "-",
        root
      ])

    {shown, 0} = System.cmd("sh", ["-c", "cd \"$1\" && stat -c '%n %A' *", "-", root])
    lines = String.split(shown, "\n", trim: true)
    assert length(lines) == 4096

    for line <- lines do
      [mode, "-" <> text] = String.split(line, " ")
      assert Attributes.mode_text(0o100000 + String.to_integer(mode, 8)) == text
    end
  end

  test "only the permissions of a mode are shown, whatever its type" do
    for type <- [0, 0o04, 0o10, 0o12, 0o17],
        do: assert(Attributes.mode_text(type * 0o10000 + 0o4751) == "rwsr-x--x")
  end

  test "a time has what a DateTime can hold, downwards" do
    assert Entry.datetime(1_700_000_000_123_456_999) == ~U[2023-11-14 22:13:20.123456Z]
    assert Entry.datetime(-0x8000000000000000).year == 1677
    assert Entry.datetime(0x7FFFFFFFFFFFFFFF).year == 2262
    assert Entry.datetime(nil) == nil
  end

  test "what is not known is nil in a File.Stat" do
    assert Entry.to_stat(%Entry{path: "a", kind: :unknown}) == %File.Stat{}
    bare = %Entry{path: "a", kind: :file, size: 5, mtime: -1}
    stat = %File.Stat{type: :regular, size: 5, mtime: {{1969, 12, 31}, {23, 59, 59}}}
    assert Entry.to_stat(bare) == stat

    for kind <- [:directory, :symlink, :other],
        do: assert(Entry.to_stat(%Entry{kind: kind}).type == kind)
  end

  test "a device file is a device" do
    for name <- ["null", "full"] do
      {:ok, entry} = Scanner.stat("/dev", name)
      expected = %{File.lstat!("/dev/" <> name) | access: nil, atime: nil, minor_device: nil}
      assert Entry.to_stat(entry) == expected
      assert expected.type == :device
    end
  end
end
