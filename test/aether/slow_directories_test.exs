defmodule Aether.SlowDirectoriesTest do
  # More directories that hang than there are threads, on a real file system: nobody waits for them
  # but their own scan, and when they answer after all, nothing is lost and nothing is left.
  use Aether.Case, async: true
  use Aether.VM

  @moduletag skip: !Aether.Slow.possible?() && "needs root, /dev/fuse and perl"
  @moduletag timeout: 180_000

  @threads 4
  # A scan in which so many hang gets no further one until one comes back.
  @replaced_in_a_scan 8
  # Twenty times what a cancel may take.
  @soon 2000

  setup context do
    root = Tree.tmp!()
    Tree.make!(root, ["slow/", "fast/a", "fast/b/c"])
    port = Aether.Slow.mount!(root <> "/slow", Map.get(context, :hung, 12))
    {:ok, root: root, port: port, vm: VM.start!(threads: @threads)}
  end

  # A scan of which so many threads hang.
  defp hang(root, hung, opts \\ []) do
    before = Aether.info().stuck_threads
    {:ok, scan} = Scanner.scan(root, [depth: :infinity] ++ opts)
    VM.until(fn -> Aether.info().stuck_threads >= before + hung end)
    scan
  end

  # Those at work when the last of them were replaced may hang and be replaced too, sooner or later; more do not, which
  # takes a while to show.
  defp assert_no_more_are_replaced(running) do
    Process.sleep(500)
    assert %{stuck_threads: stuck, running: ^running} = Aether.info()
    assert stuck in @replaced_in_a_scan..(@replaced_in_a_scan + @threads - 1)
  end

  defp in_time(fun) do
    {microseconds, result} = :timer.tc(fun)
    assert microseconds < @soon * 1000
    result
  end

  # Every scheduler, normal and dirty, does what it is for.
  defp schedulers_answer(scan, beside) do
    me = self()

    for n <- 1..System.schedulers_online() do
      :erlang.spawn_opt(
        fn ->
          assert %{status: _} = Scanner.info(scan)
          :ok = Scanner.ask(scan, 1)
          assert %{running: running} = Aether.info()
          send(me, {:scheduler, n, running})
        end,
        [:link, scheduler: n]
      )
    end

    for n <- 1..System.schedulers_online(),
        do: assert_receive({:scheduler, ^n, running} when running >= 1, @soon)

    # More at once than there are schedulers for input and output.
    1..40
    |> Enum.map(fn _ -> Task.async(fn -> File.stat!(beside) end) end)
    |> Task.await_many(@soon)
  end

  test "hold up neither others, nor a scheduler, nor cancel", context do
    %{root: root, port: port, vm: vm} = context
    expected = Find.entries(root <> "/fast")

    VM.run(vm, fn ->
      scan = hang(root, @replaced_in_a_scan)
      assert_no_more_are_replaced(1)

      for _ <- 1..5, do: assert(Enum.sort(Scanner.list!(root <> "/fast")) == expected)
      in_time(fn -> schedulers_answer(scan, root <> "/fast/a") end)
      assert_no_more_are_replaced(1)
      assert %{status: :running} = Scanner.info(scan)

      assert in_time(fn -> Scanner.cancel(scan, flush: true) end) == :ok
      assert %{status: :cancelled} = Scanner.info(scan)
      # Their threads hang on, and that is told.
      assert_no_more_are_replaced(0)
      assert Enum.sort(Scanner.list!(root <> "/fast")) == expected
    end)

    Aether.Slow.release!(port)

    VM.run(vm, fn ->
      VM.until(fn -> Aether.info().stuck_threads == 0 end)
      VM.until(&VM.idle?/0)
      assert %{threads: threads} = Aether.info()
      assert threads <= @threads
    end)

    # Once let go they are directories as any other.
    all = Find.entries(root)
    assert length(all) == 5 + 12 * 4
    VM.run(vm, fn -> assert Enum.sort(Scanner.list!(root)) == all end)
  end

  test "that answer late are still read, each entry once", context do
    %{root: root, port: port, vm: vm} = context

    scanning =
      Task.async(fn ->
        VM.run(vm, fn ->
          {:ok, scan} = Scanner.scan(root, depth: :infinity, progress: true)
          {slabs, summary, _progress} = receive_all(scan)
          listings = Enum.flat_map(slabs, &Slab.listings/1)
          {slabs |> Enum.flat_map(&Slab.entries/1) |> Enum.sort(), listings, summary}
        end)
      end)

    # Not before all of them were given up by their pool.
    Aether.Slow.held!(port, @replaced_in_a_scan)

    VM.run(vm, fn ->
      VM.until(fn -> Aether.info().stuck_threads >= @replaced_in_a_scan end)
      assert_no_more_are_replaced(1)
    end)

    Aether.Slow.release!(port)
    {entries, listings, summary} = Task.await(scanning, patience())
    assert entries == Find.entries(root)
    assert %{status: :complete, files: 38, directories: 15, errors: %{count: 0}} = summary

    # One closing record each.
    closed = for {path, status, _} <- listings, status != :more, do: {path, status}
    assert length(closed) == 16
    assert length(Enum.uniq(closed)) == 16

    VM.run(vm, fn ->
      VM.until(fn -> Aether.info().stuck_threads == 0 end)
      VM.until(&VM.idle?/0)
    end)
  end

  # A LiveView that is mounted again and again, each time with a scan that hangs and is cancelled.
  @tag hung: 50
  test "use a bounded number of threads, whatever the number of scans", context do
    %{root: root, port: port, vm: vm} = context

    VM.run(vm, fn ->
      scan = hang(root, @replaced_in_a_scan)
      assert_no_more_are_replaced(1)
      :ok = Scanner.cancel(scan, flush: true)

      for _ <- 1..40 do
        # Who comes to the mount from above does not enter it, and says so.
        assert {:ok, entries, %{status: :partial} = summary} =
                 in_time(fn -> Scanner.list(root) end)

        # It is neither looked at nor entered.
        assert %{count: 2, by_reason: %{etimedout: 2}, first: errors} = summary.errors

        assert [%{path: "slow", operation: :open}, %{path: "slow", operation: :stat}] =
                 Enum.sort_by(errors, & &1.operation)

        assert Enum.any?(entries, &(&1.path == "fast/b/c"))

        # Who starts in it is refused.
        assert {:error, error} = in_time(fn -> Scanner.scan(root <> "/slow") end)
        assert error.reason == :etimedout
        assert Exception.message(error) =~ root <> "/slow"
      end

      assert_no_more_are_replaced(0)
      assert mailbox() == []
    end)

    Aether.Slow.release!(port)

    VM.run(vm, fn ->
      VM.until(fn -> Aether.info().stuck_threads == 0 end)
      VM.until(&VM.idle?/0)
      assert length(Scanner.list!(root)) == 5 + 50 * 4
      assert Aether.info().threads <= @threads
    end)
  end

  # Legal for FUSE: there a root without links was never deleted.
  test "whose file system counts no links are read to their end", %{root: root, vm: vm} do
    File.mkdir!(root <> "/unlinked")
    port = Aether.Slow.mount!(root <> "/unlinked", 2, 0)
    Aether.Slow.release!(port)
    expected = Find.entries(root <> "/unlinked")
    assert length(expected) == 2 * 4

    VM.run(vm, fn ->
      assert {:ok, entries, %{status: :complete}} = Scanner.list(root <> "/unlinked")
      assert Enum.sort(entries) == expected
    end)
  end

  test "do not keep a scan whose receiver or handle is gone", context do
    %{root: root, port: port, vm: vm} = context

    VM.run(vm, fn ->
      :telemetry.subscribe()
      me = self()

      for opts <- [[active: true], [active: 1, slab_entries: 1]] do
        {owner, monitor} =
          spawn_monitor(fn ->
            scan = hang(root, if(opts[:active] == 1, do: 0, else: @threads), opts)
            send(me, {:ref, scan.ref})
            receive(do: (:never -> :ok))
          end)

        assert_receive {:ref, ref}, patience()
        Process.exit(owner, :kill)
        assert_receive {:DOWN, ^monitor, :process, ^owner, :killed}, patience()
        assert %{status: :cancelled} = in_time(fn -> receive_stop(&(&1.ref == ref)) end)
      end

      VM.until(fn -> match?(%{running: 0, parked: 0}, Aether.info()) end)
    end)

    Aether.Slow.release!(port)
    VM.run(vm, fn -> VM.until(&VM.idle?/0) end)
  end

  # What a server has begun to answer cannot be interrupted, not even by the end of its process: Linux waits.
  # So here it is one that has not begun.
  test "do not keep a VM from exiting", %{root: root} do
    ebin = Application.app_dir(:aether, "ebin")
    Aether.Hang.mount!(root <> "/fast/b")

    for ending <- ["System.halt(0)", ":erlang.halt(0, flush: false)", "System.stop(0)", ":ok"] do
      code = """
      for _ <- 1..4, do: {:ok, _} = Aether.Scanner.scan(#{inspect(root <> "/fast")}, metadata: false)
      stuck = fn stuck ->
        receive do
        after
          2 -> if Aether.info().stuck_threads < 4, do: stuck.(stuck)
        end
      end
      stuck.(stuck)
      #{ending}
      if #{ending =~ "stop"}, do: receive(do: (:never -> :ok))
      """

      assert {ending, System.cmd("elixir", ["-pa", ebin, "-e", code], stderr_to_stdout: true)} ==
               {ending, {"", 0}}
    end
  end
end
