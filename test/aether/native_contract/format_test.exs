defmodule Aether.NativeContract.FormatTest do
  # Slabs as text, and that whatever is given for one is at worst an ArgumentError.
  # Not async: counts of the one pool are of the whole VM.
  use ExUnit.Case, async: false

  import Aether.Contract
  alias Aether.Native

  @moduletag :tmp_dir

  setup do: Aether.Case.await_idle()

  describe "format" do
    setup %{tmp_dir: dir} do
      File.mkdir!(Path.join(dir, "sub"))
      File.write!(Path.join(dir, "sub/a\nb"), "12345")
      {ref, _handle, _} = start(dir)
      summary(ref)
      {:messages, messages} = Process.info(self(), :messages)
      {:ok, slabs: for({:scan_chunk, ^ref, slab} <- messages, do: slab)}
    end

    test "makes JSON lines and names with NUL", %{slabs: slabs} do
      text = fn style ->
        Enum.map_join(slabs, fn slab ->
          assert {:ok, text, :done} = Native.format(slab, style, 0)
          text
        end)
      end

      assert text.(:print0) |> String.split("\0", trim: true) |> Enum.sort() == [
               "sub",
               "sub/a\nb"
             ]

      assert text.(:json) =~ ~S({"path":"sub/a\nb","kind":"file","size":5,"mtime_ns":)
    end

    test "begins at the offset, and ends after the last entry", %{slabs: [slab | _]} do
      assert {:ok, "", :done} = Native.format(slab, :json, 100)
      assert {:ok, "", :done} = Native.format(slab, :print0, 0xFFFFFFFFFFFFFFFF)
    end

    test "goes in pieces of 2,000 entries" do
      names = for n <- 1..4500, do: "n#{n}"
      pieces = pieces(root_slab(names), 0)
      assert Enum.map(pieces, &length/1) == [2000, 2000, 500]
      assert Enum.concat(pieces) == names
    end

    defp pieces(slab, offset) do
      {:ok, text, next} = Native.format(slab, :print0, offset)
      paths = String.split(text, "\0", trim: true)
      [paths | if(next == :done, do: [], else: pieces(slab, next))]
    end

    # Files of the root, names only.
    defp root_slab(names) do
      all = Enum.join(names)
      ends = names |> Enum.map(&byte_size/1) |> Enum.scan(&+/2)
      count = length(names)
      counts = <<1::little-32, count::little-32, 0::32, byte_size(all)::little-32>>

      <<"ASLB", 1::little-16, 0::16, 0::64, counts::binary, 0::64>> <>
        column(<<count::little-32>>) <>
        column(<<0::32>>) <>
        column(<<1::little-32>>) <>
        column(for(stop <- ends, into: "", do: <<stop::little-32>>)) <>
        column(:binary.copy(<<1>>, count)) <>
        column("") <>
        column(all)
    end

    defp column(bytes), do: bytes <> :binary.copy(<<0>>, rem(8 - rem(byte_size(bytes), 8), 8))

    test "a damaged slab is an error, a non-binary an ArgumentError", %{slabs: [slab | _]} do
      damaged = ["", "ASLB", :binary.copy(<<0>>, 40), slab <> <<0>>, binary_part(slab, 0, 39)]

      for bytes <- damaged, style <- [:json, :print0] do
        assert Native.format(bytes, style, 0) == {:error, :bad_slab}
      end

      for arguments <- [
            [nil, :json, 0],
            [[slab], :json, 0],
            [<<1::3>>, :json, 0],
            [slab, :xml, 0],
            [slab, "json", 0],
            [slab, :json, -1],
            [slab, :json, 1.0],
            [slab, :json, 0x1_0000_0000_0000_0000]
          ] do
        assert_raise ArgumentError, fn -> apply(Native, :format, arguments) end
      end
    end
  end
end
