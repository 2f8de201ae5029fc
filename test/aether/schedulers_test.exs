defmodule Aether.SchedulersTest do
  # That scans run beside the VM and not in it: no scheduler is held up by one.
  use Aether.Case, async: false
  use Aether.VM

  @moduletag skip: !VM.measurable?() && "needs Linux's /proc"
  @moduletag timeout: 180_000

  # Milliseconds. A walk in a scheduler would take as long as the scan.
  @long 100
  # What else runs on the machine can hold up a scheduler too; but hardly each time.
  @rounds 5

  test "no process and no port of the VM runs for long while scans run" do
    # Entries by the hundred thousand, on any machine.
    root = "/usr"

    VM.run(VM.start!(), fn ->
      # What is loaded on first use is none of this.
      everything(root)
      :erlang.system_monitor(self(), [{:long_schedule, @long}])

      # Any round without an event will do.
      events = Stream.repeatedly(fn -> everything(root) && long_schedules() end)
      assert events |> Enum.take_while(&(&1 != [])) |> length() |> Kernel.<(@rounds)
    end)
  end

  # All calls there are, on many scans at once.
  defp everything(root) do
    receivers =
      for opts <- [
            [active: true],
            [active: true, metadata: false],
            [active: true, slab_entries: 10],
            [active: 16, progress: true]
          ] do
        Task.async(fn ->
          {:ok, scan} = Scanner.scan(root, [depth: :infinity] ++ opts)
          drain(scan)
        end)
      end

    for _ <- 1..200 do
      {:ok, scan} = Scanner.scan(root, active: 1)
      assert %{slabs: _} = Scanner.info(scan)
      assert %{threads: _} = Aether.info()
      :ok = Scanner.ask(scan, 1)
      :ok = Scanner.cancel(scan, flush: true)
    end

    for summary <- Task.await_many(receivers, 60_000), do: assert(summary.files > 0)
  end

  defp drain(%{ref: ref} = scan) do
    receive do
      {:scan_passive, ^ref} ->
        :ok = Scanner.ask(scan, 16)
        drain(scan)

      {:scan_completed, ^ref, summary} ->
        summary

      _chunk_or_progress ->
        drain(scan)
    end
  end

  defp long_schedules do
    receive do
      {:monitor, who, :long_schedule, info} -> [{who, info} | long_schedules()]
    after
      0 -> []
    end
  end
end
