defmodule Aether.Slab.Split do
  @moduledoc false

  # Cuts a slab into shorter ones of the same entries, for lines so slow that a whole one would hold everything else up. A listing
  # may span records anyway, so any decoder can read the pieces; only the numbers of what follows change, by `number/2`.

  alias Aether.Slab.Decoder

  # Of a header, of the padding of all columns, of a record without its path.
  @header 40
  @padding 19 * 7
  @record 12

  # Each piece repeats a path: where one is long, pieces are so many times as long, or they would be little else.
  @long_path 1024
  @times 4

  @doc """
  The slab in pieces of at most about this many bytes, in their order: only one with a single entry, or with a path of more than
  a kilobyte, may be longer. What is short enough, or is no slab, stays as it is.
  """
  @spec cut(binary, pos_integer) :: [binary, ...]
  def cut(slab, limit) when byte_size(slab) <= limit, do: [slab]

  def cut(bytes, limit) do
    case Decoder.decode(bytes) do
      {:ok, slab} ->
        case max(limit, least(slab)) do
          limit when byte_size(bytes) <= limit -> [bytes]
          limit -> for piece <- pieces(slab, limit - @header - @padding), do: encode(slab, piece)
        end

      {:error, _words} ->
        [bytes]
    end
  end

  @doc "The slab with this sequence number."
  @spec number(binary, non_neg_integer) :: binary
  def number(<<_::binary-size(12), sequence::little-32, _::binary>> = slab, sequence), do: slab

  def number(<<head::binary-size(12), _::little-32, rest::binary>>, sequence),
    do: <<head::binary, sequence::little-32, rest::binary>>

  defp least(slab) do
    longest = slab.path_ends |> lengths() |> Enum.max(fn -> 0 end)
    if longest > @long_path, do: @times * longest, else: 0
  end

  # What is read of the slab: a piece is `{records, first entry, number of entries}`, and each of its records `{path, status,
  # number of entries}`.
  defp pieces(slab, limit) do
    names = lengths(slab.name_ends)
    targets = if slab.target_ends == "", do: [], else: lengths(slab.target_ends)
    sizes = sizes(names, targets, width(slab))
    add(records(slab), sizes, {limit, limit, [], 0, 0}, [])
  end

  # Each record goes into the piece that is being made, with as many entries as fit, and the rest into the next one.
  defp add([], _sizes, {_limit, _left, records, first, count}, pieces),
    do: Enum.reverse([{Enum.reverse(records), first, count} | pieces])

  defp add([{path, status, entries} | rest], sizes, {limit, left, records, first, count}, pieces) do
    room = left - @record - byte_size(path)
    # A piece without records takes one entry in any case, so that there is an end.
    {taken, room, others} = take(sizes, entries, room, if(records == [], do: 1, else: 0), 0)

    cond do
      taken == entries and (room >= 0 or records == []) ->
        piece = {limit, room, [{path, status, taken} | records], first, count + taken}
        add(rest, others, piece, pieces)

      taken == 0 ->
        full = {Enum.reverse(records), first, count}
        next = {limit, limit, [], first + count, 0}
        add([{path, status, entries} | rest], sizes, next, [full | pieces])

      true ->
        full = {Enum.reverse([{path, 0, taken} | records]), first, count + taken}
        next = {limit, limit, [], first + count + taken, 0}
        add([{path, status, entries - taken} | rest], others, next, [full | pieces])
    end
  end

  defp take([size | sizes], entries, room, least, taken)
       when taken < entries and (size <= room or taken < least),
       do: take(sizes, entries, room - size, least, taken + 1)

  defp take(sizes, _entries, room, _least, taken), do: {taken, room, sizes}

  defp records(slab) do
    entries = lengths(slab.entries_ends)
    paths = parts(slab.paths, lengths(slab.path_ends))
    statuses = for <<status::little-32 <- slab.statuses>>, do: status
    Enum.zip([paths, statuses, entries])
  end

  defp parts(_bytes, []), do: []

  defp parts(bytes, [length | lengths]) do
    <<part::binary-size(length), rest::binary>> = bytes
    [part | parts(rest, lengths)]
  end

  defp lengths(ends) do
    ends = for <<stop::little-32 <- ends>>, do: stop
    Enum.zip_with([0 | ends], ends, fn start, stop -> stop - start end)
  end

  defp sizes(names, [], width), do: for(name <- names, do: name + width)

  defp sizes(names, targets, width),
    do: Enum.zip_with(names, targets, fn name, target -> name + target + width end)

  # Bytes of an entry without its name and target: the end of its name and its kind, and what is known of it.
  defp width(slab) do
    known = if slab.metadata, do: 16, else: 0
    target = if slab.target_ends == "", do: 0, else: 4
    5 + known + target + Enum.sum(for {_name, width, _column} <- slab.attributes, do: width)
  end

  defp encode(slab, {records, first, count}) do
    {names, name_ends} = text(slab.names, slab.name_ends, first, count)
    {targets, target_ends} = text(slab.targets, slab.target_ends, first, count)
    paths = for {path, _, _} <- records, do: path
    known = [{:size, 8, slab.sizes}, {:mtime, 8, slab.mtimes} | slab.attributes]

    IO.iodata_to_binary([
      <<"ASLB", 1::little-16, flags(slab)::little-16>>,
      words([slab.tag, 0, length(records), count]),
      words([IO.iodata_length(paths), byte_size(names), byte_size(targets), 0]),
      for({_name, width, column} <- known, do: column(slice(column, width, first, count))),
      column(words(target_ends)),
      column(words(ends(for {_, _, entries} <- records, do: entries))),
      column(words(ends(Enum.map(paths, &byte_size/1)))),
      column(words(for {_, status, _} <- records, do: status)),
      column(words(name_ends)),
      column(slice(slab.kinds, 1, first, count)),
      column(paths),
      column(names),
      column(targets)
    ])
  end

  defp flags(%{metadata: false}), do: 0
  defp flags(slab), do: Aether.Attributes.to_flags(slab.groups)

  # The texts of these entries, and where each of them ends.
  defp text(_texts, "", _first, _count), do: {"", []}
  defp text(_texts, _ends, _first, 0), do: {"", []}

  defp text(texts, ends, first, count) do
    start =
      if first == 0, do: 0, else: :binary.decode_unsigned(slice(ends, 4, first - 1, 1), :little)

    ends = for <<stop::little-32 <- slice(ends, 4, first, count)>>, do: stop - start
    {binary_part(texts, start, List.last(ends)), ends}
  end

  # Columns that the slab does not have are empty.
  defp slice("", _width, _first, _count), do: ""
  defp slice(column, width, first, count), do: binary_part(column, width * first, width * count)

  defp ends(lengths), do: Enum.scan(lengths, &+/2)
  defp words(numbers), do: for(number <- numbers, do: <<number::little-32>>)

  defp column(values) do
    size = IO.iodata_length(values)
    [values, <<0::size(Integer.mod(-size, 8))-unit(8)>>]
  end
end
