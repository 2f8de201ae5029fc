defmodule Aether.Index.FaultTest do
  # What must not tear an index: a VM that is killed, a disk that is full, a scan that is too big for memory, a file system that is
  # gone. After each of them the file is whole, totals add up, and the next scan completes what is there.
  use Aether.Case, async: true
  use Aether.VM
  alias Aether.{Index, Stored}

  @moduletag skip: !Stored.possible?() && "needs sqlite3"
  @moduletag timeout: 600_000

  @kills if System.get_env("AETHER_FULL"), do: 60, else: 6

  setup do
    base = Tree.tmp!()
    root = base <> "/root"
    File.mkdir!(root)
    {:ok, base: base, root: root, database: base <> "/index.db"}
  end

  defp keep!(root, index, opts \\ []) do
    {:ok, scan} = Scanner.scan(root, [index: index, slabs: false] ++ opts)
    {_slabs, summary, _others} = receive_all(scan)
    summary
  end

  test "a VM killed at any time leaves a sound index, which the next scan completes", context do
    %{root: root, database: database} = context
    for n <- 1..40, do: Tree.files!(root, 100, "d#{n}/f")
    :rand.seed(:exsss, {3, 5, @kills})

    for round <- 1..@kills do
      vm = VM.start!(threads: 2)
      os_pid = VM.run(vm, fn -> System.pid() end)
      # Every other one stops on the way, and is killed there; the others wherever they are.
      slabs = if rem(round, 2) == 1, do: :rand.uniform(40), else: true

      VM.run(vm, fn ->
        {:ok, index} = Index.open(path: database)
        :persistent_term.put(:kept, index)
        stay(fn -> Scanner.scan(root, index: index, active: slabs, slab_entries: 50) end)
      end)

      Process.sleep(:rand.uniform(60))
      Process.unlink(vm)
      {_, 0} = System.cmd("kill", ["-9", os_pid])
      gone(os_pid)
      Stored.assert_sound!(database)

      if is_integer(slabs) do
        running = "SELECT status FROM scans ORDER BY id DESC LIMIT 1;"
        assert Stored.query!(database, running) == [["0"]]
      end

      # Something for the next round to find.
      Tree.files!(root, 5, "d#{round}/new")
      Tree.remove!(root <> "/d#{round + 20}")
    end

    {:ok, index} = Index.open(path: database)
    assert %{status: :complete} = keep!(root, index)
    assert :ok = Index.close(index)
    Stored.assert_equal!(database, root)
  end

  # In a process that stays, for it receives what it started.
  defp stay(start) do
    me = self()

    spawn(fn ->
      {:ok, _scan} = start.()
      send(me, :started)
      receive(do: (:never -> :ok))
    end)

    receive(do: (:started -> :ok))
  end

  test "the next writer marks a scan that did not end as crashed", %{
    root: root,
    database: database
  } do
    Tree.files!(root, 100)
    vm = VM.start!()
    os_pid = VM.run(vm, fn -> System.pid() end)

    VM.run(vm, fn ->
      {:ok, index} = Index.open(path: database)
      :persistent_term.put(:kept, index)
      # It does not ask for more.
      stay(fn -> Scanner.scan(root, index: index, active: 1, slab_entries: 10) end)
    end)

    Process.unlink(vm)
    {_, 0} = System.cmd("kill", ["-9", os_pid])
    gone(os_pid)
    {:ok, index} = Index.open(path: database)
    assert [["5"]] = Stored.query!(database, "SELECT status FROM scans;")
    Index.close(index)
  end

  @tag skip: !root?() && "needs root"
  test "a full disk fails the scan, and nothing else", %{base: base, root: root} do
    Tree.files!(root, 20_000, "name-of-a-file-")
    small = base <> "/small"
    File.mkdir!(small)
    {_, 0} = System.cmd("mount", ["-t", "tmpfs", "-o", "size=700k", "none", small])
    on_exit(fn -> System.cmd("umount", ["-l", small]) end)
    database = small <> "/index.db"
    {:ok, index} = Index.open(path: database)
    {:ok, scan} = Scanner.scan(root, index: index, slabs: false)
    {_, summary, _} = receive_all(scan)
    assert %{status: :failed, error: %Error{reason: :index_full} = error} = summary
    assert Exception.message(error) =~ "full"
    # Without an index all is as ever.
    assert length(Scanner.list!(root)) == 20_000
    assert :ok = Index.close(index)
    {_, 0} = System.cmd("mount", ["-o", "remount,size=50m", small])
    Stored.assert_sound!(database)

    {:ok, index} = Index.open(path: database)
    assert %{status: :complete} = keep!(root, index)
    assert :ok = Index.close(index)
    Stored.assert_equal!(database, root)
  end

  @tag skip: !root?() && "needs root"
  test "rows of an unmounted file system stay, marked", %{root: root, database: database} do
    Tree.make!(root, ["disk/", "file"])
    {_, 0} = System.cmd("mount", ["-t", "tmpfs", "none", root <> "/disk"])
    on_exit(fn -> System.cmd("umount", ["-l", root <> "/disk"], stderr_to_stdout: true) end)
    Tree.make!(root, ["disk/a/b", "disk/c"])
    {:ok, index} = Index.open(path: database)
    assert %{status: :complete} = keep!(root, index)
    Stored.assert_equal!(database, root)
    count = "SELECT file_count, unknown_below FROM dirs WHERE parent_id IS NULL;"
    assert [["3", "0"]] = Stored.query!(database, count)

    {_, 0} = System.cmd("umount", [root <> "/disk"])
    keep!(root, index)
    assert [["3", "1"]] = Stored.query!(database, count)
    assert [["6"]] = Stored.query!(database, "SELECT status FROM dirs WHERE name = 'disk';")

    # The same the other way round: another file system than the one that is known.
    {_, 0} = System.cmd("mount", ["-t", "tmpfs", "none", root <> "/disk"])
    keep!(root, index)
    assert [["3", "1"]] = Stored.query!(database, count)

    assert %{status: :complete} = keep!(root, index, accept_root: true)
    assert :ok = Index.close(index)
    Stored.assert_equal!(database, root)
  end

  @tag skip: !root?() && "needs root"
  test "a folder on another file system is stored as by a scan of the root", %{
    root: root,
    database: database
  } do
    Tree.make!(root, ["disk/", "file"])
    {_, 0} = System.cmd("mount", ["-t", "tmpfs", "none", root <> "/disk"])
    on_exit(fn -> System.cmd("umount", ["-l", root <> "/disk"], stderr_to_stdout: true) end)
    Tree.make!(root, ["disk/a/b"])
    {:ok, index} = Index.open(path: database)
    assert %{status: :complete} = keep!(root, index, same_file_system: true)
    rows = "SELECT name, status, file_count FROM dirs ORDER BY id;"
    before = Stored.query!(database, rows)
    assert ["disk", "2", "0"] in before

    {:ok, scan} = Scanner.scan_subdir(root, "disk", index: index)
    assert {[], %{status: :complete}} = receive_entries(scan)
    assert Stored.query!(database, rows) == before
    assert {:error, %{reason: :enoent}} = Scanner.scan_subdir(root, "disk/a", index: index)
    assert Stored.query!(database, rows) == before
    assert :ok = Index.close(index)
  end

  @tag skip: !VM.measurable?() && "needs /proc"
  test "memory is bounded whatever the tree's size", %{root: root, database: database} do
    script = "for n in $(seq 100); do mkdir $n && (cd $n && seq 1000 | xargs touch) || exit; done"
    {_, 0} = System.cmd("sh", ["-c", script], cd: root)
    vm = VM.start!(threads: 2)

    growth =
      VM.run(vm, fn ->
        {:ok, index} = Index.open(path: database)
        # What is loaded and allocated once.
        keep!(root <> "/1", index)
        {growth, summary} = VM.growth(fn -> keep!(root, index) end)
        assert %{status: :complete, files: 100_000} = summary
        assert :ok = Index.close(index)
        growth
      end)

    assert growth < 32 * 1024 * 1024
    Stored.assert_equal!(database, root)
  end

  test "cancel does not wait for the index", %{root: root, database: database} do
    for n <- 1..100, do: Tree.files!(root, 200, "d#{n}/file")
    {:ok, index} = Index.open(path: database, busy_timeout: 60_000)

    for slabs <- 1..10 do
      {:ok, scan} = Scanner.scan(root, index: index, active: slabs, slab_entries: 500)
      # From now on it cannot write.
      shell = Stored.hold!(database)
      Scanner.ask(scan, 5)
      Scanner.cancel(scan)
      assert {_slabs, %{status: :cancelled}, _passive} = receive_all(scan)
      Stored.release!(shell)
      Stored.assert_sound!(database)
    end

    assert %{status: :complete} = keep!(root, index)
    assert :ok = Index.close(index)
    Stored.assert_equal!(database, root)
  end

  test "an index that cannot write takes no threads from other scans", context do
    %{root: root, database: database} = context
    Tree.files!(root, 10)
    other = Tree.make!(root <> "-other", ["file"])
    vm = VM.start!(threads: 2)

    VM.run(vm, fn ->
      {:ok, index} = Index.open(path: database, busy_timeout: 60_000)
      assert %{status: :complete} = keep!(root, index)
      shell = Stored.hold!(database)

      for _ <- 1..40 do
        assert {:error, %Error{reason: :etimedout}} =
                 Scanner.scan(root, index: index, slabs: false, open_timeout: 10)
      end

      waiting = Task.async(fn -> keep!(other, index) end)
      assert length(Scanner.list!(root)) == 10
      assert %{threads: threads, stuck_threads: 0} = Aether.info()
      assert threads <= 2
      Stored.release!(shell)
      assert %{status: :complete} = Task.await(waiting, patience())
      assert %{status: :complete} = keep!(root, index)
      assert :ok = Index.close(index)
    end)

    Stored.assert_equal!(database, root)
  end

  defp gone(os_pid, left \\ 2000) do
    cond do
      not File.exists?("/proc/#{os_pid}") -> :ok
      left == 0 -> flunk("#{os_pid} does not die")
      true -> Process.sleep(5) && gone(os_pid, left - 1)
    end
  end
end
