# Run by reload_test.exs in a VM of its own: prints "survived" when all went as it should.

defmodule Reload do
  alias Aether.Scanner

  def rounds do
    Logger.configure(level: :error)
    root = List.to_string(:code.lib_dir(:stdlib))

    {:module, _} = Code.ensure_loaded(Aether.Native)

    # Without scans.
    cycle(true)
    {:ok, %{status: :complete}} = complete(root)

    for round <- 1..20 do
      {:ok, parked} = Scanner.scan(root, depth: :infinity, active: 1, slab_entries: 10)
      {:ok, running} = Scanner.scan(root, depth: :infinity, slab_entries: 10)

      # One whose receiver dies while nobody has the module's code.
      owner = spawn(fn -> own(root) end)
      cycle(rem(round, 3) == 0, fn -> Process.exit(owner, :kill) end)

      # Scans go on; handles of the purged module are refused, never followed.
      {:ok, %{status: :complete}} = last(running)
      refused(fn -> Aether.Native.ask(parked.handle, 1) end)
      refused(fn -> Aether.Native.cancel(parked.handle) end)
      refused(fn -> Aether.Native.scan_info(running.handle) end)
      {:ok, %{status: :complete}} = complete(root)
    end

    # The parked ones have lost their handles with their variables: they end too.
    :erlang.garbage_collect()
    for _ <- 1..20, do: cancelled()
    idle()
    IO.puts("survived")
  end

  defp own(root) do
    {:ok, _} = Scanner.scan(root, depth: :infinity, active: 1)
    Process.sleep(:infinity)
  end

  defp cycle(also_while_old, between \\ fn -> :ok end) do
    true = :code.delete(Aether.Native)
    # The old code is there still, and so is its library: refused, and no harm done.
    if also_while_old, do: {:error, :on_load_failure} = :code.load_file(Aether.Native)
    :code.purge(Aether.Native)
    between.()
    {:module, Aether.Native} = :code.load_file(Aether.Native)
    nil = Aether.Native.load_error()
  end

  defp complete(root) do
    {:ok, scan} = Scanner.scan(root, depth: :infinity)
    last(scan)
  end

  defp last(%{ref: ref}) do
    receive do
      {:scan_completed, ^ref, summary} -> {:ok, summary}
    after
      10_000 -> :timeout
    end
  end

  defp cancelled do
    receive do
      {:scan_completed, _ref, %{status: :cancelled}} -> :ok
    after
      10_000 -> raise "a scan without a handle goes on waiting"
    end
  end

  # Scans whose receivers died end as well, and nobody is notified.
  defp idle(left \\ 10_000) do
    case Aether.info() do
      %{running: 0, parked: 0, stuck_threads: 0} -> :ok
      info when left == 0 -> raise "still there: #{inspect(info)}"
      _info -> Process.sleep(1) && idle(left - 1)
    end
  end

  defp refused(fun) do
    fun.()
    raise "a handle of a purged module was taken"
  rescue
    ArgumentError -> :ok
  end
end

Reload.rounds()
