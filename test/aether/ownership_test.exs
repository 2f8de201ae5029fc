defmodule Aether.OwnershipTest do
  # Whose a scan is: receivers, their deaths, handles.
  use Aether.Case, async: true

  setup do
    :telemetry.subscribe()
    {:ok, root: Tree.files!(Tree.tmp!(), 50)}
  end

  # A reference of another node, as a handle has it that was sent over.
  defp foreign(scan) do
    ref = :erlang.binary_to_term(<<131, 90, 3::16, 119, 3, "a@b", 1::32, 1::32, 2::32, 3::32>>)
    %{scan | ref: ref}
  end

  defp stop_of(%Scan{ref: ref}), do: receive_stop(&(&1.ref == ref))

  test "messages go to `to:`", %{root: root} do
    me = self()

    task =
      Task.async(fn ->
        receive do
          {:scan, scan} ->
            {slabs, summary, _} = receive_all(scan)
            {Enum.flat_map(slabs, &Slab.entries/1), summary}
        end
      end)

    {:ok, scan} = Task.await(Task.async(fn -> Scanner.scan(root, to: task.pid) end))
    assert scan.receiver == task.pid and scan.receiver != me
    send(task.pid, {:scan, scan})
    {entries, summary} = Task.await(task, patience())
    assert Enum.sort(entries) == Find.entries(root)
    assert summary.status == :complete
    refute_received {_, _, _}
  end

  test "its death cancels the scan, parked or running", %{root: root} do
    for opts <- [[active: false], [active: 1, slab_entries: 1]] do
      receiver = spawn(fn -> receive do: (:never -> :ok) end)
      {:ok, scan} = Scanner.scan(root, [to: receiver] ++ opts)
      Process.exit(receiver, :kill)
      assert %{status: :cancelled} = stop_of(scan)
      assert %{status: :cancelled} = Scanner.info(scan)
    end
  end

  test "no death is missed, whenever it is", %{root: root} do
    # While the scan starts, or just after; the handles are kept, so nothing else ends a scan.
    results =
      for round <- 1..2000 do
        receiver = spawn(fn -> receive do: (:never -> :ok) end)

        spawn(fn ->
          spin(rem(round * 37, 1000))
          Process.exit(receiver, :kill)
        end)

        Scanner.scan(root, to: receiver, active: false)
      end

    for result <- results do
      case result do
        {:ok, scan} -> Aether.VM.until(fn -> Scanner.info(scan).status == :cancelled end)
        {:error, _} -> assert reason(result) == :noproc
      end
    end
  end

  defp spin(0), do: :ok
  defp spin(n), do: spin(n - 1)

  test "the death of another process, even of the caller, does not", %{root: root} do
    me = self()
    {:ok, scan} = Task.await(Task.async(fn -> Scanner.scan(root, to: me, active: false) end))
    :ok = Scanner.ask(scan, 1000)
    assert {_, %{status: :complete}, _} = receive_all(scan)
  end

  test "a dead receiver is an error", %{root: root} do
    {dead, monitor} = spawn_monitor(fn -> :ok end)
    assert_receive {:DOWN, ^monitor, _, _, _}, patience()
    assert reason(Scanner.scan(root, to: dead)) == :noproc
    assert reason(Scanner.scan_subdir(root, "", to: dead)) == :noproc
  end

  test "a parked scan ends when its handle is gone", %{root: root} do
    me = self()

    # The handle lives in the process that made it only.
    {pid, monitor} =
      spawn_monitor(fn ->
        {:ok, scan} = Scanner.scan(root, to: me, active: false)
        send(me, {:ref, scan.ref})
      end)

    assert_receive {:DOWN, ^monitor, :process, ^pid, :normal}, patience()
    assert_received {:ref, ref}
    assert_receive {:scan_completed, ^ref, %{status: :cancelled}}, patience()
  end

  test "a scan with demand goes on without its handle", %{root: root} do
    me = self()

    {pid, monitor} =
      spawn_monitor(fn ->
        {:ok, scan} = Scanner.scan(root, to: me, active: true)
        send(me, {:ref, scan.ref})
      end)

    assert_receive {:DOWN, ^monitor, :process, ^pid, :normal}, patience()
    assert_received {:ref, ref}
    assert_receive {:scan_completed, ^ref, %{status: :complete, files: 50}}, patience()
  end

  test "a handle of another node is refused by every call", %{root: root} do
    {:ok, scan} = Scanner.scan(root, active: false)
    other = foreign(scan)
    assert reason(Scanner.ask(other, 1)) == :not_local
    assert reason(Scanner.cancel(other)) == :not_local
    assert reason(Scanner.cancel(other, flush: true)) == :not_local
    assert reason(Scanner.info(other)) == :not_local
    assert reason(Scanner.await(other)) == :not_local
    assert reason(Scanner.scan_subdir(other, "")) == :not_local
    assert %{status: :parked} = Scanner.info(scan)
    :ok = Scanner.cancel(scan, flush: true)
  end
end
