defmodule Aether.NativeContract.OwnerTest do
  # Who owns a native scan, and who observes it. Not async: the observer is of the whole VM.
  use ExUnit.Case, async: false

  import Aether.Contract
  alias Aether.{Native, Summary}

  @moduletag :tmp_dir

  @options options()

  setup do: Aether.Case.await_idle()

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
end
