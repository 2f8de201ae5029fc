defmodule Aether.NativeContract.ControlTest do
  # What is asked of a native scan that runs, and of the native side as a whole. Not async: counts of the one
  # pool are of the whole VM.
  use ExUnit.Case, async: false

  import Aether.Contract
  alias Aether.Native

  @moduletag :tmp_dir

  setup do: Aether.Case.await_idle()

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
end
