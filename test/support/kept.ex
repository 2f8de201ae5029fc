defmodule Aether.Kept do
  @moduledoc false
  # Trees and their indexes for tests of what an index answers.

  import ExUnit.Assertions
  alias Aether.{Find, Index, Scanner, Tree}

  @doc "A new index, closed when the test ends."
  def index!(opts \\ []) do
    path = Keyword.get_lazy(opts, :path, fn -> Tree.tmp!() <> "/index.db" end)
    {:ok, index} = Index.open([path: path] ++ Keyword.delete(opts, :path))
    ExUnit.Callbacks.on_exit(fn -> Index.close(index) end)
    index
  end

  @doc "For `setup`: an empty directory `root`, and an index beside it in `base`, whose file is `database`."
  def beside_index(_context) do
    base = Tree.tmp!()
    root = base <> "/root"
    File.mkdir!(root)
    database = base <> "/index.db"
    {:ok, base: base, root: root, database: database, index: index!(path: database)}
  end

  @doc "Scans into the index to the end: the slabs, the summary, and all else that was sent."
  def keep!(path, index, opts \\ []) do
    {:ok, scan} = Scanner.scan(path, [index: index] ++ opts)
    Aether.Case.receive_all(scan)
  end

  @doc "Scans a folder into the index to the end, which is the summary."
  def expand!(root, folder, index, opts \\ []) do
    {:ok, scan} = Scanner.scan_subdir(root, folder, [index: index] ++ opts)
    {_slabs, summary, _others} = Aether.Case.receive_all(scan)
    summary
  end

  @doc "Scans into the index to the end, which is the summary, without slabs."
  def scan!(root, index, opts \\ []) do
    {:ok, scan} = Scanner.scan(root, [index: index, slabs: false] ++ opts)
    {[], summary, _} = Aether.Case.receive_all(scan)
    summary
  end

  @doc "The value of an answer."
  def value!({:ok, %Index.Answer{value: value}}), do: value

  @doc "All children of a folder, page by page."
  def all!(index, source, folder, opts \\ [], cursor \\ nil) do
    page = value!(Index.children(index, source, folder, [after: cursor] ++ opts))
    if page.next, do: assert(page.entries != [])

    if page.next,
      do: page.entries ++ all!(index, source, folder, opts, page.next),
      else: page.entries
  end

  @doc "What a file or a folder takes up on disk, in bytes, as `du` says."
  def du(path) do
    {text, 0} = System.cmd("du", ["-s", "-B1", path])
    text |> Integer.parse() |> elem(0)
  end

  @doc "A note about an entry of the root of source `s`, as the native side takes it."
  def note(name) do
    %{source: "s", folder: "", name: name, key: "k", value: "v", expected: []}
  end

  @doc "So many empty files in a new directory, fast."
  def many!(directory, count) do
    script = "mkdir -p -- \"$0\" && cd -- \"$0\" && seq $1 | xargs touch"
    {_, 0} = System.cmd("sh", ["-c", script, directory, "#{count}"])
    directory
  end

  @doc "What find counts beneath a folder: everything but directories, and the bytes of regular files."
  def totals(root) do
    entries = Find.entries(root)
    files = Enum.reject(entries, &(&1.kind == :directory))

    {length(files),
     files |> Enum.filter(&(&1.kind == :file)) |> Enum.map(& &1.size) |> Enum.sum()}
  end
end
