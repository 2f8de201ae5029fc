defmodule Aether.SlabTest do
  use ExUnit.Case, async: true

  alias Aether.{Entry, Slab}
  alias Aether.GoldenSlabs

  doctest Aether.Slab

  for name <- GoldenSlabs.sound() do
    describe "golden slab #{name}" do
      setup do: %{
              bytes: GoldenSlabs.bytes(unquote(name)),
              reading: GoldenSlabs.reading(unquote(name))
            }

      test "has the header in its JSON file", %{bytes: bytes, reading: reading} do
        assert Slab.tag(bytes) == reading["tag"]
        assert Slab.sequence(bytes) == reading["sequence"]
        assert Slab.count(bytes) == reading["entries"]

        assert {:ok, slab} = Slab.decode(bytes)
        assert slab.records == reading["directories"]
        assert slab.entries == reading["entries"]
        assert slab.metadata == Map.has_key?(reading["offsets"], "size")
        assert slab.groups == GoldenSlabs.groups(reading)
      end

      test "has the listings in its JSON file, as a binary and decoded", context do
        %{bytes: bytes, reading: reading} = context

        expected =
          for {path, status, entries} <- GoldenSlabs.listings(reading),
              do: {path, status(status), entries}

        {:ok, decoded} = Slab.decode(bytes)

        for slab <- [bytes, decoded] do
          assert Slab.listings(slab) == expected
          entries = Enum.flat_map(expected, fn {_, _, entries} -> entries end)
          assert Slab.entries(slab) == entries
          assert Enum.reverse(Slab.reduce(slab, [], &[&1 | &2])) == entries
        end

        assert Enum.to_list(decoded) == Slab.entries(bytes)
      end
    end
  end

  describe "damaged slab" do
    for name <- GoldenSlabs.damaged() do
      test name do
        {bytes, words} = GoldenSlabs.damage(unquote(name))
        assert {:error, %Aether.Error{} = error} = Slab.decode(bytes)
        assert %{reason: :bad_slab, operation: :decode, detail: ^words} = error
        assert Exception.message(error) =~ words

        for read <- readers() do
          error = assert_raise Aether.Error, fn -> read.(bytes) end
          assert %{reason: :bad_slab, operation: :decode, detail: ^words} = error
        end
      end
    end

    test "with a bad header raises even where only the header is read" do
      for name <-
            ~w(empty header-cut magic version-2 flags-2 flags-129 reserved-first reserved-last
                     target-bytes-without-targets),
          read <- [&Slab.count/1, &Slab.tag/1, &Slab.sequence/1] do
        {bytes, words} = GoldenSlabs.damage(name)
        error = assert_raise Aether.Error, fn -> read.(bytes) end
        assert error.detail == words
      end
    end

    test "with a valid header is counted without being checked" do
      assert Slab.count(binary_part(GoldenSlabs.example(), 0, 40)) == 6
    end
  end

  test "every flipped bit of the example is refused, or read without a crash" do
    example = GoldenSlabs.example()

    outcomes =
      for at <- 0..(byte_size(example) - 1), bit <- 0..7 do
        <<before::binary-size(at), byte, rest::binary>> = example
        changed = <<before::binary, Bitwise.bxor(byte, Bitwise.bsl(1, bit)), rest::binary>>

        case Slab.decode(changed) do
          {:ok, slab} ->
            assert length(Slab.entries(slab)) == 6
            assert length(Slab.listings(slab)) == 3
            :read

          {:error, %Aether.Error{reason: :bad_slab}} ->
            :refused
        end
      end

    # As many as the Rust decoder refuses.
    assert %{refused: 1026} = Enum.frequencies(outcomes)
  end

  test "every length but its own is refused" do
    example = GoldenSlabs.example()

    for length <- 0..(byte_size(example) - 1) do
      assert {:error, %{reason: :bad_slab}} = Slab.decode(binary_part(example, 0, length))
    end

    for more <- 1..16 do
      assert {:error, %{reason: :bad_slab}} = Slab.decode(example <> <<0::size(more)-unit(8)>>)
    end
  end

  test "anything but a binary is refused by its type" do
    for read <- [&Slab.decode/1, (&Slab.count/1) | readers()], term <- [nil, 'ASLB', <<1::1>>] do
      assert_raise FunctionClauseError, fn -> read.(term) end
    end
  end

  describe "statuses" do
    test "of an errno have its name, or its number if it has none here" do
      assert statuses([257, 258, 269, 296, 351, 372]) ==
               [{:error, :eperm}, {:error, :enoent}, {:error, :eacces}] ++
                 [{:error, :eloop}, {:error, :enotsup}, {:error, :estale}]

      assert statuses([256 + 41, 256 + 4095]) == [{:error, 41}, {:error, 4095}]
    end

    test "are atoms otherwise" do
      assert statuses([0, 1, 2, 3, 4, 5]) ==
               [:more, :complete, :other_file_system, :loop, :vanished, :changing]
    end

    defp statuses(numbers) do
      for number <- numbers do
        <<before::binary-size(168), _::32, rest::binary>> = GoldenSlabs.example()
        [{_, status, _} | _] = Slab.listings(<<before::binary, number::little-32, rest::binary>>)
        status
      end
    end
  end

  describe "names of errnos" do
    # The table of the core, which the index takes its names from too.
    defp native do
      source = File.read!("native/core/src/error.rs")

      for [_, number, name] <- Regex.scan(~r/\b[A-Z0-9]+ (\d+) "(e\w+)"/, source),
          into: %{},
          do: {String.to_integer(number), name}
    end

    test "are those of the core" do
      native = native()
      assert map_size(native) > 60

      for number <- 1..4095 do
        expected = if name = native[number], do: String.to_atom(name), else: number
        assert Slab.Status.decode(256 + number) == {:error, expected}
      end
    end

    test "in the browser are some of these" do
      source = File.read!("assets/src/text/format.ts")
      [table] = Regex.run(~r/const ERRNOS[^{]*\{([^}]*)\}/, source, capture: :all_but_first)
      rows = Regex.scan(~r/(\d+): "(\w+)"/, table)
      assert length(rows) > 10
      native = native()
      for [_, number, name] <- rows, do: assert(native[String.to_integer(number)] == name)
    end
  end

  describe "memory" do
    # With names long enough that the VM does not copy them of itself.
    setup do
      %{slab: GoldenSlabs.bytes("names"), long: String.duplicate("n", 255)}
    end

    test "paths of entries/1, listings/1 and Enum do not refer to the slab", context do
      %{slab: bytes, long: long} = context
      {:ok, slab} = Slab.decode(bytes)
      from_listings = Enum.flat_map(Slab.listings(slab), fn {_, _, entries} -> entries end)

      for entries <- [Slab.entries(bytes), Enum.to_list(slab), from_listings] do
        assert Enum.any?(entries, &(&1.path == long))
        assert Enum.all?(entries, &own?(&1.path))
      end

      assert Enum.all?(Slab.listings(bytes), fn {path, _, _} -> own?(path) end)
    end

    test "targets of links are copied, except by reduce/3" do
      target = String.duplicate("t", 300)
      known = %{size: 300, mtime: 0, target: target}
      listings = [{"", 1, [{"link", 3, known}, {"file", 1, %{size: 0, mtime: 0}}]}]
      content = %{tag: 0, sequence: 0, metadata: true, groups: [:target], listings: listings}
      bytes = Aether.SlabEncoder.encode(content)
      assert [%{attributes: %{target: ^target}} = link, file] = Slab.entries(bytes)
      assert file.attributes.target == nil
      assert own?(link.attributes.target)
      [_, link] = Slab.reduce(bytes, [], &[&1 | &2])
      assert link.attributes.target == target and not own?(link.attributes.target)
    end

    test "reduce/3 does not copy the names in the root", %{slab: bytes, long: long} do
      paths = Slab.reduce(bytes, [], &[&1.path | &2])
      {beneath, in_root} = Enum.split_with(paths, &(&1 =~ "/"))
      name = Enum.find(in_root, &(&1 == long))
      assert :binary.referenced_byte_size(name) == byte_size(bytes)
      assert length(beneath) == 3 and Enum.all?(beneath, &own?/1)
    end

    defp own?(path), do: :binary.referenced_byte_size(path) == byte_size(path)
  end

  describe "Enumerable" do
    setup do
      {:ok, slab} = Slab.decode(GoldenSlabs.example())
      %{slab: slab, entries: Slab.entries(slab)}
    end

    test "counts, finds, slices, zips and stops like the list of entries", context do
      %{slab: slab, entries: entries} = context
      assert Enum.count(slab) == 6
      assert Enum.member?(slab, hd(entries))
      refute Enum.member?(slab, %Entry{path: "absent", kind: :file})
      assert Enum.slice(slab, 1..2) == Enum.slice(entries, 1..2)
      assert Enum.at(slab, -1) == List.last(entries)
      assert Enum.take(slab, 1) == [hd(entries)]
      assert Enum.zip(slab, 1..6) == Enum.zip(entries, 1..6)
      assert Enum.zip(Stream.cycle([1]), slab) == Enum.zip(Stream.cycle([1]), entries)
    end
  end

  test "inspect is one short line without a byte of the content" do
    for name <- GoldenSlabs.sound() do
      {:ok, slab} = Slab.decode(GoldenSlabs.bytes(name))

      assert inspect(slab) =~
               ~r/\A#Aether.Slab<tag: \d+, sequence: \d+, records: \d+, entries: \d+>\z/
    end
  end

  # All that read more than the header.
  defp readers,
    do: [&Slab.entries/1, &Slab.listings/1, &Slab.reduce(&1, 0, fn _, n -> n + 1 end)]

  defp status(0), do: :more
  defp status(1), do: :complete
  defp status(2), do: :other_file_system
  defp status(3), do: :loop
  defp status(4), do: :vanished
  defp status(5), do: :changing
  defp status(257), do: {:error, :eperm}
  defp status(258), do: {:error, :enoent}
  defp status(269), do: {:error, :eacces}
  defp status(296), do: {:error, :eloop}
  defp status(372), do: {:error, :estale}
  defp status(4351), do: {:error, 4095}
end
