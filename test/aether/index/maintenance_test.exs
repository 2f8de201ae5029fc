defmodule Aether.Index.MaintenanceTest do
  # What is done to an index as a whole, and how it ends early.
  use Aether.Case, async: true

  import Aether.Kept
  alias Aether.{Index, Native, Stored}
  alias Aether.Index.Report

  setup do
    base = Tree.tmp!()
    root = Tree.make!(base <> "/root", ["a/1", {"b/3", "three"}, "c/d/4"])
    path = base <> "/index.db"
    index = index!(path: path)
    scan!(root, index, source_id: "s")
    %{index: index, root: root, base: base, path: path}
  end

  test "a sound index is clean, even while it is written", %{index: index, root: root} do
    for thorough <- [false, true] do
      assert {:ok, %Report{directories: 5, files: 3, count: 0} = report} =
               Index.check(index, thorough: thorough)

      assert Report.clean?(report)
    end

    {:ok, scan} = Scanner.scan(root, index: index, active: 1, slab_entries: 1)
    assert {:ok, report} = Index.check(index)
    assert Report.clean?(report)
    Scanner.cancel(scan, flush: true)
  end

  @tag skip: !Stored.possible?() && "needs sqlite3"
  test "inconsistencies are reported", %{index: index, path: path} do
    :ok = Index.close(index)

    {_, 0} =
      System.cmd("sqlite3", [
        path,
        "UPDATE dirs SET bytes = bytes + 7 WHERE name = 'b'; DELETE FROM files WHERE name = '4'"
      ])

    index = index!(path: path)
    assert {:ok, report} = Index.check(index)
    refute Report.clean?(report)

    problems =
      for finding <- report.findings,
          do: {finding.problem, finding.path, finding.stored - finding.counted}

    assert {:bytes, "b", 7} in problems
    assert {:own_files, "c/d", 1} in problems
  end

  test "a backup replaces an index that is not being written", context do
    %{index: index, root: root, base: base, path: path} = context
    copy = base <> "/copy.db"
    {:ok, bytes} = Index.backup(index, copy)
    before = value!(Index.totals(index, "s"))
    Tree.make!(root, ["a/later"])
    scan!(root, index)
    refute value!(Index.totals(index, "s")) == before

    assert reason(Index.restore(copy, path, busy_timeout: 0)) == :index_busy
    {:ok, reader} = Index.open(path: path, mode: :read)
    Index.close(index)

    assert Index.restore(copy, path) == {:ok, bytes}
    assert reason(Index.totals(reader, "s")) == :index_moved
    Index.close(reader)
    index = index!(path: path, busy_timeout: 5000)
    assert value!(Index.totals(index, "s")) == before
    assert {:ok, %{rolled_back: true}} = Index.totals(index, "s")
    {:ok, report} = Index.check(index)
    assert Report.clean?(report)

    # A copy of the backup is none of the places where one may be put wrongly.
    for {from, to, reason} <- [
          {base <> "/no", path, :enoent},
          {copy, copy, :einval},
          {copy, base <> "/no/such/x.db", :enoent},
          {root <> "/b/3", base <> "/new.db", :index_notadb},
          {copy, root <> "/b/3", :index_foreign}
        ] do
      assert {reason(Index.restore(from, to, busy_timeout: 0)), to} == {reason, to}
    end

    assert File.read!(root <> "/b/3") == "three"
    refute File.exists?(base <> "/new.db")
    assert_raise ArgumentError, ~r/takes/, fn -> Index.restore(copy, path, timeout: 0) end
  end

  test "a backup replaces a damaged or missing index, whatever is beside it",
       context do
    %{index: index, base: base, path: path} = context
    copy = base <> "/copy.db"
    {:ok, _bytes} = Index.backup(index, copy)
    before = value!(Index.totals(index, "s"))
    Index.close(index)
    damaged = base <> "/damaged.db"
    <<head::binary-size(200), rest::binary>> = File.read!(path)
    File.write!(damaged, [head, String.duplicate("x", byte_size(rest))])
    File.write!(damaged <> "-wal", String.duplicate("y", 5000))

    for place <- [damaged, base <> "/new.db"] do
      assert {:ok, _bytes} = Index.restore(copy, place)
      index = index!(path: place)
      assert value!(Index.totals(index, "s")) == before
    end
  end

  test "a file is created with the requested permissions", %{base: base} do
    for {options, mode} <- [
          {[], 0o600},
          {[permissions: 0o640], 0o640},
          {[permissions: 0o600], 0o600}
        ] do
      path = base <> "/mode-#{System.unique_integer([:positive])}.db"
      index = index!([path: path] ++ options)
      scan!(base <> "/root", index)

      for file <- Path.wildcard(path <> "*"),
          do: assert({file, Bitwise.band(File.stat!(file).mode, 0o777)} == {file, mode})
    end

    for bad <- [0o700, 0o400, 0, -1, "0600", nil] do
      assert_raise ArgumentError, ~r/option :permissions of Aether.Index takes/, fn ->
        Index.open(path: base <> "/x.db", permissions: bad)
      end
    end
  end

  @tag skip: !Stored.possible?() && "needs sqlite3"
  test "an index opened with follow: true records which folders were touched", %{
    base: base,
    root: root
  } do
    path = base <> "/followed.db"
    index = index!(path: path, follow: true)

    touched = fn ->
      {rows, 0} =
        System.cmd("sqlite3", [
          "-readonly",
          path,
          "SELECT d.name FROM touched t JOIN dirs d ON d.id = t.dir_id ORDER BY t.seq"
        ])

      rows |> String.split("\n") |> Enum.drop(-1)
    end

    scan!(root, index)
    assert Enum.sort(touched.()) == ["", "a", "b", "c", "d"]
    Tree.make!(root, ["a/later"])
    scan!(root, index)
    assert List.last(touched.()) == "a"
    Index.close(index)
    # Not any more.
    index = index!(path: path)
    Tree.make!(root, ["b/later"])
    scan!(root, index)
    assert touched.() == []
  end

  test "a backup is an index of its own, as it was", %{index: index, root: root, base: base} do
    copy = base <> "/copy.db"
    assert {:ok, bytes} = Index.backup(index, copy)
    assert File.stat!(copy).size == bytes
    before = value!(Index.totals(index, "s"))

    Tree.make!(root, ["a/later"])
    scan!(root, index)
    copied = index!(path: copy)
    assert value!(Index.totals(copied, "s")) == before
    assert {:ok, report} = Index.check(copied)
    assert Report.clean?(report)

    assert reason(Index.backup(index, copy)) == :eexist
    assert reason(Index.backup(index, base <> "/no/copy.db")) == :enoent
    assert reason(Index.backup(index, "")) == :einval
    assert File.ls!(base) |> Enum.filter(&(&1 =~ "-unfinished")) == []
  end

  test "a vacuum shrinks the file, and changes nothing else", %{index: index, root: root} do
    many!(root <> "/many", 4000)
    scan!(root, index)
    Tree.remove!(root <> "/many")
    scan!(root, index)
    before = value!(Index.totals(index, "s"))
    assert {:ok, sizes} = Index.vacuum(index)
    assert sizes.after < sizes.before
    assert value!(Index.totals(index, "s")) == before
    scan!(root, index)
    assert {:ok, report} = Index.check(index)
    assert Report.clean?(report)
  end

  describe "a long call" do
    # Rows alone make an index large enough, and files on a disk take long to make.
    setup %{index: index, path: path} do
      :ok = Index.close(index)

      {_, 0} =
        System.cmd("sqlite3", [
          path,
          """
          WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 300000)
          INSERT INTO files (dir_id, name, kind, size, mtime) SELECT (SELECT id FROM dirs WHERE name = 'a'), 'f' || i, 1, 0, 0 FROM n;
          UPDATE dirs SET own_files = own_files + 300000 WHERE name = 'a';
          UPDATE dirs SET file_count = file_count + 300000 WHERE name IN ('', 'a');
          """
        ])

      %{index: index!(path: path)}
    end

    @tag skip: !Stored.possible?() && "needs sqlite3"
    test "is cancelled after its timeout, and ends when its caller dies", %{
      index: index,
      base: base
    } do
      calls = [
        &Index.check(index, [thorough: true] ++ &1),
        &Index.backup(index, base <> "/copy.db", &1),
        &Index.vacuum(index, &1),
        &Index.search(index, "1", &1)
      ]

      for call <- calls do
        # A copy may be quicker.
        refused = call.(timeout: 1)
        assert match?({:ok, _}, refused) or reason(refused) == :etimedout
        File.rm(base <> "/copy.db")

        {pid, monitor} = spawn_monitor(fn -> call.([]) end)
        Process.exit(pid, :kill)
        assert_receive {:DOWN, ^monitor, _, _, _}
        # A copy may have been made before the kill, and is in the way of none.
        File.rm(base <> "/copy.db")
      end

      assert reason(Index.check(index, thorough: true, timeout: 1)) == :etimedout

      # And everything goes on.
      assert {:ok, report} = Index.check(index)
      assert Report.clean?(report)
      assert mailbox() == []
      Aether.VM.until(fn -> not Enum.any?(File.ls!(base), &(&1 =~ "-unfinished")) end)
    end

    @tag skip: !Stored.possible?() && "needs sqlite3"
    test "is cancelled with its caller", %{index: index, path: path} do
      holes = fn -> Stored.query!(path, "PRAGMA freelist_count;") end
      # Not under an open index, which takes what others write for damage.
      Index.close(index)
      {_, 0} = System.cmd("sqlite3", [path, "DELETE FROM files WHERE name > 'f2';"])
      index = index!(path: path, busy_timeout: 5000)
      assert [[before]] = holes.()
      assert before != "0"
      shell = Stored.hold!(path)

      # This one keeps the writer busy, until it can have the lock.
      note = make_ref()
      assert {:ok, _cancel} = Native.index_put_note(note, index.handle, Aether.Kept.note("a"))
      {pid, monitor} = spawn_monitor(fn -> Index.vacuum(index) end)
      Aether.VM.until(fn -> Process.info(pid, :status) == {:status, :waiting} end)
      Process.exit(pid, :kill)
      assert_receive {:DOWN, ^monitor, _, _, :killed}
      # It stands before others, and is not begun when its turn comes.
      later = Task.async(fn -> Index.vacuum(index, timeout: 20) end)
      assert reason(Task.await(later, patience())) == :etimedout
      Stored.release!(shell)
      assert_receive {:index_answer, ^note, :ok}, patience()
      assert Index.put_note(index, "s", "a", "k", nil) == :ok
      assert holes.() != [["0"]]

      assert {:ok, _} = Index.vacuum(index)
      assert holes.() == [["0"]]
    end

    @tag skip: !Stored.possible?() && "needs sqlite3"
    test "is cancelled while it is queued, and sends no answer later", context do
      %{index: index, path: path} = context
      shell = Stored.hold!(path)

      first = Task.async(fn -> Index.vacuum(index) end)
      assert {:error, error} = Index.vacuum(index, timeout: 20)
      assert {error.reason, error.operation} == {:etimedout, :maintain}
      assert Exception.message(error) =~ "Give a longer `timeout:`"
      assert Task.yield(first, 0) == nil

      Stored.release!(shell)
      assert {:ok, _} = Task.await(first, patience())

      # Searches are answered one after the other.
      given_up = Index.search(index, "1", timeout: 1)
      assert match?({:ok, _}, given_up) or reason(given_up) == :etimedout
      assert {:ok, _} = Index.search(index, "1")
      assert mailbox() == []
    end

    @tag skip: !Stored.possible?() && "needs sqlite3"
    test "does not keep an index from being closed", %{index: index, base: base} do
      tasks =
        for call <- [
              fn -> Index.check(index, thorough: true) end,
              fn -> Index.backup(index, base <> "/copy.db") end,
              fn -> Index.vacuum(index) end,
              fn -> Index.search(index, "1") end
            ],
            do: Task.async(call)

      assert Index.close(index) == :ok

      for result <- Task.await_many(tasks, patience()) do
        assert match?({:ok, _}, result) or reason(result) in [:cancelled, :index_closed]
      end
    end
  end
end
