defmodule Aether.NativeContractTest do
  # Each native function by itself: what it answers, what it sends, and that whatever it is given is
  # at worst an ArgumentError. Not async: counts of the one pool, and who observes, are of the whole VM.
  use ExUnit.Case, async: false

  alias Aether.{Error, Native, Progress, Summary}

  @moduletag :tmp_dir

  setup do: Aether.Case.await_idle()

  @options %{
    depth: :infinity,
    metadata: true,
    hidden: true,
    ignore: false,
    exclude: [],
    same_file_system: false,
    slab_entries: 1000,
    tag: 0,
    threads: nil,
    progress: false,
    active: true,
    pool_threads: 4,
    max_scans: 1_000_000,
    index: nil,
    slabs: true,
    source_id: nil,
    replace_rules: false,
    accept_root: false,
    native_per_second: System.convert_time_unit(1, :second, :native)
  }

  defp start(path, options \\ %{}, receiver \\ self()) do
    ref = make_ref()
    open_ref = make_ref()
    options = Map.merge(@options, options)
    {:ok, handle} = Native.start(ref, open_ref, path, "", nil, receiver, options)
    assert_receive {:scan_opened, ^open_ref, {:ok, identity}}
    {ref, handle, identity}
  end

  defp summary(ref) do
    assert_receive {:scan_completed, ^ref, summary}
    summary
  end

  # Fifty files, so five slabs of ten and what is left.
  defp fifty(dir) do
    for n <- 1..50, do: File.write!(Path.join(dir, "file-#{n}"), "x")
    dir
  end

  defp sequence(<<"ASLB", 1::little-16, _flags::16, _tag::32, sequence::little-32, _::binary>>),
    do: sequence

  describe "start" do
    test "reports the root to the caller and everything else to the receiver", %{tmp_dir: dir} do
      test = self()
      fifty(dir)

      receiver =
        spawn_link(fn ->
          receive do
            first -> send(test, {:first, first})
          end

          receive do
            {:scan_completed, ref, summary} -> send(test, {:last, ref, summary})
          end
        end)

      {ref, _handle, identity} = start(dir, %{}, receiver)
      assert byte_size(identity) == 16
      assert_receive {:first, {:scan_chunk, ^ref, slab}}
      assert sequence(slab) == 0
      assert_receive {:last, ^ref, %Summary{status: :complete, files: 50, bytes: 50}}
    end

    test "sends slabs in sequence, each a binary of its own, and the summary last", %{
      tmp_dir: dir
    } do
      {ref, _handle, _} = start(fifty(dir), %{slab_entries: 10})
      summary(ref)

      {:messages, messages} = Process.info(self(), :messages)
      slabs = for {:scan_chunk, ^ref, slab} <- messages, do: slab
      assert length(slabs) >= 5
      assert Enum.map(slabs, &sequence/1) == Enum.to_list(0..(length(slabs) - 1))
      for slab <- slabs, do: assert(:binary.referenced_byte_size(slab) == byte_size(slab))
    end

    test "builds structs with exactly the fields of Elixir's", %{tmp_dir: dir} do
      File.mkdir!(Path.join(dir, "denied"))
      ref = make_ref()
      open_ref = make_ref()
      gone = Path.join(dir, "gone-\xff")
      {:ok, _} = Native.start(ref, open_ref, gone, "", nil, self(), @options)
      assert_receive {:scan_opened, ^open_ref, {:error, error}}
      assert error == %Error{reason: :enoent, path: gone, operation: :open, detail: nil}
      assert Map.keys(error) == Map.keys(%Error{reason: :enoent})
      assert Exception.message(error) =~ "enoent"

      {ref, _handle, _} = start(dir)
      summary = summary(ref)
      assert Map.keys(summary) == Map.keys(%Summary{})
      assert summary.errors == %{count: 0, by_reason: %{}, first: []}
      assert is_integer(summary.duration) and summary.duration > 0
      assert is_float(summary.rate)
    end

    test "reports progress in its struct, on request" do
      progress = progress(50)
      assert Map.keys(progress) == Map.keys(%Progress{})
      assert progress.found > 0
      assert is_binary(progress.current)
      assert is_integer(progress.elapsed) and progress.elapsed > 0
      assert %{persisted: nil, expected: nil, new_errors: errors} = progress
      assert Enum.all?(errors, &is_struct(&1, Error))
    end

    # The first report comes 100 ms after the start: some scan of everything will last so long.
    defp progress(tries) when tries > 0 do
      {ref, handle, _} = start("/", %{progress: true, slab_entries: 1_000_000})

      progress =
        receive do
          {:scan_progress, ^ref, progress} -> progress
          {:scan_completed, ^ref, _summary} -> nil
        end

      Native.cancel(handle)
      progress || progress(tries - 1)
    end

    test "checks the identity of the root", %{tmp_dir: dir} do
      {ref, _handle, identity} = start(dir)
      summary(ref)

      open_ref = make_ref()
      {:ok, _} = Native.start(make_ref(), open_ref, dir, "", identity, self(), @options)
      assert_receive {:scan_opened, ^open_ref, {:ok, ^identity}}

      other = File.cwd!()
      {:ok, _} = Native.start(make_ref(), open_ref, other, "", identity, self(), @options)
      assert_receive {:scan_opened, ^open_ref, {:error, %Error{reason: :root_changed}}}
    end

    test "after an error about the root nothing follows", %{tmp_dir: dir} do
      {ref, open_ref} = {make_ref(), make_ref()}
      gone = Path.join(dir, "gone")
      {:ok, handle} = Native.start(ref, open_ref, gone, "", nil, self(), @options)
      assert_receive {:scan_opened, ^open_ref, {:error, %Error{reason: :enoent}}}
      assert Native.scan_info(handle).status == :failed
      assert Native.cancel(handle) == :ok

      # Another scan's summary: whatever the first one sends would be here before it.
      {other, _handle, _} = start(dir)
      summary(other)
      refute_received {_, ^ref, _}
      refute_received {_, ^open_ref, _}
    end

    test "refuses a dead receiver and paths with NUL", %{tmp_dir: dir} do
      {dead, monitor} = spawn_monitor(fn -> :ok end)
      assert_receive {:DOWN, ^monitor, _, _, _}

      assert Native.start(make_ref(), make_ref(), dir, "", nil, dead, @options) ==
               {:error, %Error{reason: :noproc, path: dir, operation: :start}}

      for {root, folder, path} <- [{"a\0b", "", "a\0b"}, {dir, "a\0b", "a\0b"}] do
        assert Native.start(make_ref(), make_ref(), root, folder, nil, self(), @options) ==
                 {:error, %Error{reason: :einval, path: path, operation: :start}}
      end
    end

    test "forged arguments are ArgumentErrors and start nothing", %{tmp_dir: dir} do
      good = [make_ref(), make_ref(), dir, "", nil, self(), @options]
      remote = :erlang.binary_to_term(<<131, 88, 100, 3::16, "a@b", 1::32, 0::32, 1::32>>)

      forged = [
        {0, [nil, :ref, 1, "ref", self()]},
        {1, [nil, 1, %{}]},
        {2, [nil, :path, 'path', <<1::7>>, ["a", "b"]]},
        {3, [nil, 'folder', <<1::1>>]},
        {4, [false, "short", :binary.copy("x", 17), 'sixteen characte', 16]},
        {5, [nil, :name, "pid", make_ref(), remote]},
        {6, [nil, [], %{}, [depth: 1], "options"]}
      ]

      for {at, terms} <- forged, term <- terms do
        arguments = List.replace_at(good, at, term)
        assert_raise ArgumentError, fn -> apply(Native, :start, arguments) end
      end

      refute_received _
      assert %{running: 0, parked: 0} = Native.info()
    end

    test "forged options are ArgumentErrors and start nothing", %{tmp_dir: dir} do
      wrong = [
        depth: [0, -1, 1.0, nil, "1", :all],
        metadata: [nil, 1, :yes],
        hidden: [nil, "true"],
        ignore: [
          true,
          nil,
          :hg,
          :git_user,
          [:a],
          ["a" | "b"],
          [<<1::3>>],
          "*.o",
          [:git_user],
          [{:git_user, "/home"}],
          [{:user, "/home", nil}],
          [{:git_user, :home, nil}]
        ],
        exclude: [nil, false, :git, [1], ["a" | :b], [["a"]]],
        same_file_system: [nil, 0],
        slab_entries: [0, -5, 1.5, :infinity],
        tag: [-1, 0x1_0000_0000, nil],
        threads: [0, -1, :all],
        progress: [nil, 0],
        active: [0, -1, nil, :once, 1.0, -100_000_000_000_000_000_000],
        pool_threads: [0, nil],
        max_scans: [0, -1, nil, :infinity, 1.0],
        native_per_second: [0, nil]
      ]

      for {key, values} <- wrong, value <- values do
        assert_raise ArgumentError, fn ->
          Native.start(make_ref(), make_ref(), dir, "", nil, self(), %{@options | key => value})
        end
      end

      for key <- Map.keys(@options) do
        assert_raise ArgumentError, fn ->
          Native.start(make_ref(), make_ref(), dir, "", nil, self(), Map.delete(@options, key))
        end
      end

      refute_received _
      assert %{running: 0, parked: 0} = Native.info()
    end

    test "takes numbers of any size", %{tmp_dir: dir} do
      huge = 1_000_000_000_000_000_000_000_000

      for key <- [:depth, :slab_entries, :threads, :active] do
        {ref, _handle, _} = start(dir, %{key => huge})
        assert summary(ref).status == :complete
      end
    end
  end

  describe "ask" do
    test "adds up, sends that many, and reports when they are used up", %{tmp_dir: dir} do
      {ref, handle, _} = start(fifty(dir), %{active: false, slab_entries: 10})
      assert %{demand: 0, slabs: 0} = Native.scan_info(handle)

      assert Native.ask(handle, 2) == :ok
      assert_receive {:scan_passive, ^ref}
      assert_received {:scan_chunk, ^ref, _}
      assert_received {:scan_chunk, ^ref, _}
      refute_received {:scan_chunk, ^ref, _}
      assert %{status: :parked, demand: 0, slabs: 2} = Native.scan_info(handle)

      Native.ask(handle, 0xFFFFFFFFFFFFFFFF)
      Native.ask(handle, 1_000_000_000_000_000_000_000_000)
      assert summary(ref).status == :complete
      assert %{status: :complete, demand: demand} = Native.scan_info(handle)
      assert demand > 0xFFFFFFFF
      assert Native.ask(handle, 1) == :ok
    end

    test "with unlimited demand changes nothing", %{tmp_dir: dir} do
      {ref, handle, _} = start(dir)
      assert Native.ask(handle, 5) == :ok
      assert summary(ref).status == :complete
      assert Native.scan_info(handle).demand == :infinity
    end

    test "forged arguments are ArgumentErrors", %{tmp_dir: dir} do
      {ref, handle, _} = start(dir, %{active: false})

      for n <- [0, -1, -1_000_000_000_000_000_000_000, 1.0, nil, "1", [1], :infinity] do
        assert_raise ArgumentError, fn -> Native.ask(handle, n) end
      end

      # A resource, but not a scan.
      other = Native.fault(:panic_drop)

      for forged <- [nil, make_ref(), self(), "handle", [handle], {handle}, 0, other] do
        assert_raise ArgumentError, fn -> Native.ask(forged, 1) end
        assert_raise ArgumentError, fn -> Native.cancel(forged) end
        assert_raise ArgumentError, fn -> Native.scan_info(forged) end
      end

      Native.cancel(handle)
      assert summary(ref).status == :cancelled
    end
  end

  describe "cancel" do
    test "leaves only the summary to be sent; again, elsewhere and afterwards it is :ok",
         context do
      {ref, handle, _} = start(fifty(context.tmp_dir), %{active: 1, slab_entries: 10})
      assert_receive {:scan_passive, ^ref}
      assert_receive {:scan_chunk, ^ref, _}

      assert Native.cancel(handle) == :ok
      assert fn -> Native.cancel(handle) end |> Task.async() |> Task.await() == :ok
      assert summary(ref).status == :cancelled
      assert Native.cancel(handle) == :ok
      assert Native.scan_info(handle).status == :cancelled
      assert Native.ask(handle, 10) == :ok
      refute_received {:scan_chunk, ^ref, _}
      refute_received {:scan_completed, ^ref, _}
    end
  end

  describe "the owner of a scan" do
    setup do
      Native.observe(self())
      on_exit(fn -> Native.observe(Process.whereis(Aether.Telemetry) || self()) end)
    end

    test "its death cancels the scan, and the observer gets the summary", %{tmp_dir: dir} do
      test = self()
      fifty(dir)

      receiver =
        spawn(fn ->
          {ref, handle, _} = start(dir, %{active: 1, slab_entries: 10})
          send(test, {:started, ref, handle})
          Process.sleep(:infinity)
        end)

      assert_receive {:started, ref, handle}
      Process.exit(receiver, :kill)
      assert_receive {:scan_summary, ^ref, ^receiver, ^dir, %Summary{status: :cancelled}}
      assert Native.scan_info(handle).status == :cancelled
    end

    test "when it dies around the start, the caller gets either a scan or an error", context do
      for round <- 1..2000 do
        receiver = spawn(fn -> for _ <- 1..rem(round, 7), do: :erlang.yield() end)
        open_ref = make_ref()

        case Native.start(make_ref(), open_ref, context.tmp_dir, "", nil, receiver, @options) do
          {:error, error} ->
            assert error.reason == :noproc

          {:ok, _handle} ->
            assert_receive {:scan_opened, ^open_ref, opened}
            assert match?({:ok, _}, opened) or match?({:error, %{reason: :noproc}}, opened)
        end
      end
    end

    test "the observer gets every summary, before the receiver", %{tmp_dir: dir} do
      {ref, _handle, _} = start(dir)
      me = self()
      assert_receive message when elem(message, 0) in [:scan_summary, :scan_completed]
      assert {:scan_summary, ^ref, ^me, ^dir, summary} = message
      assert_receive {:scan_completed, ^ref, ^summary}
      assert_raise ArgumentError, fn -> Native.observe(:name) end
      assert_raise ArgumentError, fn -> Native.observe(nil) end
    end

    test "a dead observer disturbs nothing", %{tmp_dir: dir} do
      {dead, monitor} = spawn_monitor(fn -> :ok end)
      assert_receive {:DOWN, ^monitor, _, _, _}
      Native.observe(dead)
      {ref, _handle, _} = start(dir)
      assert summary(ref).status == :complete
    end

    test "a scan that is parked ends when its handle is gone", %{tmp_dir: dir} do
      test = self()
      fifty(dir)

      # Not a process that holds on to the handle: it is gone when this one is.
      {pid, monitor} =
        spawn_monitor(fn ->
          {ref, _handle, _} = start(dir, %{active: 1, slab_entries: 10}, test)
          send(test, {:started, ref})
        end)

      assert_receive {:started, ref}
      assert_receive {:DOWN, ^monitor, _, ^pid, :normal}
      assert summary(ref).status == :cancelled
    end

    test "a scan that has demand goes on when its handle is gone", %{tmp_dir: dir} do
      test = self()
      fifty(dir)

      spawn(fn ->
        {ref, _handle, _} = start(dir, %{active: true, slab_entries: 10}, test)
        send(test, {:started, ref})
      end)

      assert_receive {:started, ref}
      assert %{status: :complete, files: 50} = summary(ref)
    end
  end

  test "info counts resources, and is zero when nothing runs", %{tmp_dir: dir} do
    keys = [:descriptors, :native_bytes, :parked, :running, :stuck_threads, :threads]
    {ref, handle, _} = start(fifty(dir), %{active: 1, slab_entries: 10})
    assert_receive {:scan_passive, ^ref}
    info = Native.info()
    assert Enum.sort(Map.keys(info)) == keys
    assert Enum.all?(Map.values(info), &(is_integer(&1) and &1 >= 0))
    assert %{parked: 1, threads: threads} = info
    assert threads >= 1

    Native.cancel(handle)
    summary(ref)
    assert %{running: 0, parked: 0} = Native.info()
  end

  test "mount_of gives the mount point at or above a path, or nil" do
    table = File.exists?("/proc/self/mountinfo")
    assert Native.mount_of("/proc/1/x") == if(table, do: "/proc")
    assert Native.mount_of("/../proc/") == if(table, do: "/proc")
    here = Native.mount_of("")
    assert here == Native.mount_of(File.cwd!())

    # Nothing of it is opened, so it may be anything.
    for path <- ["a\0b", "\xFF", String.duplicate("n/", 100_000)],
        do: assert(Native.mount_of(path) == here)

    for forged <- [nil, :path, 1, ["a"], 'path', <<1::7>>, self()] do
      assert_raise ArgumentError, fn -> Native.mount_of(forged) end
    end
  end

  describe "format" do
    setup %{tmp_dir: dir} do
      File.mkdir!(Path.join(dir, "sub"))
      File.write!(Path.join(dir, "sub/a\nb"), "12345")
      {ref, _handle, _} = start(dir)
      summary(ref)
      {:messages, messages} = Process.info(self(), :messages)
      {:ok, slabs: for({:scan_chunk, ^ref, slab} <- messages, do: slab)}
    end

    test "makes JSON lines and names with NUL", %{slabs: slabs} do
      text = fn style ->
        Enum.map_join(slabs, fn slab ->
          assert {:ok, text, :done} = Native.format(slab, style, 0)
          text
        end)
      end

      assert text.(:print0) |> String.split("\0", trim: true) |> Enum.sort() == [
               "sub",
               "sub/a\nb"
             ]

      assert text.(:json) =~ ~S({"path":"sub/a\nb","kind":"file","size":5,"mtime_ns":)
    end

    test "begins at the offset, and ends after the last entry", %{slabs: [slab | _]} do
      assert {:ok, "", :done} = Native.format(slab, :json, 100)
      assert {:ok, "", :done} = Native.format(slab, :print0, 0xFFFFFFFFFFFFFFFF)
    end

    test "goes in pieces of 2,000 entries" do
      names = for n <- 1..4500, do: "n#{n}"
      pieces = pieces(root_slab(names), 0)
      assert Enum.map(pieces, &length/1) == [2000, 2000, 500]
      assert Enum.concat(pieces) == names
    end

    defp pieces(slab, offset) do
      {:ok, text, next} = Native.format(slab, :print0, offset)
      paths = String.split(text, "\0", trim: true)
      [paths | if(next == :done, do: [], else: pieces(slab, next))]
    end

    # Files of the root, names only.
    defp root_slab(names) do
      all = Enum.join(names)
      ends = names |> Enum.map(&byte_size/1) |> Enum.scan(&+/2)
      count = length(names)
      counts = <<1::little-32, count::little-32, 0::32, byte_size(all)::little-32>>

      <<"ASLB", 1::little-16, 0::16, 0::64, counts::binary, 0::64>> <>
        column(<<count::little-32>>) <>
        column(<<0::32>>) <>
        column(<<1::little-32>>) <>
        column(for(stop <- ends, into: "", do: <<stop::little-32>>)) <>
        column(:binary.copy(<<1>>, count)) <>
        column("") <>
        column(all)
    end

    defp column(bytes), do: bytes <> :binary.copy(<<0>>, rem(8 - rem(byte_size(bytes), 8), 8))

    test "a damaged slab is an error, a non-binary an ArgumentError", %{slabs: [slab | _]} do
      damaged = ["", "ASLB", :binary.copy(<<0>>, 40), slab <> <<0>>, binary_part(slab, 0, 39)]

      for bytes <- damaged, style <- [:json, :print0] do
        assert Native.format(bytes, style, 0) == {:error, :bad_slab}
      end

      for arguments <- [
            [nil, :json, 0],
            [[slab], :json, 0],
            [<<1::3>>, :json, 0],
            [slab, :xml, 0],
            [slab, "json", 0],
            [slab, :json, -1],
            [slab, :json, 1.0],
            [slab, :json, 0x1_0000_0000_0000_0000]
          ] do
        assert_raise ArgumentError, fn -> apply(Native, :format, arguments) end
      end
    end
  end
end
