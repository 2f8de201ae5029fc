defmodule Aether.MemoryTortureTest do
  # That nothing is left behind, whatever becomes of scans, and that no stage holds what it should
  # not: memory, threads, descriptors, binaries of a VM of its own, as the operating system sees it.
  # With AETHER_FULL=1 (bin/test --full) in whole sizes, otherwise at a tenth.
  use Aether.Case, async: false
  use Aether.VM

  @moduletag skip: !VM.measurable?() && "needs Linux's /proc"
  @moduletag timeout: 600_000

  @full System.get_env("AETHER_FULL") == "1"
  @many if @full, do: 1_000_000, else: 100_000
  @mb 1024 * 1024
  # The longest a slab gets, but for one that is a single record.
  @slab 256 * 1024
  @threads 8

  setup do
    {:ok, vm: VM.start!(threads: @threads)}
  end

  # In memory where there is such a file system: on a busy disk the making would outlast the test.
  defp fill!(command, count) do
    top = if File.dir?("/dev/shm"), do: "/dev/shm", else: System.tmp_dir!()
    root = "#{top}/aether-#{System.pid()}-#{System.unique_integer([:positive])}"
    File.mkdir!(root)
    on_exit(fn -> Tree.remove!(root) end)
    args = ["-c", "seq 1 #{count} | xargs #{command}"]
    {_, 0} = System.cmd("sh", args, cd: root)
    root
  end

  defp small_tree! do
    root = Tree.tmp!()
    for n <- 1..20, do: Tree.files!(root, 20, "dir#{n}/deeper/file")
    root
  end

  # One after the other, all that can become of a scan.
  defp one_scan(root, round) do
    case rem(round, 8) do
      0 ->
        {:ok, scan} = Scanner.scan(root, depth: :infinity)
        assert {:ok, %{status: :complete, files: 400}} = Scanner.await(scan, patience())
        :ok = Scanner.cancel(scan, flush: true)

      1 ->
        {:ok, scan} = Scanner.scan(root, depth: :infinity, active: 2, slab_entries: 10)
        :ok = Scanner.cancel(scan, flush: true)

      2 ->
        assert {:ok, entries, %{status: :complete}} = Scanner.list(root)
        assert length(entries) == 440

      3 ->
        assert length(Enum.take(Scanner.stream!(root, slab_entries: 10), 5)) == 5

      4 ->
        {:ok, scan} = Scanner.scan_subdir(root, "dir7", depth: 2, ignore: ["*3"], progress: true)
        assert {_, %{status: :complete, files: 18}} = receive_entries(scan)

      5 ->
        assert {:error, %Error{reason: :enoent}} = Scanner.scan(root <> "/absent")

      6 ->
        # Nobody's any more while it is parked.
        {:ok, _} =
          Scanner.scan(root, to: spawn(fn -> receive(do: (:never -> :ok)) end), active: 1)

      7 ->
        receiver = spawn(fn -> receive(do: (:never -> :ok)) end)
        {:ok, _} = Scanner.scan(root, to: receiver, depth: :infinity)
        Process.exit(receiver, :kill)
    end
  end

  defp settled do
    VM.collect()

    # A thread that was taken for stuck comes back, and one that ends is counted no more before it is gone.
    VM.until(fn -> VM.idle?() and Aether.info().stuck_threads == 0 and walkers_counted?() end)
    VM.collect()
    %{threads: threads} = Aether.info()
    # Those of the pool start as they are needed, and stay.
    assert threads <= @threads
    os = Map.update!(VM.os(), :threads, &(&1 - threads))
    Map.merge(os, %{binary: :erlang.memory(:binary), processes: length(Process.list())})
  end

  defp walkers_counted? do
    walkers = Enum.count(VM.thread_names(), &String.starts_with?(&1, "aether-walk-"))
    walkers == Aether.info().threads
  end

  test "1,000 scans in a row leave nothing behind", %{vm: vm} do
    root = small_tree!()

    VM.run(vm, fn ->
      for round <- 1..100, do: one_scan(root, round)
      # The receivers of the sixth kind are waiting still.
      early = settled()
      for round <- 101..1000, do: one_scan(root, round)
      late = settled()

      assert late.rss - early.rss <= 16 * @mb
      assert late.descriptors == early.descriptors
      assert late.threads == early.threads
      assert late.binary - early.binary <= @mb
      assert mailbox() == []
    end)
  end

  test "100 scans at once, with bounded threads and memory, and no error", %{vm: vm} do
    root = small_tree!()

    VM.run(vm, fn ->
      hundred(root)
      before = settled()

      {growth, _} = VM.growth(fn -> for _ <- 1..5, do: hundred(root) end)
      assert growth <= 64 * @mb

      later = settled()
      assert later.threads == before.threads
      assert later.descriptors == before.descriptors
      assert later.processes == before.processes
      assert later.binary - before.binary <= @mb
    end)
  end

  defp hundred(root) do
    opts = [depth: :infinity, slab_entries: 50]

    summaries =
      1..100
      |> Enum.map(fn _ ->
        Task.async(fn ->
          {:ok, scan} = Scanner.scan(root, opts)
          {_slabs, summary, _} = receive_all(scan)
          summary
        end)
      end)
      |> Task.await_many(patience())

    for summary <- summaries do
      assert %{status: :complete, files: 400, directories: 40, errors: %{count: 0}} = summary
    end
  end

  test "receivers killed at random, and other scans unaffected", %{vm: vm} do
    root = small_tree!()

    VM.run(vm, fn ->
      :rand.seed(:exsss, 11)
      :telemetry.subscribe()
      hundred(root)
      for _ <- 1..100, do: stop_of_any()
      before = settled()

      for _ <- 1..10 do
        victims = for _ <- 1..50, do: victim(root, :rand.uniform(60))
        scans = for victim <- victims, do: scan_of(victim)

        # In the meantime everybody asks and cancels at everybody's.
        others =
          for _ <- 1..4 do
            Task.async(fn -> for scan <- Enum.shuffle(scans), do: meddle(scan) end)
          end

        for victim <- Enum.shuffle(victims),
            :rand.uniform(2) == 1,
            do: Process.exit(victim, :kill)

        Task.await_many(others, patience())
        for victim <- victims, do: Process.exit(victim, :kill)
        # Each scan ends once, and is reported once.
        ended = for _ <- scans, do: stop_of_any().ref
        assert Enum.sort(ended) == Enum.sort(Enum.map(scans, & &1.ref))
        refute_received {:telemetry, [:aether, :scan, :stop], _, _, _}
      end

      later = settled()
      assert later.threads == before.threads
      assert later.descriptors == before.descriptors
      assert later.processes == before.processes
      assert later.binary - before.binary <= @mb
      assert later.rss - before.rss <= 16 * @mb
    end)
  end

  defp stop_of_any, do: receive_stop()

  # Reads so many messages of its scan, then no more.
  defp victim(root, messages) do
    test = self()

    spawn(fn ->
      {:ok, scan} = Scanner.scan(root, depth: :infinity, active: 20, slab_entries: 5)
      send(test, {self(), scan})
      for _ <- 1..messages, do: receive(do: (message when elem(message, 1) != nil -> :ok))
      receive(do: (:never -> :ok))
    end)
  end

  defp scan_of(victim) do
    assert_receive {^victim, scan}, patience()
    scan
  end

  defp meddle(scan) do
    case :rand.uniform(8) do
      1 -> :ok = Scanner.cancel(scan)
      n when n < 5 -> assert %{status: _} = Scanner.info(scan)
      n -> :ok = Scanner.ask(scan, n)
    end
  end

  test "a killed owner's scans leave the pool idle", %{vm: vm} do
    root = small_tree!()

    VM.run(vm, fn ->
      for opts <- [[active: true], [active: 1], [active: false], [active: true, progress: true]] do
        test = self()

        {owner, monitor} =
          spawn_monitor(fn ->
            for _ <- 1..20, do: {:ok, _} = Scanner.scan("/", [depth: :infinity] ++ opts)
            {:ok, _} = Scanner.scan(root, active: false)
            send(test, :started)
            receive(do: (:never -> :ok))
          end)

        assert_receive :started, patience()
        Process.exit(owner, :kill)
        assert_receive {:DOWN, ^monitor, :process, ^owner, :killed}, patience()
        # Twenty times the bound on the time this takes.
        VM.until(&VM.idle?/0, 2000)
      end
    end)
  end

  test "a directory of #{@many} files in little memory, however slow the reader", %{vm: vm} do
    root = fill!("touch", @many)

    VM.run(vm, fn ->
      # What is loaded and allocated once and for all.
      assert slowly(root, 2) == nil

      {growth, summary} = VM.growth(fn -> slowly(root, :infinity) end)
      assert %{status: :complete, files: @many} = summary
      assert growth < if(@full, do: 64, else: 32) * @mb
      VM.until(&VM.idle?/0)
    end)
  end

  # Reads nothing before all that it asked for is there, then decodes it, and asks again.
  defp slowly(root, rounds) do
    {:ok, %{ref: ref} = scan} = Scanner.scan(root, active: 16)
    summary = slowly(scan, ref, rounds)
    :ok = Scanner.cancel(scan, flush: true)
    summary
  end

  defp slowly(_scan, _ref, 0), do: nil

  defp slowly(scan, ref, rounds) do
    receive do
      {:scan_passive, ^ref} ->
        # Nothing is under way that was not asked for.
        assert read(ref, 0) == 16
        :ok = Scanner.ask(scan, 16)
        slowly(scan, ref, if(rounds == :infinity, do: rounds, else: rounds - 1))

      {:scan_completed, ^ref, summary} ->
        summary
    after
      patience() -> flunk("neither passive nor completed: #{inspect(Scanner.info(scan))}")
    end
  end

  defp read(ref, count) do
    receive do
      {:scan_chunk, ^ref, slab} ->
        assert is_list(Slab.entries(slab))
        read(ref, count + 1)
    after
      0 -> count
    end
  end

  test "an owner that never reads is sent no more than it asked for", %{vm: vm} do
    root = fill!("touch", 100_000)

    VM.run(vm, fn ->
      # Half of what the tree fills at the most.
      for {active, slab_entries} <- [{8, 1_000_000}, {16, 1000}, {1, 1_000_000}, {300, 1}] do
        before = :erlang.memory(:binary)

        {:ok, %{ref: ref} = scan} = Scanner.scan(root, active: active, slab_entries: slab_entries)

        # The slabs before this message stay unread.
        assert_receive {:scan_passive, ^ref}, patience()
        assert %{status: :parked, demand: 0, slabs: ^active} = Scanner.info(scan)

        bytes = for {:scan_chunk, ^ref, slab} <- mailbox(), do: byte_size(slab)
        assert length(bytes) == active
        assert Enum.sum(bytes) <= active * @slab

        # What the threads had begun: a slab each in the making, and what a piece of a listing gave.
        assert Aether.info().native_bytes <= 3 * @threads * @slab
        assert :erlang.memory(:binary) - before <= (active + 3 * @threads) * @slab

        :ok = Scanner.cancel(scan, flush: true)
        VM.until(&VM.idle?/0)
        VM.collect()
      end
    end)
  end

  test "a handle kept after the end holds no memory", %{vm: vm} do
    root = fill!("mkdir", 20_000)

    VM.run(vm, fn ->
      # Ended in the middle of the root's listing, and in the middle of a deeper one.
      scans =
        for {active, slab_entries} <- [{1, 100}, {1, 1_000_000}, {25, 1000}, {true, 1000}] do
          {:ok, %{ref: ref} = scan} =
            Scanner.scan(root, active: active, slab_entries: slab_entries)

          assert_receive message when message in [{:scan_passive, ref}] or active == true,
                         patience()

          :ok = Scanner.cancel(scan, flush: true)
          scan
        end

      VM.until(&VM.idle?/0)
      assert Enum.all?(scans, &(Scanner.info(&1).status in [:cancelled, :complete]))
    end)
  end

  test "a directory of #{@many} empty directories: little memory for what is to do", %{vm: vm} do
    root = fill!("mkdir", @many)

    VM.run(vm, fn ->
      assert slowly(root, 2) == nil

      {growth, summary} = VM.growth(fn -> slowly(root, :infinity) end)
      assert %{status: :complete, directories: @many, max_depth: 1, unread: 0} = summary
      assert growth <= 64 * @mb
      VM.until(&VM.idle?/0)
    end)
  end
end
