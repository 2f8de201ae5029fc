defmodule Aether.Index.TimeoutTest do
  # What is asked of a writer that cannot write: the caller gets an error in time, and what becomes of it later.
  use Aether.Case, async: true

  import Aether.Kept
  alias Aether.{Index, Stored}

  @moduletag skip: !Stored.possible?() && "needs sqlite3"

  setup do
    root = Tree.make!(Tree.tmp!(), ["a/file", "b/c"])
    path = Tree.tmp!() <> "/index.db"
    %{root: root, path: path}
  end

  defp opened!(%{root: root, path: path}, opts \\ []) do
    index = index!([path: path] ++ opts)
    scan!(root, index, source_id: "s")
    index
  end

  # Another program that locks the index and is then stopped, as by a debugger.
  defp stop!(path) do
    shell = Stored.hold!(path)
    {:os_pid, pid} = Port.info(shell, :os_pid)
    {_, 0} = System.cmd("kill", ["-STOP", "#{pid}"])
    on_exit(fn -> System.cmd("kill", ["-CONT", "#{pid}"], stderr_to_stdout: true) end)
    {shell, pid}
  end

  defp go_on!({shell, pid}) do
    {_, 0} = System.cmd("kill", ["-CONT", "#{pid}"])
    Stored.release!(shell)
  end

  defp late!(result, path) do
    assert {:error, %Error{reason: :etimedout, operation: :write, path: ^path} = error} = result
    assert error.detail =~ "not done after 20 ms"
    assert Exception.message(error) =~ "may still be done later"
    refute_received {:index_answer, _ref, _answer}
  end

  # A scan that is parked, and then one that the writer cannot write for as long as it tries.
  defp park!(root, index) do
    Tree.files!(root, 100)
    {:ok, scan} = Scanner.scan(root, index: index, active: 1, slab_entries: 1)
    scan
  end

  defp stall!(scan, index) do
    Scanner.ask(scan, 1000)
    Aether.VM.until(fn -> Index.info(index).stalled != nil end)
  end

  test "a note and a removal that came too late are done later", %{path: path} = context do
    index = opened!(context, busy_timeout: 0, stall_timeout: 600_000)
    scan = park!(context.root <> "-other", index)
    held = stop!(path)
    stall!(scan, index)
    late!(Index.put_note(index, "s", "a/file", "k", "v", timeout: 20), "a/file")
    late!(Index.forget(index, "s", "b", timeout: 20), "b")
    go_on!(held)
    # The writer takes what it is asked for in turn.
    assert Index.put_note(index, "s", "a", "k", "v", timeout: :infinity) == :ok
    assert value!(Index.notes(index, "s", "a/file")) == %{"k" => "v"}
    assert value!(Index.stat(index, "s", "b")).status == :unread
    assert {_slabs, %{status: :complete}, _others} = receive_all(scan)
  end

  test "closing goes on after its caller has stopped waiting", %{path: path} = context do
    index = opened!(context)
    held = stop!(path)
    # The writer waits for the lock, and closing for that.
    late!(Index.put_note(index, "s", "a/file", "k", "v", timeout: 20), "a/file")
    late!(Index.close(index, timeout: 20), path)
    go_on!(held)
    assert Index.close(index) == :ok
    assert reason(Index.put_note(index, "s", "a/file", "k", "w")) == :index_closed
    {:ok, index} = Index.open(path: path, busy_timeout: 0)
    assert Index.close(index) == :ok
  end

  test "a process that holds an index answers in time, and ends once", %{path: path} = context do
    index = opened!(context)
    :ok = Index.close(index)
    {:ok, server} = Index.start_link(path: path)
    monitor = Process.monitor(server)
    held = stop!(path)
    late!(Index.put_note(server, "s", "a/file", "k", "v", timeout: 20), "a/file")
    late!(Index.close(server, timeout: 20), path)
    assert_receive {:DOWN, ^monitor, :process, ^server, :normal}, patience()
    go_on!(held)
    {:ok, index} = Index.open(path: path, busy_timeout: 60_000)
    assert Index.close(index) == :ok
  end

  test "a process that does not answer is waited for no longer", %{path: path} = context do
    index = opened!(context)
    :ok = Index.close(index)
    {:ok, server} = Index.start_link(path: path)
    :sys.suspend(server)
    late!(Index.put_note(server, "s", "a/file", "k", "v", timeout: 20), "a/file")
    late!(Index.forget(server, "s", "", timeout: 20), "")

    for call <- [
          &Index.check(server, &1),
          &Index.vacuum(server, &1),
          &Index.backup(server, path <> "-copy", &1),
          &Index.import_cache(server, "lib", &1),
          &Index.search(server, "file", &1)
        ],
        do: assert(reason(call.(timeout: 20)) == :etimedout)

    :sys.resume(server)
    assert {:ok, [_source]} = Index.sources(server)
    assert Index.close(server) == :ok
  end

  test "opening is given up, and the file is closed again", %{path: path} = context do
    index = opened!(context)
    # Another writer has it.
    assert {:error, %Error{reason: :etimedout, path: ^path} = error} =
             Index.open(path: path, busy_timeout: 600_000, timeout: 20)

    assert Exception.message(error) =~ "longer `timeout:`"
    :ok = Index.close(index)
    # Who waited still gets it, and has nobody to give it to.
    {:ok, index} = Index.open(path: path, busy_timeout: 600_000)
    assert {:ok, [_source]} = Index.sources(index)
    assert Index.close(index) == :ok
  end

  test "what cannot be written fails after `stall_timeout:`", %{path: path} = context do
    index = opened!(context, busy_timeout: 0, stall_timeout: 100)
    scan = park!(context.root <> "-other", index)
    held = stop!(path)
    Scanner.ask(scan, 1000)
    assert {_slabs, %{status: :failed, error: error}, _others} = receive_all(scan)
    assert error.reason == :index_busy
    go_on!(held)
    assert %{status: :complete} = scan!(context.root <> "-other", index)
  end

  test "wrong options are refused", %{path: path} = context do
    index = opened!(context)

    for call <- [
          fn -> Index.put_note(index, "s", "a", "k", "v", timeout: 0) end,
          fn -> Index.forget(index, "s", "", timeout: -1) end,
          fn -> Index.close(index, timeout: nil) end,
          fn -> Index.open(path: path, timeout: 0) end,
          fn -> Index.open(path: path, stall_timeout: :infinity) end
        ],
        do: assert_raise(ArgumentError, ~r/timeout of Aether.Index\S* takes/, call)

    assert Index.close(index, timeout: :infinity) == :ok
  end
end
