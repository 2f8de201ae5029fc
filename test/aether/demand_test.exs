defmodule Aether.DemandTest do
  # How many slabs come, and when a scan is parked.
  use Aether.Case, async: true

  setup do: {:ok, root: Tree.files!(Tree.tmp!(), 10)}

  test "active: n sends n slabs, then says once that it is passive", %{root: root} do
    {:ok, scan} = Scanner.scan(root, active: 3, slab_entries: 1)
    ref = scan.ref
    for _ <- 1..3, do: assert_receive({:scan_chunk, ^ref, _}, patience())
    assert_receive {:scan_passive, ^ref}, patience()
    assert %{status: :parked, demand: 0, slabs: 3} = Scanner.info(scan)
    refute_received {_, ^ref, _}
    refute_received {:scan_passive, ^ref}
    :ok = Scanner.cancel(scan, flush: true)
  end

  test "active: false sends nothing before it is asked", %{root: root} do
    {:ok, scan} = Scanner.scan(root, active: false)
    assert %{status: :parked, demand: 0, slabs: 0} = Scanner.info(scan)
    refute_received {_, _, _}
    assert Scanner.ask(scan, 100) == :ok
    assert {entries, %{status: :complete}} = receive_entries(scan)
    assert entries == Find.entries(root)
  end

  test "everything comes slab by slab, and never two passives for one ask", %{root: root} do
    {:ok, scan} = Scanner.scan(root, active: false, slab_entries: 1)
    assert {names, summary} = one_by_one(scan, [])
    assert Enum.sort(names) == Find.paths(root)
    assert summary.status == :complete
  end

  defp one_by_one(%{ref: ref} = scan, names) do
    :ok = Scanner.ask(scan, 1)

    receive do
      {:scan_chunk, ^ref, slab} ->
        names = Enum.map(Slab.entries(slab), & &1.path) ++ names

        receive do
          {:scan_passive, ^ref} -> one_by_one(scan, names)
          {:scan_completed, ^ref, summary} -> {names, summary}
          {:scan_chunk, ^ref, _} -> flunk("a slab that nobody asked for")
        end

      {:scan_completed, ^ref, summary} ->
        {names, summary}

      {:scan_passive, ^ref} ->
        flunk("passive without a slab")
    end
  end

  test "ask adds up and saturates", %{root: root} do
    {:ok, scan} = Scanner.scan(root, active: false, slab_entries: 1)
    :ok = Scanner.ask(scan, 2)
    :ok = Scanner.ask(scan, 3)
    ref = scan.ref
    for _ <- 1..5, do: assert_receive({:scan_chunk, ^ref, _}, patience())
    assert_receive {:scan_passive, ^ref}, patience()
    for _ <- 1..3, do: assert(Scanner.ask(scan, 0xFFFFFFFFFFFFFFFFFFFF) == :ok)
    {_slabs, summary, _} = receive_all(scan)
    assert summary.status == :complete
  end

  test "ask does nothing with active: true and after the end", %{root: root} do
    {:ok, scan} = Scanner.scan(root, active: true)
    assert Scanner.ask(scan, 1) == :ok
    assert Scanner.info(scan).demand == :infinity
    {_slabs, summary, others} = receive_all(scan)
    assert {summary.status, others} == {:complete, []}
    assert Scanner.ask(scan, 5) == :ok
    assert %{status: :complete} = Scanner.info(scan)
    refute_received {_, _, _}
  end

  test "the summary needs no demand", %{root: root} do
    {:ok, scan} = Scanner.scan(root, active: false)
    :ok = Scanner.cancel(scan)
    assert {:ok, %{status: :cancelled}} = Scanner.await(scan, patience())
  end

  test "ask requires a positive number", %{root: root} do
    {:ok, scan} = Scanner.scan(root, active: false)

    for bad <- [0, -1, 1.0, nil, :all] do
      assert_raise ArgumentError, ~r/takes a positive number of slabs, got: /, fn ->
        Scanner.ask(scan, bad)
      end
    end

    :ok = Scanner.cancel(scan, flush: true)
  end

  test "any process can ask, and read info", %{root: root} do
    {:ok, scan} = Scanner.scan(root, active: false)

    assert %{status: :parked} =
             Task.await(
               Task.async(fn ->
                 info = Scanner.info(scan)
                 :ok = Scanner.ask(scan, 100)
                 info
               end)
             )

    {_slabs, summary, _} = receive_all(scan)
    assert summary.status == :complete
  end
end
