defmodule Aether.Index.SubscriptionTest do
  # Live totals: what a watched folder's folders hold, told after commits.
  use Aether.Case, async: true

  import Aether.Kept
  alias Aether.Index

  setup do
    root = Tree.make!(Tree.tmp!(), ["a/1", "b/x/2"])
    index = index!()
    scan!(root, index, source_id: "s")
    %{index: index, root: root}
  end

  # Waits for the message that says this, and that it is the last: two pauses after it no other has come.
  # On disk, folders have what du says.
  defp told(ref, folder, expected) do
    await(
      ref,
      for(
        {name, count, bytes} <- expected,
        do: {name, count, bytes, du("#{folder}/#{name}"), true}
      )
    )
  end

  defp await(ref, expected, timeout \\ patience()) do
    receive do
      {:index_folders, ^ref, ^expected} -> await(ref, expected, 600)
      {:index_folders, ^ref, _} -> await(ref, expected)
    after
      timeout -> if timeout != 600, do: flunk("was not told #{inspect(expected)}")
    end
  end

  # Without a message: two pauses after the last commit.
  defp told_nothing(ref), do: refute_receive({:index_folders, ^ref, _}, 600)

  test "after a scan the last message has the final totals", %{index: index, root: root} do
    {:ok, top} = Index.subscribe(index, "s", "")
    {:ok, inner} = Index.subscribe(index, "s", "b")
    refute_receive {:index_folders, _, _}, 50

    Tree.make!(root, [{"a/3", "four"}, "c/4", "b/y/5"])
    scan!(root, index)
    told(top, root, [{"a", 2, 4}, {"b", 2, 0}, {"c", 1, 0}])
    told(inner, root <> "/b", [{"x", 1, 0}, {"y", 1, 0}])
    assert Index.info(index).subscriptions == 2

    # Told after the first commit in any case, and then only news.
    {:ok, new} = Index.subscribe(index, "s", "a")
    scan!(root, index)
    told(new, root, [])
    assert mailbox() == []
  end

  test "commits to other sources cause no reads", %{index: index, root: root} do
    {:ok, ref} = Index.subscribe(index, "s", "")
    other = Tree.make!(Tree.tmp!(), ["x/1"])
    scan!(other, index, source_id: "other")
    told_nothing(ref)
    scan!(root, index)
    told(ref, root, [{"a", 1, 0}, {"b", 1, 0}])
    scan!(other, index)
    told_nothing(ref)

    # Forgotten and scanned again, it is another source of the same id.
    assert :ok = Index.forget(index, "s")
    scan!(root, index, source_id: "s")
    Tree.make!(root, ["a/2"])
    scan!(root, index)
    told(ref, root, [{"a", 2, 0}, {"b", 1, 0}])
    Tree.make!(root, ["a/3"])
    scan!(root, index)
    told(ref, root, [{"a", 3, 0}, {"b", 1, 0}])
  end

  test "while a scan runs, totals grow and come at most four times a second", %{
    index: index,
    root: root
  } do
    for n <- 1..20, do: many!("#{root}/big/#{n}", 100)
    {:ok, ref} = Index.subscribe(index, "s", "")
    {:ok, scan} = Scanner.scan(root, index: index, active: 1, slab_entries: 50)
    since = System.monotonic_time(:millisecond)
    counts = watch(scan, ref, [])
    elapsed = System.monotonic_time(:millisecond) - since

    assert length(counts) > 2
    assert length(counts) <= div(elapsed, 250) + 1
    assert counts == Enum.sort(counts)
    assert List.last(counts) == 2000
  end

  # Asks for a slab each time that one has come, until the scan has ended and all of it was told. The totals of "big", in
  # their order.
  defp watch(_scan, _ref, [:ended, 2000 | counts]), do: Enum.reverse([2000 | counts])

  defp watch(scan, ref, counts) do
    scan_ref = scan.ref

    receive do
      {:scan_passive, ^scan_ref} ->
        Process.send_after(self(), :more, 20)
        watch(scan, ref, counts)

      :more ->
        Scanner.ask(scan, 1)
        watch(scan, ref, counts)

      {:index_folders, ^ref, folders} ->
        more = for {"big", count, 0, _disk, true} <- folders, do: count

        case counts do
          [:ended | counts] -> watch(scan, ref, [:ended | more ++ counts])
          counts -> watch(scan, ref, more ++ counts)
        end

      {:scan_chunk, ^scan_ref, _slab} ->
        watch(scan, ref, counts)

      {:scan_completed, ^scan_ref, _summary} ->
        watch(scan, ref, [:ended | counts])
    after
      patience() -> flunk("no end of the scan, or not all of it told: #{inspect(counts)}")
    end
  end

  test "a missing folder has no totals until it appears", %{index: index, root: root} do
    {:ok, ref} = Index.subscribe(index, "s", "new")
    scan!(root, index)
    told(ref, root, [])
    Tree.make!(root, ["new/x/1"])
    scan!(root, index)
    told(ref, root <> "/new", [{"x", 1, 0}])
    Tree.remove!(root <> "/new")
    scan!(root, index)
    told(ref, root, [])
    :ok = Index.forget(index, "s")
    told_nothing(ref)
  end

  test "nothing comes after unsubscribe", %{index: index, root: root} do
    for n <- 1..20 do
      {:ok, ref} = Index.subscribe(index, "s", "")
      Tree.make!(root, ["a/more#{n}"])
      {:ok, scan} = Scanner.scan(root, index: index, slabs: false)
      if rem(n, 2) == 0, do: assert_receive({:index_folders, ^ref, _}, patience())
      assert Index.unsubscribe(index, ref) == :ok
      refute Enum.any?(mailbox(), &match?({:index_folders, _, _}, &1))
      {[], %{status: :complete}, []} = receive_all(scan)
      refute_received {:index_folders, ^ref, _}
    end

    refute_receive {:index_folders, _, _}, 500
    assert Index.info(index).subscriptions == 0
    assert Index.unsubscribe(index, make_ref()) == :ok
  end

  test "it ends with the subscriber, and with the index", %{index: index, root: root} do
    test = self()

    {pid, monitor} =
      spawn_monitor(fn ->
        {:ok, _} = Index.subscribe(index, "s", "")
        send(test, :subscribed)
        Process.sleep(:infinity)
      end)

    assert_receive :subscribed
    assert Index.info(index).subscriptions == 1
    Process.exit(pid, :kill)
    assert_receive {:DOWN, ^monitor, _, _, _}
    scan!(root, index)
    Aether.VM.until(fn -> Index.info(index).subscriptions == 0 end)

    {:ok, ref} = Index.subscribe(index, "s", "")
    :ok = Index.close(index)
    refute_receive {:index_folders, ^ref, _}, 500
    assert Index.info(index).subscriptions == 0
  end
end
