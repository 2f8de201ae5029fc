defmodule Aether.Slab do
  @moduledoc """
  Reads slabs: the binaries in which a scan's entries arrive.

  A slab holds entries of one or more directories, as columns; the bytes are described in
  [the slab format](slab-format.md). To pass slabs on, nothing in this module is needed.

      receive do
        {:scan_chunk, ^ref, slab} -> Enum.each(Aether.Slab.entries(slab), &handle/1)
      end

  All functions take the binary itself or the result of `decode/1`. The whole binary is checked
  before anything is read from it, except by `count/1`, `tag/1` and `sequence/1`, which read only
  the header. Bytes that are not a slab raise an `Aether.Error` with the reason `:bad_slab`;
  `decode/1` returns it.

      iex> slab = File.read!("test/fixtures/slabs/slab-v1.bin")
      iex> Aether.Slab.count(slab)
      6
      iex> slab |> Aether.Slab.entries() |> List.last()
      %Aether.Entry{path: "docs/é.md", kind: :file, size: 8_589_934_592, mtime: 9_007_199_254_740_993}

  A decoded slab is enumerable, over its entries:

      iex> {:ok, slab} = Aether.Slab.decode(File.read!("test/fixtures/slabs/slab-v1.bin"))
      iex> slab
      #Aether.Slab<tag: 7, sequence: 3, records: 3, entries: 6>
      iex> for %{kind: :directory, path: path} <- slab, do: path
      ["docs", "denied"]

  ## Memory

  A decoded slab refers to the binary, and keeps all of it in memory. Entries from `entries/1`,
  `listings/1` and the enumeration do not: their paths, and the targets of links, are copies. Entries in
  `reduce/3` may.
  """

  alias Aether.Entry
  alias Aether.Slab.{Decoder, Reader}

  defstruct [:tag, :sequence, :metadata, :records, :entries, :columns, groups: []]

  @typedoc """
  A decoded slab.

    * `tag` - the scan's option of that name
    * `sequence` - its number among the slabs of the scan, from 0
    * `metadata` - whether it has sizes and mtimes
    * `groups` - the groups of attributes that it has besides, see `Aether.Attributes`
    * `records` - number of directory records
    * `entries` - number of entries
  """
  @type t :: %__MODULE__{
          tag: non_neg_integer,
          sequence: non_neg_integer,
          metadata: boolean,
          groups: [Aether.Attributes.group()],
          records: non_neg_integer,
          entries: non_neg_integer,
          columns: term
        }

  @typedoc """
  How a record ends. After `:more`, further records of the directory follow. Everything else ends
  the listing:

    * `:complete` - read to its end
    * `:other_file_system` - not entered, because of `same_file_system: true`
    * `:loop` - not entered, because it is one of its own ancestors
    * `:vanished` - gone, or no longer a directory, before it was read
    * `:changing` - read to its end while it kept changing
    * `{:error, reason}` - failed after these entries; a POSIX atom, or the number of an error
      that has no name here
  """
  @type status ::
          :more
          | :complete
          | :other_file_system
          | :loop
          | :vanished
          | :changing
          | {:error, atom | pos_integer}

  @typedoc "Entries of one directory: its path relative to the root, how the record ends, the entries."
  @type listing :: {path :: binary, status, [Entry.t()]}

  @doc """
  Checks a binary and locates its columns.

  Call it once if the slab is to be read several times.

      iex> {:error, error} = Aether.Slab.decode("ASLB?")
      iex> {error.reason, error.detail}
      {:bad_slab, "5 bytes are too short for a header"}
  """
  @spec decode(binary) :: {:ok, t} | {:error, Aether.Error.t()}
  def decode(binary) when is_binary(binary) do
    case Decoder.decode(binary) do
      {:ok, columns} -> {:ok, new(columns)}
      {:error, words} -> {:error, error(words)}
    end
  end

  @doc """
  The entries, in order.

      iex> slab = File.read!("test/fixtures/slabs/slab-v1.bin")
      iex> for entry <- Aether.Slab.entries(slab), do: {entry.path, entry.kind, entry.size}
      [
        {"a.txt", :file, 5},
        {"docs", :directory, 4096},
        {"l", :symlink, 3},
        {<<0xFF, 0xFE>>, :file, nil},
        {"denied", :directory, 4096},
        {"docs/é.md", :file, 8_589_934_592}
      ]
  """
  @spec entries(binary | t) :: [Entry.t()]
  def entries(slab) do
    slab |> decode!() |> Reader.reduce([], &[&1 | &2], true) |> :lists.reverse()
  end

  @doc """
  Calls `fun` with each entry and the accumulator, in order; returns the last accumulator.

  The cheapest way to read a slab, as names are **not copied**: the `path` of an entry in the root
  is a part of the slab's binary, and so is the `target` of a link. To keep one after the call, copy it
  with `:binary.copy/1`; otherwise it keeps the whole slab in memory.

      iex> slab = File.read!("test/fixtures/slabs/slab-v1.bin")
      iex> Aether.Slab.reduce(slab, 0, fn entry, sum -> sum + (entry.size || 0) end)
      8589942792
  """
  @spec reduce(binary | t, acc, (Entry.t(), acc -> acc)) :: acc when acc: term
  def reduce(slab, acc, fun) when is_function(fun, 2),
    do: slab |> decode!() |> Reader.reduce(acc, fun, false)

  @doc """
  The entries by directory, and how each record ends.

  The listing of a large directory spans several records, possibly in several slabs. It ends with
  the only record of that path whose status is not `:more`.

      iex> slab = File.read!("test/fixtures/slabs/slab-v1.bin")
      iex> for {path, status, entries} <- Aether.Slab.listings(slab), do: {path, status, length(entries)}
      [{"", :complete, 5}, {"docs", :more, 1}, {"denied", {:error, :eacces}, 0}]
  """
  @spec listings(binary | t) :: [listing]
  def listings(slab) do
    columns = decode!(slab)
    entries = columns |> Reader.reduce([], &[&1 | &2], true) |> :lists.reverse()
    split(Reader.records(columns), entries)
  end

  @doc """
  The number of entries, from the header alone.

      iex> Aether.Slab.count(File.read!("test/fixtures/slabs/slab-v1.bin"))
      6
  """
  @spec count(binary | t) :: non_neg_integer
  def count(slab), do: header!(slab).entries

  @doc """
  The tag that tells the slabs of one scan from those of others, from the header alone.

      iex> Aether.Slab.tag(File.read!("test/fixtures/slabs/slab-v1.bin"))
      7
  """
  @spec tag(binary | t) :: non_neg_integer
  def tag(slab), do: header!(slab).tag

  @doc """
  The slab's number among those of its scan, from 0, from the header alone.

      iex> Aether.Slab.sequence(File.read!("test/fixtures/slabs/slab-v1.bin"))
      3
  """
  @spec sequence(binary | t) :: non_neg_integer
  def sequence(slab), do: header!(slab).sequence

  defp new(columns) do
    fields = Map.take(columns, [:tag, :sequence, :metadata, :groups, :records, :entries])
    struct!(__MODULE__, Map.put(fields, :columns, columns))
  end

  defp decode!(%__MODULE__{columns: columns}), do: columns

  defp decode!(binary) when is_binary(binary) do
    case Decoder.decode(binary) do
      {:ok, columns} -> columns
      {:error, words} -> raise error(words)
    end
  end

  defp header!(%__MODULE__{} = slab), do: slab

  defp header!(binary) when is_binary(binary) do
    case Decoder.header(binary) do
      {:ok, header} -> header
      {:error, words} -> raise error(words)
    end
  end

  defp split([{path, status, count} | records], entries) do
    {own, entries} = Enum.split(entries, count)
    [{path, status, own} | split(records, entries)]
  end

  defp split([], []), do: []

  # A damaged slab has no path.
  defp error(words),
    do: %Aether.Error{reason: :bad_slab, path: "", operation: :decode, detail: words}

  defimpl Enumerable do
    def count(slab), do: {:ok, slab.entries}
    def member?(_slab, _entry), do: {:error, __MODULE__}
    def slice(_slab), do: {:error, __MODULE__}

    # A slab has about a thousand entries: laziness within it would not pay.
    def reduce(slab, acc, fun),
      do: Enumerable.reduce(Aether.Slab.entries(slab), acc, fun)
  end

  defimpl Inspect do
    # Without the columns: they are large, and full of bytes that anybody may have chosen.
    def inspect(slab, _opts) do
      "#Aether.Slab<tag: #{slab.tag}, sequence: #{slab.sequence}, " <>
        "records: #{slab.records}, entries: #{slab.entries}>"
    end
  end
end
