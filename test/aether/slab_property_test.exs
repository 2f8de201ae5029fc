defmodule Aether.SlabPropertyTest do
  use ExUnit.Case, async: true

  alias Aether.{Attributes, Entry, Slab, SlabEncoder}

  alias :proper_types, as: Types

  @compile {:no_warn_undefined, [:proper, :proper_types]}

  unless Code.ensure_loaded?(:proper),
    do: @moduletag(skip: "PropEr is not installed (Debian: erlang-proper)")

  @kinds [:unknown, :file, :directory, :symlink, :other]

  test "a slab reads back as it was written" do
    holds(content(), fn raw ->
      content = content(raw)
      bytes = SlabEncoder.encode(content)
      {:ok, slab} = Slab.decode(bytes)
      expected = expected(content)
      entries = Enum.flat_map(expected, fn {_, _, entries} -> entries end)

      assert Slab.listings(bytes) == expected
      assert Slab.entries(slab) == entries
      assert Enum.to_list(slab) == entries
      assert Slab.reduce(slab, [], &[&1 | &2]) == Enum.reverse(entries)
      assert Slab.count(bytes) == length(entries)
      assert {Slab.tag(bytes), Slab.sequence(bytes)} == {content.tag, content.sequence}
      assert {slab.metadata, slab.groups} == {content.metadata, content.groups}
      assert {slab.records, slab.entries} == {length(expected), length(entries)}
    end)
  end

  test "a changed byte is refused, or reads as content that encodes to the same bytes" do
    type = Types.tuple([content(), Types.integer(0, 1_000_000), Types.integer(0, 255)])

    holds(type, fn {raw, at, value} ->
      bytes = SlabEncoder.encode(content(raw))
      at = rem(at, byte_size(bytes))
      <<before::binary-size(at), _, rest::binary>> = bytes
      refused_or_canonical(<<before::binary, value, rest::binary>>)
    end)
  end

  test "another length is refused" do
    type = Types.tuple([content(), Types.integer(0, 1_000_000), Types.integer(1, 64)])

    holds(type, fn {raw, cut, more} ->
      bytes = SlabEncoder.encode(content(raw))

      for other <- [
            binary_part(bytes, 0, rem(cut, byte_size(bytes))),
            bytes <> <<0::size(more)-unit(8)>>
          ],
          do: assert({:error, %{reason: :bad_slab}} = Slab.decode(other))
    end)
  end

  test "any bytes are refused, or read as content that encodes to the same bytes" do
    holds(Types.binary(), fn bytes ->
      refused_or_canonical(bytes)

      for flags <- [0, 1, 3, 33, 127],
          do: refused_or_canonical(<<"ASLB", 1::little-16, flags::little-16, bytes::binary>>)
    end)
  end

  defp refused_or_canonical(bytes) do
    case Slab.decode(bytes) do
      {:ok, slab} -> assert slab |> read() |> SlabEncoder.encode() == bytes
      {:error, %Aether.Error{reason: :bad_slab, detail: words}} -> assert is_binary(words)
    end
  end

  # What PropEr makes: lists of bytes and numbers, made into a sound content by content/1.
  defp content do
    byte = Types.oneof([Types.integer(1, ?/ - 1), Types.integer(?/ + 1, 255)])
    name = Types.list(byte)

    unsigned = &edge(0, 2 ** &1 - 1)
    signed = edge(-0x8000000000000000, 0x7FFFFFFFFFFFFFFF)
    target = Types.list(Types.integer(1, 255))

    known =
      Types.tuple([
        Types.boolean(),
        Types.tuple([unsigned.(64), signed]),
        Types.tuple([unsigned.(64)]),
        Types.tuple([unsigned.(64), unsigned.(32), unsigned.(32)]),
        Types.tuple([unsigned.(16)]),
        Types.tuple([signed, signed]),
        Types.tuple([target]),
        Types.tuple([unsigned.(32), unsigned.(32)])
      ])

    entry = Types.tuple([name, Types.integer(0, 4), known])
    status = Types.oneof([Types.integer(0, 5), Types.integer(257, 4351)])
    listings = Types.list(Types.tuple([Types.list(name), status, Types.list(entry)]))
    # Many slabs with all groups, and with none.
    flags = Types.oneof([0, 1, 127, Types.integer(0, 127)])
    Types.tuple([edge(0, 0xFFFFFFFF), edge(0, 0xFFFFFFFF), flags, listings])
  end

  defp edge(low, high),
    do: Types.oneof([low, high, Types.integer(low, high), Types.integer(max(low, -9), 9)])

  defp content({tag, sequence, flags, listings}) do
    groups =
      for {group, bit} <- Enum.with_index(Attributes.groups(), 1), bit?(flags, bit), do: group

    # Other flags need the first.
    {metadata?, groups} = if bit?(flags, 0), do: {true, groups}, else: {false, []}

    listings =
      for {components, status, entries} <- listings do
        path = Enum.map_join(components, "/", &name/1)

        entries =
          for {name, kind, known} <- entries,
              do: {name(name), kind, if(metadata?, do: known(known, kind, groups))}

        {path, status, entries}
      end

    %{tag: tag, sequence: sequence, metadata: metadata?, groups: groups, listings: listings}
  end

  defp bit?(flags, bit), do: Bitwise.band(flags, 2 ** bit) != 0

  @fields [
    disk: [:disk],
    inode: [:inode, :device, :nlink],
    mode: [:mode],
    times: [:ctime, :btime],
    target: [:target],
    owner: [:uid, :gid]
  ]

  defp known(known, kind, groups) do
    [known?, {size, mtime} | values] = Tuple.to_list(known)

    if known? do
      for {{group, names}, values} <- Enum.zip(@fields, values),
          group in groups,
          {name, value} <- Enum.zip(names, Tuple.to_list(values)),
          into: %{size: size, mtime: mtime},
          do: {name, value(name, value, kind)}
    end
  end

  # Only links have one.
  defp value(:target, bytes, kind), do: if(kind == 3, do: IO.iodata_to_binary(bytes), else: "")
  defp value(_name, value, _kind), do: value

  defp name(bytes) do
    case IO.iodata_to_binary(bytes) do
      dots when dots in ["", ".", ".."] -> dots <> "a"
      name -> name
    end
  end

  # The content's listings as the reader gives them.
  defp expected(content) do
    for {path, status, entries} <- content.listings do
      entries =
        for {name, kind, known} <- entries do
          path = if path == "", do: name, else: path <> "/" <> name
          entry = %Entry{path: path, kind: Enum.at(@kinds, kind)}

          case known do
            nil -> entry
            known when content.groups == [] -> struct!(entry, known)
            known -> struct!(entry, expected_known(known))
          end
        end

      {path, Slab.Status.decode(status), entries}
    end
  end

  defp expected_known(known) do
    {sizes, attributes} = Map.split(known, [:size, :mtime])

    attributes = Map.reject(attributes, &(&1 in [btime: -0x8000000000000000, target: ""]))

    Map.put(sizes, :attributes, struct!(Attributes, attributes))
  end

  # The content of a decoded slab; from the columns, as the names of errors are not to be undone.
  defp read(slab) do
    statuses = for <<status::little-32 <- slab.columns.statuses>>, do: status

    listings =
      for {{path, _, entries}, status} <- Enum.zip(Slab.listings(slab), statuses) do
        skip = if path == "", do: 0, else: byte_size(path) + 1

        entries =
          for entry <- entries do
            name = binary_part(entry.path, skip, byte_size(entry.path) - skip)
            kind = Enum.find_index(@kinds, &(&1 == entry.kind))
            {name, kind, if(entry.size, do: read_known(entry))}
          end

        {path, status, entries}
      end

    slab |> Map.take([:tag, :sequence, :metadata, :groups]) |> Map.put(:listings, listings)
  end

  defp read_known(%Entry{attributes: nil} = entry), do: Map.take(entry, [:size, :mtime])

  defp read_known(%Entry{attributes: attributes} = entry) do
    attributes = Map.from_struct(attributes)
    stored = %{btime: attributes.btime || -0x8000000000000000, target: attributes.target || ""}

    entry
    |> Map.take([:size, :mtime])
    |> Map.merge(Map.reject(attributes, fn {_name, value} -> value == nil end))
    |> Map.merge(stored)
  end

  defp holds(type, check) do
    property = :proper.forall(type, &holds_for?(&1, check))

    case :proper.counterexample(property, [:quiet, numtests: 200, max_size: 18]) do
      true ->
        :ok

      [value] ->
        # Once more, for the assertion's own words.
        check.(value)
        flunk("did not hold once, for #{inspect(value)}")

      other ->
        flunk("PropEr: #{inspect(other)}")
    end
  end

  # Debian's PropEr cannot bear an exception: it asks for the stack trace in a way that is no more.
  defp holds_for?(value, check) do
    check.(value)
    true
  rescue
    _ -> false
  end
end
