defmodule Aether.Index.ProcessesTest do
  # Readers beside the writer: another VM, a sqlite3 shell; and VMs that only read.
  use Aether.Case, async: true
  use Aether.VM

  import Aether.Kept
  alias Aether.{Index, Stored}

  setup do
    base = Tree.tmp!()
    root = Tree.make!(base <> "/root", ["a/1", "b/2"])
    path = base <> "/index.db"
    %{root: root, path: path}
  end

  test "opened only for reading, an index answers and refuses writes", context do
    %{path: path, root: root} = context
    assert reason(Index.open(path: path, mode: :read)) == :enoent
    refute File.exists?(path)

    index = index!(path: path)
    scan!(root, index, source_id: "s")
    reader = index!(path: path, mode: :read)
    assert inspect(reader) =~ "mode: :read"

    assert value!(Index.totals(reader, "s")) == value!(Index.totals(index, "s"))
    assert [%{path: "a/1"}] = value!(Index.search(reader, "1")).hits
    assert {:ok, report} = Index.check(reader)
    assert Index.Report.clean?(report)
    assert {:ok, _} = Index.backup(reader, path <> ".copy")

    for {call, n} <-
          Enum.with_index([
            fn -> Scanner.scan(root, index: reader) end,
            fn -> Index.put_note(reader, "s", "a/1", "k", "v") end,
            fn -> Index.forget(reader, "s") end,
            fn -> Index.subscribe(reader, "s") end,
            fn -> Index.vacuum(reader) end,
            fn -> Index.import_cache(reader, "lib", roots: %{"x" => "y"}) end
          ]) do
      assert {n, reason(call.())} == {n, :index_readonly}
    end

    # It sees what is written later, and goes on when the writer is closed.
    Tree.make!(root, ["c/3"])
    scan!(root, index)
    assert [%{path: "c/3"}] = value!(Index.search(reader, "3")).hits
    :ok = Index.close(index)
    assert value!(Index.totals(reader, "s")).file_count == 3
    :ok = Index.close(reader)
    assert reason(Index.totals(reader, "s")) == :index_closed
  end

  test "another VM reads while a scan writes, and writes once the first has closed", context do
    %{path: path, root: root} = context
    for n <- 1..20, do: many!("#{root}/many/#{n}", 100)
    index = index!(path: path)
    vm = VM.start!()
    scan!(root, index, source_id: "s", depth: 1)

    {:ok, scan} = Scanner.scan(root, index: index, active: 1, slab_entries: 20)

    # Each total is one of a commit: never less than before, and its folders add up to it.
    counts =
      for _ <- 1..20 do
        Scanner.ask(scan, 5)

        VM.run(vm, fn ->
          {:ok, reader} = Index.open(path: path, mode: :read)
          page = value!(Index.children(reader, "s", ""))
          totals = value!(Index.totals(reader, "s", ""))
          {:ok, report} = Index.check(reader)
          assert Index.Report.clean?(report)
          {:error, %{reason: :index_busy}} = Index.open(path: path, busy_timeout: 0)
          :ok = Index.close(reader)
          assert page.entries |> Enum.map(& &1.file_count) |> Enum.sum() <= totals.file_count
          totals.file_count
        end)
      end

    assert counts == Enum.sort(counts)
    Scanner.ask(scan, 100_000)
    {_, %{status: :complete}, _} = receive_all(scan)
    :ok = Index.close(index)

    count =
      VM.run(vm, fn ->
        {:ok, index} = Index.open(path: path)
        %{status: :complete} = scan!(root, index)
        count = value!(Index.totals(index, "s", "")).file_count
        :ok = Index.close(index)
        count
      end)

    assert count == 2002
  end

  @tag skip: !Stored.possible?() && "needs sqlite3"
  test "a sqlite3 shell reads while a scan writes", %{path: path, root: root} do
    for n <- 1..10, do: many!("#{root}/many/#{n}", 100)
    index = index!(path: path)
    {:ok, scan} = Scanner.scan(root, index: index, source_id: "s", active: 1, slab_entries: 50)

    for _ <- 1..10 do
      Scanner.ask(scan, 4)
      Stored.assert_sound!(path)
    end

    Scanner.ask(scan, 100_000)
    {_, %{status: :complete}, _} = receive_all(scan)

    assert Stored.query!(
             path,
             "SELECT name, file_count, is_folder FROM scout_folders WHERE source_id = 's' AND prefix = '' ORDER BY name;"
           ) ==
             [["a", "1", "1"], ["b", "1", "1"], ["many", "1000", "1"]]
  end

  test "a killed writer leaves its last scan crashed, and the next scan completes it",
       context do
    %{path: path, root: root} = context
    for n <- 1..10, do: many!("#{root}/many/#{n}", 100)
    vm = VM.start!()

    os_pid =
      VM.run(vm, fn ->
        {:ok, index} = Index.open(path: path)

        {:ok, scan} =
          Scanner.scan(root, index: index, source_id: "s", active: 5, slab_entries: 50)

        receive do: ({:scan_passive, _} -> :ok)
        # Kept, so that the scan stays.
        spawn(fn -> Process.sleep(:infinity) && {index, scan} end)
        :persistent_term.put(__MODULE__, {index, scan})
        System.pid()
      end)

    reader = index!(path: path, mode: :read)
    {:ok, answer} = Index.source(reader, "s")
    assert answer.value.status in [:running, :cancelled]

    Process.unlink(vm)
    {_, 0} = System.cmd("kill", ["-9", os_pid])
    Aether.VM.until(fn -> value!(Index.source(reader, "s")).status != :running end)
    assert {:ok, %{stale: true}} = Index.totals(reader, "s")

    index = index!(path: path)
    assert {:ok, report} = Index.check(index)
    assert Index.Report.clean?(report)
    assert %{status: :complete} = scan!(root, index)
    assert value!(Index.totals(reader, "s")).file_count == 1002
  end

  test "a named index serves all callers, and its successor waits for it", context do
    %{path: path, root: root} = context
    {:ok, first} = Index.start_link(name: __MODULE__, path: path)
    scan!(root, __MODULE__, source_id: "s")
    assert value!(Index.totals(__MODULE__, "s")).file_count == 2

    # Killed, it closes nothing itself. Another process still has the index, and yet the file is closed.
    held = Index.get(first)
    Process.unlink(first)
    monitor = Process.monitor(first)
    Process.exit(first, :kill)
    assert_receive {:DOWN, ^monitor, _, _, _}

    start_supervised!({Index, name: __MODULE__, path: path})
    assert value!(Index.totals(__MODULE__, "s")).file_count == 2
    assert reason(Index.totals(held, "s")) == :index_closed
    :ok = stop_supervised(__MODULE__)
    {:ok, index} = Index.open(path: path, busy_timeout: 1000)
    :ok = Index.close(index)
  end

  describe "a supervised index that became unusable is opened again:" do
    setup %{path: path, root: root} do
      pid = start_supervised!({Index, name: __MODULE__.Kept, path: path, busy_timeout: 5000})
      scan!(root, __MODULE__.Kept, source_id: "s")
      %{pid: pid, monitor: Process.monitor(pid)}
    end

    defp again!(pid) do
      Aether.VM.until(fn ->
        is_pid(Process.whereis(__MODULE__.Kept)) and Process.whereis(__MODULE__.Kept) != pid
      end)

      Index.sources(__MODULE__.Kept)
    end

    test "closed by its name", %{pid: pid, monitor: monitor} do
      held = Index.get(pid)
      assert Index.close(__MODULE__.Kept) == :ok
      assert_receive {:DOWN, ^monitor, _, _, :normal}, patience()
      assert reason(Index.sources(held)) == :index_closed
      assert {:ok, [%{value: %{uuid: "s"}}]} = again!(pid)
    end

    test "closed by another handle", %{pid: pid, monitor: monitor} do
      :ok = Index.close(Index.get(pid))
      assert reason(Index.sources(__MODULE__.Kept)) == :index_closed
      assert_receive {:DOWN, ^monitor, _, _, :normal}, patience()
      assert {:ok, [_]} = again!(pid)
    end

    test "its file was taken away", %{pid: pid, monitor: monitor, path: path, root: root} do
      File.rename!(path, path <> "-away")
      # The process may have closed it before it is asked.
      assert reason(Index.sources(__MODULE__.Kept)) in [:index_moved, :index_closed]
      assert_receive {:DOWN, ^monitor, _, _, %Aether.Error{reason: :index_moved}}, patience()
      assert again!(pid) == {:ok, []}
      assert %{status: :complete} = scan!(root, __MODULE__.Kept)
    end
  end
end
