defmodule Aether.FaultTest do
  # Panics in every place of the native library where one could happen: that they reach somebody as
  # an error is asserted, that the VM lives is seen from the tests that follow. The library for tests
  # has these switches; the one that users get has not.
  use ExUnit.Case, async: false

  alias Aether.{Error, Native, Scanner, Summary}

  @moduletag :tmp_dir

  # Long enough for a loaded machine.
  @patience Aether.Case.patience()

  setup do: Aether.Case.await_idle()

  test "in a NIF it is an exception of the caller" do
    assert_raise ErlangError, ~r/nif_panicked/, fn -> Native.fault(:panic_nif) end
  end

  test "when a resource is collected it reaches no process" do
    pid = spawn(fn -> Native.fault(:panic_drop) end)
    monitor = Process.monitor(pid)
    assert_receive {:DOWN, ^monitor, _, _, reason} when reason in [:normal, :noproc]
    assert %{running: 0} = Native.info()
  end

  test "when a receiver dies it reaches no process" do
    test = self()

    {pid, monitor} =
      spawn_monitor(fn ->
        # Kept by the test, so that the resource is there when its process is not.
        send(test, {:watch, Native.fault(:panic_down)})
        send(test, :sent)
      end)

    assert_receive {:watch, watch}
    assert_receive :sent
    assert_receive {:DOWN, ^monitor, _, ^pid, :normal}
    assert is_reference(watch)
    assert %{running: 0} = Native.info()
  end

  for {place, what} <- [panic_worker: "on a worker", panic_send: "under the lock of a scan"] do
    test "#{what} it fails that scan and no other", %{tmp_dir: dir} do
      for n <- 1..20, do: File.write!(Path.join(dir, "file-#{n}"), "")
      {:ok, bystander} = Scanner.scan(dir, active: false)

      assert Native.fault(unquote(place)) == :ok
      {:ok, scan} = Scanner.scan(dir)
      assert {:ok, %Summary{status: :failed, error: error}} = Scanner.await(scan, @patience)
      assert %Error{reason: :panic, operation: :walk, path: ^dir} = error
      assert Exception.message(error) =~ "defect of Aether"

      {:ok, next} = Scanner.scan(dir)
      assert {:ok, %Summary{status: :complete, files: 20}} = Scanner.await(next, @patience)

      Scanner.ask(bystander, 1000)
      assert {:ok, %Summary{status: :complete, files: 20}} = Scanner.await(bystander, @patience)
    end
  end

  test "while an answer of an index is written it is the caller's error", %{tmp_dir: dir} do
    {:ok, index} = Aether.Index.open(path: Path.join(dir, "index.db"))

    for call <- [&Aether.Index.check/1, &Aether.Index.search(&1, "a"), &Aether.Index.close/1] do
      assert Native.fault(:panic_answer) == :ok
      assert {:error, %Error{reason: :panic} = error} = call.(index)
      assert Exception.message(error) =~ "defect of Aether"
    end

    assert Aether.Index.close(index) == :ok
  end

  test "an unknown place is an ArgumentError" do
    for place <- [nil, :panic, "panic_nif"] do
      assert_raise ArgumentError, fn -> Native.fault(place) end
    end
  end
end
