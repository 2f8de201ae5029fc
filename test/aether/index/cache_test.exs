defmodule Aether.Index.CacheTest do
  # Caches of the predecessor: in bulk, and when a source with their id is scanned.
  use Aether.Case, async: true

  import Aether.Kept
  alias Aether.Index
  alias Aether.Index.{Answer, Child}

  @cache "native/index/tests/fixtures/folders_demo-source.bin.zst"

  setup do
    base = Tree.tmp!()
    root = Tree.make!(base <> "/root", ["logs/errors/x", "logs/y", "new/z"])
    File.mkdir!(base <> "/caches")
    %{root: root, caches: base <> "/caches", index: index!()}
  end

  defp cache!(caches, id \\ "demo-source"),
    do: File.cp!(@cache, "#{caches}/folders_#{id}.bin.zst")

  test "in bulk: counts are there before any scan, and the file is gone", context do
    %{index: index, caches: caches, root: root} = context
    cache!(caches)

    assert {:ok, outcome} = Index.import_cache(index, caches, roots: %{"demo-source" => root})

    assert %{
             migrated: [%{id: "demo-source", rows: rows, outdated: false}],
             needs_rescan: [],
             failed: []
           } = outcome

    assert rows > 1181
    assert File.ls!(caches) == []

    assert {:ok,
            %Answer{imported: true, exhaustive: false, stale: true, scanned_at: nil} = answer} =
             Index.totals(index, "demo-source", "")

    assert {answer.value.file_count, answer.value.bytes} == {5816, nil}

    for {folder, count} <- [{"logs", 3}, {"logs/errors", 2}, {"日本語", 1}] do
      assert {:ok, %{imported: true, value: %Child{file_count: ^count, imported: true}}} =
               Index.stat(index, "demo-source", folder)
    end

    assert [%{name: "5.36.0", file_count: 1195} | _] =
             value!(Index.children(index, "demo-source", "", sort: :count, limit: 3)).entries

    # A scan knows better, whatever its rules, for the source had none of its own.
    assert %{status: :complete} = scan!(root, index, exclude: ["new"])

    assert {:ok, %{imported: false, exhaustive: true, value: %{file_count: 2}}} =
             Index.totals(index, "demo-source")

    assert value!(Index.source(index, "demo-source")).root == root
  end

  test "in bulk: caches that cannot be imported are listed, and left as they are", context do
    %{index: index, caches: caches, root: root} = context
    for id <- ["unknown", "damaged", "other", "taken"], do: cache!(caches, id)
    cut = File.read!(@cache) |> binary_part(0, 1000)
    File.write!(caches <> "/folders_damaged.bin.zst", cut)
    scan!(root, index, source_id: "here")

    roots = %{"damaged" => "/srv/damaged", "other" => "/srv/other", "taken" => "relative"}
    assert {:ok, outcome} = Index.import_cache(index, caches, roots: roots)
    assert [{"unknown", %Error{reason: :cache_no_root} = error}] = outcome.needs_rescan
    assert Exception.message(error) =~ "folders_unknown.bin.zst"
    reasons = for {id, error} <- outcome.failed, into: %{}, do: {id, reason({:error, error})}

    assert %{
             "damaged" => :cache_damaged,
             "other" => :cache_other_source,
             "taken" => :cache_other_source
           } = reasons

    assert length(File.ls!(caches)) == 4

    assert reason(Index.import_cache(index, caches <> "/no")) == :enoent
  end

  test "lazily: with the first scan of a source that has the id", %{caches: caches, root: root} do
    cache!(caches)
    index = index!(cache_dir: caches)
    # Parked without demand: nothing but the root is known, and the rest is the cache's.
    {:ok, scan} = Scanner.scan(root, index: index, source_id: "demo-source", active: false)
    Aether.VM.until(fn -> File.ls!(caches) == [] end)

    assert {:ok, %{imported: true, value: %{file_count: 2}}} =
             Index.totals(index, "demo-source", "logs/errors")

    Scanner.ask(scan, 1000)
    {_, %{status: :complete}, _} = receive_all(scan)

    assert {:ok, %{imported: false, value: %{file_count: 1}}} =
             Index.totals(index, "demo-source", "logs/errors")

    assert mailbox() == []
  end

  test "lazily: a missing or damaged cache does no harm", %{caches: caches, root: root} do
    index = index!(cache_dir: caches)
    assert %{status: :complete} = scan!(root, index, source_id: "demo-source")
    File.write!(caches <> "/folders_demo-source.bin.zst", "no cache")

    # Kept off the terminal, and told here.
    quiet = fn event, pid ->
      if damaged?(event), do: send(pid, :logged) && :stop, else: :ignore
    end

    :ok = :logger.add_handler_filter(:default, __MODULE__, {quiet, self()})
    on_exit(fn -> :logger.remove_handler_filter(:default, __MODULE__) end)

    {:ok, scan} = Scanner.scan(root, index: index, slabs: false)
    assert {[], %{status: :complete}, []} = receive_all(scan)
    assert_receive :logged, patience()
    # Once.
    assert %{status: :complete} = scan!(root, index)

    for folder <- ["logs", "new"] do
      {:ok, inner} = Scanner.scan_subdir(scan, folder, slabs: false)
      assert {[], %{status: :complete}, []} = receive_all(inner)
    end

    refute_receive :logged, 200
    assert File.ls!(caches) == ["folders_demo-source.bin.zst"]
  end

  defp damaged?(%{msg: {_format, [text]}}), do: is_binary(text) and text =~ "cache_damaged"
  defp damaged?(_event), do: false
end
