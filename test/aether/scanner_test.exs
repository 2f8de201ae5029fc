defmodule Aether.ScannerTest do
  # Messages, waiting, cancelling. Demand, ownership, roots and options have tests of their own.
  use Aether.Case, async: true

  doctest Aether.Scanner
  doctest Aether.Paths

  setup do: {:ok, root: Tree.tmp!()}

  describe "scan/2" do
    test "streams slabs, then one summary, which is the last", %{root: root} do
      Tree.make!(root, [{"a", "123"}, "b/c", {"l", {:link, "a"}}, {"p", :fifo}])
      assert {:ok, %Scan{ref: ref, root: ^root, folder: ""} = scan} = Scanner.scan(root)
      assert is_reference(ref) and scan.receiver == self()

      {slabs, summary, others} = receive_all(scan)
      assert slabs |> Enum.flat_map(&Slab.entries/1) |> Enum.sort() == Find.entries(root)
      assert others == []

      assert %Summary{
               status: :complete,
               error: nil,
               files: 2,
               directories: 1,
               symlinks: 1,
               others: 1,
               bytes: 3,
               errors: %{count: 0, by_reason: by_reason, first: []},
               vanished: 0,
               unread: 0,
               skipped: 0,
               max_depth: 2
             } = summary

      assert by_reason == %{}
      assert summary.first_entry in 0..summary.duration
      assert summary.rate > 0
      assert Scanner.cancel(scan, flush: true) == :ok
      refute_received {_, ^ref, _}
      refute_received {_, ^ref}
    end

    test "slabs carry the tag and are numbered in the order of the mailbox", %{root: root} do
      Tree.files!(root, 500)

      for tag <- [0, 7, 0xFFFFFFFF] do
        {:ok, scan} = Scanner.scan(root, tag: tag, slab_entries: 1)
        {slabs, _summary, _} = receive_all(scan)

        numbers =
          for <<"ASLB", 1::little-16, _::16, ^tag::little-32, number::little-32, _::binary>> <-
                slabs,
              do: number

        assert numbers == Enum.to_list(0..(length(slabs) - 1))
      end
    end

    test "scans are distinguished by their ref", %{root: root} do
      Tree.make!(root, ["a/b", "c/d/e"])
      {:ok, one} = Scanner.scan(root <> "/a")
      {:ok, two} = Scanner.scan(root <> "/c")
      assert {[%Entry{path: "d"}, %Entry{path: "d/e"}], _} = receive_entries(two)
      assert {[%Entry{path: "b"}], _} = receive_entries(one)
    end

    test "a path must be a binary", %{root: root} do
      for path <- [String.to_charlist(root), :root, nil, 1, <<1::3>>, ["/", "tmp"]] do
        assert_raise ArgumentError, ~r/a path is a binary of raw bytes, got: /, fn ->
          Scanner.scan(path)
        end

        assert_raise ArgumentError, fn -> Scanner.list(path) end
        assert_raise ArgumentError, fn -> Scanner.scan_subdir(path, "") end
      end
    end

    test "slab_entries is the maximum of a slab", %{root: root} do
      Tree.files!(root, 100)

      for most <- [1, 7, 1000] do
        {:ok, scan} = Scanner.scan(root, slab_entries: most)
        {slabs, _, _} = receive_all(scan)
        counts = Enum.map(slabs, &Slab.count/1)
        assert Enum.sum(counts) == 100
        assert Enum.all?(counts, &(&1 <= most))
      end
    end
  end

  describe "await/2" do
    test "returns the summary and leaves the rest", %{root: root} do
      Tree.files!(root, 3)
      {:ok, scan} = Scanner.scan(root)
      ref = scan.ref
      assert {:ok, %Summary{files: 3}} = Scanner.await(scan, patience())
      assert_received {:scan_chunk, ^ref, _}
      # It was taken: another never comes.
      assert Scanner.await(scan, :infinity) == {:error, :timeout}
    end

    test "times out", %{root: root} do
      Tree.files!(root, 3)
      {:ok, scan} = Scanner.scan(root, active: false)
      assert Scanner.await(scan, 1) == {:error, :timeout}
      :ok = Scanner.cancel(scan)
      assert {:ok, %{status: :cancelled}} = Scanner.await(scan)
    end

    test "is for the receiver", %{root: root} do
      {:ok, scan} = Scanner.scan(root)

      Task.await(
        Task.async(fn ->
          assert_raise ArgumentError, ~r/await\/2 is for the receiver/, fn ->
            Scanner.await(scan)
          end
        end)
      )
    end
  end

  describe "cancel" do
    setup %{root: root}, do: {:ok, root: Tree.files!(root, 50)}

    test "leaves only the summary to be sent; again and later it does nothing", %{root: root} do
      {:ok, scan} = Scanner.scan(root, slab_entries: 1)
      ref = scan.ref
      assert Scanner.cancel(scan) == :ok
      # Whatever slabs there are were sent before the return, and so stand before this.
      send(self(), {:returned, ref})
      assert Scanner.cancel(scan) == :ok
      {before, later} = ref |> in_order() |> Enum.split_while(&(&1 != {:returned, ref}))
      refute Enum.any?(later, &match?({:scan_chunk, _, _}, &1))
      {:scan_completed, ^ref, summary} = List.last(before ++ later)
      assert summary.status in [:cancelled, :complete]
      assert Scanner.cancel(scan) == :ok
      assert Scanner.info(scan).status == summary.status
      assert Scanner.cancel(scan, flush: true) == :ok
    end

    # Messages of a scan up to its summary, as they stand in the mailbox.
    defp in_order(ref) do
      receive do
        {:scan_completed, ^ref, _} = last -> [last]
        message when elem(message, 1) == ref -> [message | in_order(ref)]
      after
        patience() -> flunk("no end of the scan")
      end
    end

    test "from another process", %{root: root} do
      {:ok, scan} = Scanner.scan(root, active: false)
      assert Task.await(Task.async(fn -> Scanner.cancel(scan) end)) == :ok
      assert {:ok, %{status: :cancelled}} = Scanner.await(scan, patience())
    end

    test "works for many scans at once, from many processes", %{root: root} do
      {:ok, scan} = Scanner.scan(root, active: false)
      tasks = for _ <- 1..20, do: Task.async(fn -> Scanner.cancel(scan) end)
      assert Enum.all?(Task.await_many(tasks), &(&1 == :ok))
      assert {[], %{status: :cancelled}, []} = receive_all(scan)
      assert Scanner.await(scan, 100) == {:error, :timeout}
    end

    test "with flush removes every message of the scan, and no other", %{root: root} do
      for opts <- [[], [slab_entries: 1], [active: 3, slab_entries: 1], [active: false]] do
        send(self(), :mine)
        {:ok, other} = Scanner.scan(root, active: 1, slab_entries: 1)
        other_ref = other.ref
        {:ok, scan} = Scanner.scan(root, [progress: true] ++ opts)
        send(self(), {:mine, scan.ref, :like_one_of_the_scan})
        assert Scanner.cancel(scan, flush: true) == :ok
        assert_receive {:scan_passive, ^other_ref}, patience()
        ref = scan.ref

        assert Enum.sort(mailbox()) ==
                 Enum.sort([
                   :mine,
                   {:mine, ref, :like_one_of_the_scan} | messages_of(mailbox(), other_ref)
                 ])

        :ok = Scanner.cancel(other, flush: true)
        assert_received {:mine, ^ref, :like_one_of_the_scan}
        assert_received :mine
        assert mailbox() == []
      end
    end

    defp messages_of(messages, ref),
      do: Enum.filter(messages, &(is_tuple(&1) and elem(&1, 1) == ref))

    test "with flush, when the summary was read or not read yet", %{root: root} do
      {:ok, scan} = Scanner.scan(root)
      {:ok, _summary} = Scanner.await(scan, patience())
      assert Scanner.cancel(scan, flush: true) == :ok
      assert mailbox() == []

      {:ok, scan} = Scanner.scan(root)
      monitor_end(scan)
      assert Scanner.cancel(scan, flush: true) == :ok
      assert mailbox() == []
    end

    # Returns when the summary is in the mailbox, and leaves it there.
    defp monitor_end(scan) do
      if Scanner.info(scan).status != :complete, do: monitor_end(scan)
    end

    test "with flush is for the receiver, and does not cancel for another", %{root: root} do
      {:ok, scan} = Scanner.scan(root, active: false)

      Task.await(
        Task.async(fn ->
          assert_raise ArgumentError, ~r/flush: true is for the receiver/, fn ->
            Scanner.cancel(scan, flush: true)
          end
        end)
      )

      assert %{status: :parked} = Scanner.info(scan)
      assert Scanner.cancel(scan, flush: false) == :ok
      assert {:ok, %{status: :cancelled}} = Scanner.await(scan, patience())
    end

    test "accepts only flush: a boolean", %{root: root} do
      {:ok, scan} = Scanner.scan(root, active: false)

      for bad <- [[flush: 1], [flash: true], :flush, nil, [flush: true, flush: true]] do
        assert_raise ArgumentError, ~r/cancel\/2 takes flush: a boolean/, fn ->
          Scanner.cancel(scan, bad)
        end
      end

      assert %{status: :parked} = Scanner.info(scan)
      :ok = Scanner.cancel(scan, flush: true)
    end
  end
end
