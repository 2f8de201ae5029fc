defmodule Aether.Index.InterruptedTest do
  # Scans that are kept and end early, whoever ends them: what is recorded, and what the next one makes of it.
  use Aether.Case, async: true
  import Aether.Kept
  alias Aether.{Index, Stored}

  @moduletag skip: !Stored.possible?() && "needs sqlite3"

  setup :beside_index

  test "a closed index refuses scans, and closing it ends those that run",
       %{root: root} = context do
    Tree.files!(root, 50)
    {:ok, scan} = Scanner.scan(root, index: context.index, active: 1, slab_entries: 1)
    assert :ok = Index.close(context.index)
    Scanner.ask(scan, 60_000)
    assert {_, %{status: :failed, error: %Error{reason: :index_closed}}, _} = receive_all(scan)
    assert {:error, %{reason: :index_closed}} = Scanner.scan(root, index: context.index)

    {:ok, index} = Index.open(path: context.database)
    assert {_, %{status: :complete}, _} = keep!(root, index)
    Stored.assert_equal!(context.database, root)
    Index.close(index)
  end

  test "a dead receiver's scan is recorded as cancelled, and its totals add up",
       %{root: root} = context do
    for n <- 1..20, do: Tree.files!(root, 100, "d#{n}/f")
    me = self()

    {pid, monitor} =
      spawn_monitor(fn ->
        {:ok, scan} = Scanner.scan(root, index: context.index, active: 1, slab_entries: 10)

        receive do
          {:scan_chunk, _, _} -> send(me, {:started, scan.ref})
        end

        receive(do: (:never -> :ok))
      end)

    assert_receive {:started, _ref}, patience()
    Process.exit(pid, :kill)
    assert_receive {:DOWN, ^monitor, _, _, _}, patience()
    until(fn -> match?([[_, "3", _]], scans(context.database)) end)
    Stored.assert_sound!(context.database)
    assert {_, %{status: :complete}, _} = keep!(root, context.index, slabs: false)
    Stored.assert_equal!(context.database, root)
  end

  test "a cancelled scan keeps what it committed, and the next one completes it",
       %{root: root} = context do
    for n <- 1..30, do: Tree.files!(root, 100, "d#{n}/f")
    {:ok, scan} = Scanner.scan(root, index: context.index, active: 4, slab_entries: 100)
    for _ <- 1..4, do: assert_receive({:scan_chunk, _, _}, patience())
    Scanner.cancel(scan)
    assert {_, %{status: :cancelled} = summary, _} = receive_all(scan)
    # The summary does not wait for the record.
    until(fn -> match?([[_, "3", _]], scans(context.database)) end)
    Stored.assert_sound!(context.database)
    assert [["", "3", files]] = scans(context.database)
    assert String.to_integer(files) == summary.files
    stored = Stored.query!(context.database, "SELECT count(*) FROM files;")
    assert [[count]] = stored
    assert String.to_integer(count) <= summary.files

    assert {_, %{status: :complete}, _} = keep!(root, context.index, slabs: false)
    Stored.assert_equal!(context.database, root)
  end

  defp scans(database),
    do: Stored.query!(database, "SELECT hex(folder), status, files FROM scans ORDER BY id;")

  defp until(condition, left \\ 2000) do
    cond do
      condition.() -> :ok
      left == 0 -> flunk("it never came")
      true -> Process.sleep(10) && until(condition, left - 1)
    end
  end
end
