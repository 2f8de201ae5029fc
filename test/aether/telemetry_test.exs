defmodule Aether.TelemetryTest do
  # Takes the package's stand-in and the observing process away for a while: nothing else may run.
  use Aether.Case, async: false

  setup do
    # Scans of other tests are no business of these.
    await_idle()
    :telemetry.subscribe()
    {:ok, root: Tree.tmp!() |> Tree.make!(["a/b", {"c", "12345"}])}
  end

  test "a scan starts in the caller and stops in the observing process", %{root: root} do
    {:ok, %{ref: ref} = scan} = Scanner.scan(root, tag: 7)
    {:ok, summary} = Scanner.await(scan, patience())
    me = self()

    assert_receive {:telemetry, [:aether, :scan, :start], measurements, metadata, ^me}, patience()
    assert Enum.sort(Map.keys(measurements)) == [:monotonic_time, :system_time]
    assert %{ref: ^ref, root: ^root, folder: "", receiver: ^me} = metadata
    assert %Aether.Options{tag: 7} = metadata.options

    observer = Process.whereis(Aether.Telemetry)

    assert_receive {:telemetry, [:aether, :scan, :stop], measurements, %{ref: ^ref} = metadata,
                    ^observer}

    assert metadata == %{
             ref: ref,
             root: root,
             receiver: me,
             status: :complete,
             summary: summary
           }

    assert %{entries: 3, bytes: 5, errors: 0, monotonic_time: _} = measurements
    assert measurements.duration == summary.duration
    assert measurements.first_entry == summary.first_entry
    assert map_size(measurements) == 6
  end

  test "a folder of a scan is named", %{root: root} do
    {:ok, _scan} = Scanner.scan_subdir(root, "a")

    assert_receive {:telemetry, [:aether, :scan, :start], _, %{root: ^root, folder: "a"}, _},
                   patience()
  end

  test "the receiver is named, whichever process started the scan", %{root: root} do
    receiver = spawn(fn -> receive do: (:never -> :ok) end)
    {:ok, %{ref: ref}} = Scanner.scan(root, to: receiver)
    assert %{ref: ^ref, receiver: ^receiver} = receive_stop(&(&1.ref == ref))
    Process.exit(receiver, :kill)
  end

  test "a cancelled scan stops", %{root: root} do
    {:ok, %{ref: ref} = scan} = Scanner.scan(root, active: false)
    :ok = Scanner.cancel(scan)
    assert %{status: :cancelled} = receive_stop(&(&1.ref == ref))
  end

  test "a scan that cannot start is an exception", %{root: root} do
    path = root <> "/absent"
    {:error, error} = Scanner.scan(path)
    me = self()
    assert_receive {:telemetry, [:aether, :scan, :start], _, %{ref: ref, root: ^path}, ^me}

    assert_receive {:telemetry, [:aether, :scan, :exception], measurements,
                    %{ref: ^ref} = metadata, _pid}

    assert metadata == %{
             ref: ref,
             root: path,
             receiver: me,
             kind: :error,
             reason: error,
             stacktrace: [],
             summary: nil
           }

    assert %{duration: duration, monotonic_time: _} = measurements
    assert duration >= 0
  end

  test "a scan that fails is an exception, with its summary", %{root: root} do
    {:ok, %{ref: ref} = scan} = Scanner.scan(root, active: false)
    Tree.remove!(root)
    :ok = Scanner.ask(scan, 1000)

    assert %{kind: :error, reason: %Error{reason: :enoent}, summary: %Summary{status: :failed}} =
             receive_stop(&(&1.ref == ref))
  end

  test "calls that never reach the file system send no event", %{root: _root} do
    {:error, _} = Scanner.scan("")
    assert_raise ArgumentError, fn -> Scanner.scan("/", nonsense: 1) end
    refute_received {:telemetry, _, _, _, _}
  end

  test "without the package scans work", %{root: root} do
    :code.purge(:telemetry)
    :code.delete(:telemetry)
    refute function_exported?(:telemetry, :execute, 3)

    try do
      assert {:ok, entries, %{status: :complete}} = Scanner.list(root)
      assert length(entries) == 3
      assert {:error, _} = Scanner.list(root <> "/absent")
      # It has handled what the scans sent it.
      assert :sys.get_state(Aether.Telemetry) == nil
    after
      :code.purge(:telemetry)
      {:module, :telemetry} = Code.ensure_loaded(:telemetry)
    end
  end

  test "while the observing process is down scans work, and it observes again", %{root: root} do
    :ok = Supervisor.terminate_child(Aether.Supervisor, Aether.Telemetry)

    try do
      assert {:ok, _entries, %{status: :complete}} = Scanner.list(root)
      assert {:error, _} = Scanner.list(root <> "/absent")
    after
      {:ok, _pid} = Supervisor.restart_child(Aether.Supervisor, Aether.Telemetry)
    end

    refute_received {:telemetry, [:aether, :scan, :stop], _, _, _}
    {:ok, %{ref: ref}} = Scanner.scan(root)
    assert %{status: :complete} = receive_stop(&(&1.ref == ref))
  end

  test "when killed, it is restarted and observes again", %{root: root} do
    old = Process.whereis(Aether.Telemetry)
    quiet()
    monitor = Process.monitor(old)
    Process.exit(old, :kill)
    assert_receive {:DOWN, ^monitor, :process, _, :killed}, patience()
    assert restarted(old) != old

    {:ok, %{ref: ref}} = Scanner.scan(root)
    assert %{status: :complete} = receive_stop(&(&1.ref == ref))
  end

  # The supervisor reports what this test is about.
  defp quiet do
    %{level: level} = :logger.get_primary_config()
    :logger.set_primary_config(:level, :none)
    on_exit(fn -> :logger.set_primary_config(:level, level) end)
  end

  # A call to the supervisor is answered after the restart, once it has heard of the death.
  defp restarted(old) do
    case Supervisor.which_children(Aether.Supervisor) do
      [{Aether.Telemetry, pid, :worker, _}] when is_pid(pid) and pid != old -> pid
      _not_yet -> restarted(old)
    end
  end
end
