defmodule Aether.LimitsTest do
  # A VM that may have hardly any descriptors, or no thread more, is told so, lives on, and scans again
  # when it may. Each in a VM of its own: limits are for a whole process.
  use Aether.Case, async: true
  use Aether.VM

  @moduletag skip: !(VM.measurable?() && System.find_executable("prlimit")) && "needs prlimit(1)"
  @moduletag timeout: 180_000

  # Deep, so that descriptors have to be given back and taken up again.
  setup do
    root = Tree.tmp!()

    Tree.make!(
      root,
      for(a <- 1..6, b <- 1..6, c <- 1..3, do: "#{a}/#{b}/#{c}/x/y/z/file")
    )

    {:ok, root: root, expected: Find.entries(root)}
  end

  # Only what applies, so that it can be raised again.
  defp limit!(vm, what, number, through \\ []) do
    pid = VM.run(vm, fn -> System.pid() end)
    [command | args] = through ++ ["prlimit", "--pid", pid, "--#{what}=#{number}:"]
    {_, 0} = System.cmd(command, args)
  end

  # Leaves the VM so many descriptors beyond those that it has open.
  defp leave!(vm, left), do: limit!(vm, "nofile", highest(vm) + 1 + left)

  defp highest(vm) do
    VM.run(vm, fn ->
      "/proc/self/fd"
      |> File.ls!()
      |> Enum.map(&String.to_integer/1)
      # Without the one that listed them.
      |> Enum.filter(&match?({:ok, _}, File.read_link("/proc/self/fd/#{&1}")))
      |> Enum.max()
    end)
  end

  defp complete(vm, root, expected) do
    VM.run(vm, fn ->
      for opts <- [[], [threads: 1], [metadata: true, slab_entries: 7]] do
        assert {:ok, entries, %{status: :complete, errors: %{count: 0}}} =
                 Scanner.list(root, opts)

        assert Enum.sort(entries) == expected
      end

      VM.until(&VM.idle?/0)
    end)
  end

  test "a VM started with a few descriptors completes", context do
    %{root: root, expected: expected} = context
    # What one has open that has scanned.
    vm = VM.start!()
    complete(vm, root, expected)
    # With fewer it does not load its own modules, of which it opens many at once.
    few = Integer.to_string(highest(vm) + 1 + 32)

    vm = VM.load_all(VM.start!(through: ["prlimit", "--nofile=#{few}:#{few}"]))
    # Before the first scan, by which the pool knows how many it may keep.
    leave!(vm, 4)
    complete(vm, root, expected)
  end

  test "four descriptors left are enough", %{root: root, expected: expected} do
    vm = VM.load_all(VM.start!())
    complete(vm, root, expected)
    leave!(vm, 4)
    complete(vm, root, expected)
  end

  test "all descriptors taken during a scan: partial, and later scans work", context do
    %{root: root, expected: expected} = context
    vm = VM.load_all(VM.start!())
    complete(vm, root, expected)
    leave!(vm, 20)

    VM.run(vm, fn ->
      # A root that cannot be opened at all is an error of its own.
      {:ok, %{ref: ref} = scan} = Scanner.scan(root, active: 1, slab_entries: 1, depth: :infinity)
      assert_receive {:scan_passive, ^ref}, patience()
      # Parked, it keeps nothing.
      VM.until(fn -> Aether.info().descriptors == 0 end)

      taken = take([])
      assert reason(Scanner.scan(root)) == :emfile
      assert reason(Scanner.list(root)) == :emfile

      :ok = Scanner.ask(scan, 0xFFFFFFFF)
      {_slabs, summary, _} = receive_all(scan)
      assert %{status: :partial, errors: %{count: count, by_reason: %{emfile: count}}} = summary
      assert count > 0
      assert Enum.all?(summary.errors.first, &(reason({:error, &1}) == :emfile))

      Enum.each(taken, &:prim_file.close/1)
    end)

    complete(vm, root, expected)
  end

  test "descriptors taken and released: retried", %{root: root, expected: expected} do
    vm = VM.load_all(VM.start!())
    complete(vm, root, expected)
    leave!(vm, 8)

    VM.run(vm, fn ->
      # Whatever comes of it is said: an entry is missing only where there is an error.
      for _ <- 1..20 do
        taker = Task.async(fn -> Enum.each(take([]), &:prim_file.close/1) end)

        case Scanner.list(root) do
          {:ok, entries, %{status: :complete, errors: %{count: 0}}} ->
            assert Enum.sort(entries) == expected

          {:ok, entries, %{status: :partial, errors: %{by_reason: reasons}}} ->
            assert Map.keys(reasons) == [:emfile]
            assert entries -- expected == []

          {:error, error} ->
            assert reason({:error, error}) == :emfile
        end

        Task.await(taker)
      end
    end)

    complete(vm, root, expected)
  end

  defp take(taken) do
    case :prim_file.open("/dev/null", [:read, :raw]) do
      {:ok, file} -> take([file | taken])
      {:error, :emfile} -> taken
    end
  end

  describe "threads" do
    @describetag skip: !Aether.Case.root?() && "needs root, to become a user with a limit"

    @as_nobody ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"]

    # From a copy of the compiled application that nobody may read: root has no limit.
    defp nobodys_vm! do
      copy = Tree.tmp!()
      {_, 0} = System.cmd("cp", ["-rL", Application.app_dir(:aether), copy <> "/aether"])
      {_, 0} = System.cmd("chmod", ["-R", "a+rX", copy])
      VM.start!(code: copy <> "/aether/ebin", through: @as_nobody, env: [{"HOME", copy}])
    end

    setup %{root: root} do
      {_, 0} = System.cmd("chmod", ["-R", "a+rX", root])
      :ok
    end

    test "no thread is an error; one thread is enough", context do
      %{root: root, expected: expected} = context
      vm = nobodys_vm!()
      # Before any scan: the VM has all the threads that it needs for itself.
      before = VM.run(vm, &processes/0)
      limit!(vm, "nproc", 1, @as_nobody)

      VM.run(vm, fn ->
        for _ <- 1..3 do
          error = Scanner.scan(root)
          assert reason(error) == :eagain
          assert {:error, %Error{operation: :start, path: ^root}} = error
          assert reason(Scanner.list(root)) == :eagain
          assert_raise Error, ~r/eagain/, fn -> Enum.to_list(Scanner.stream!(root)) end
        end

        assert mailbox() == []
        assert %{running: 0, parked: 0, threads: 0} = Aether.info()
      end)

      limit!(vm, "nproc", before, @as_nobody)
      VM.run(vm, fn -> assert Enum.sort(Scanner.list!(root, threads: 1)) == expected end)
      limit!(vm, "nproc", 1, @as_nobody)

      # No more start, those that have started do all the work.
      complete(vm, root, expected)
    end

    test "an index that is dropped then is closed once there is a thread again" do
      base = Tree.tmp!()
      {_, 0} = System.cmd("chmod", ["777", base])
      path = base <> "/index.db"
      vm = VM.load_all(nobodys_vm!())

      # In a process that runs no code of this module, which is loaded again for each run.
      holder =
        VM.run(vm, fn ->
          {:ok, index} = Aether.Index.open(path: path)
          {:ok, holder} = Agent.start(fn -> index end)
          # What ran aside has ended, so its threads cannot be used again.
          VM.until(fn -> "aether-aside" not in VM.thread_names() end)
          holder
        end)

      VM.run(vm, fn -> VM.collect() end)
      before = VM.run(vm, &processes/0)
      limit!(vm, "nproc", 1, @as_nobody)

      VM.run(vm, fn ->
        open = descriptors_of(path)
        assert open > 0
        :ok = Agent.update(holder, fn _index -> nil end)
        :erlang.garbage_collect(holder)
        # The writer has a thread, which closes its files. The readers have none.
        VM.until(fn -> "aether-index" not in VM.thread_names() end)
        assert descriptors_of(path) in 1..(open - 1)
      end)

      limit!(vm, "nproc", before, @as_nobody)

      VM.run(vm, fn ->
        # Whatever has a thread closes it: the next that opens, which waits for that.
        assert {:ok, index} = Aether.Index.open(path: path, busy_timeout: patience())
        assert {:ok, []} = Aether.Index.sources(index)
        assert :ok = Aether.Index.close(index)
        VM.until(fn -> descriptors_of(path) == 0 end)
      end)
    end

    defp descriptors_of(path) do
      Enum.count(File.ls!("/proc/self/fd"), fn fd ->
        case File.read_link("/proc/self/fd/#{fd}") do
          {:ok, target} -> String.starts_with?(target, path)
          {:error, :enoent} -> false
        end
      end)
    end

    defp processes do
      limits = File.read!("/proc/self/limits")
      [_, soft] = Regex.run(~r/^Max processes +(\S+)/m, limits)
      soft
    end
  end
end
