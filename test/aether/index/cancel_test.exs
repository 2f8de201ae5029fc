defmodule Aether.Index.CancelTest do
  # Many scans that are kept, cancelled at once: each has its summary in time, whatever the index's writer does, and no thread
  # is started for each of them.
  use Aether.Case, async: true
  use Aether.VM

  alias Aether.{Index, Stored}

  @moduletag skip: !(VM.measurable?() && Stored.possible?()) && "needs Linux's /proc and sqlite3"
  @moduletag timeout: 180_000

  @scans 400
  # A summary comes within 100 ms; twenty times that shows a hang.
  @late 2000
  # Of the pool, the timer, the writer, the one that waits, and what the VM may start.
  @more 20

  setup do
    base = Tree.tmp!()
    Tree.make!(base, for(n <- 1..@scans, do: "roots/#{n}/a/file"))
    {:ok, base: base}
  end

  for {what, held?} <- [{"at leisure", false}, {"kept waiting by another program", true}] do
    test "the writer is #{what}", %{base: base} do
      cancel_all(base, unquote(held?))
    end
  end

  defp cancel_all(base, held?) do
    VM.run(VM.start!(threads: 4), fn ->
      database = base <> "/index.db"
      {:ok, index} = Index.open(path: database)
      scans = for n <- 1..@scans, do: park!("#{base}/roots/#{n}", index)
      shell = if held?, do: Stored.hold!(database)

      before = VM.os().threads
      sampler = Task.async(fn -> VM.most_threads() end)
      for scan <- scans, do: :ok = Scanner.cancel(scan)
      time = System.monotonic_time(:millisecond)

      for %{ref: ref} <- scans,
          do: assert_receive({:scan_completed, ^ref, %{status: :cancelled}}, patience())

      assert System.monotonic_time(:millisecond) - time < @late
      send(sampler.pid, :stop)
      most = Task.await(sampler)
      assert most <= before + @more

      if held?, do: Stored.release!(shell)
      assert mailbox() == []
      VM.until(&VM.idle?/0)
      # What was parked can be scanned again, by the same index.
      again = park!("#{base}/roots/1", index)
      :ok = Scanner.ask(again, 100)
      assert {_slabs, %{status: :complete}, _} = receive_all(again)
      assert :ok = Index.close(index)
      Stored.assert_sound!(database)
      # Nothing waits any more, so nobody does.
      VM.until(fn ->
        Enum.all?(VM.thread_names(), &(&1 not in ["aether-deadline", "aether-aside"]))
      end)
    end)
  end

  defp park!(root, index) do
    {:ok, scan} = Scanner.scan(root, index: index, active: false)
    scan
  end
end
