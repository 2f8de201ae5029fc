defmodule Aether.MaxScansTest do
  # The bound on scans of a VM. In VMs of their own: it is read when the first scan is started.
  use Aether.Case, async: true
  use Aether.VM

  alias Aether.{Channel.Wire, Index}

  @moduletag timeout: 180_000

  setup do
    base = Tree.tmp!()
    {:ok, base: base, root: Tree.files!(base <> "/root", 50)}
  end

  defp park!(root, opts \\ []) do
    {:ok, scan} = Scanner.scan(root, [active: false] ++ opts)
    scan
  end

  test "a further scan is refused at once, by every call that scans", %{root: root} do
    VM.run(VM.start!(max_scans: 3), fn ->
      :telemetry.subscribe()
      [scan | _] = scans = for _ <- 1..3, do: park!(root)

      assert {:error, error} = Scanner.scan(root)
      assert %Error{reason: :too_many_scans, operation: :start, path: ^root} = error

      assert Exception.message(error) ==
               ~s|cannot start the scan of "#{root}": there are as many scans as this VM may have, | <>
                 "parked ones included (too_many_scans: 3 scans run or are parked). Cancel scans " <>
                 "that are no longer needed, or raise `config :aether, max_scans: n`."

      assert %{kind: :error, reason: ^error, summary: nil} =
               receive_stop(&match?(%{reason: %Error{}}, &1))

      # What a browser gets to see.
      assert Wire.reason(error.reason) == "too_many_scans"

      assert reason(Scanner.scan_subdir(scan, "")) == :too_many_scans
      assert reason(Scanner.scan_subdir(root, "")) == :too_many_scans
      assert reason(Scanner.list(root)) == :too_many_scans
      assert_raise Error, ~r/too_many_scans/, fn -> Scanner.list!(root) end
      assert_raise Error, ~r/too_many_scans/, fn -> Enum.to_list(Scanner.stream!(root)) end
      assert %{running: 0, parked: 3} = Aether.info()

      # Looks at single entries are not counted.
      assert {:ok, %{kind: :directory}} = Scanner.stat(root, "")
      assert {:ok, %{kind: :directory}} = Scanner.stat(scan, "")

      for scan <- scans, do: :ok = Scanner.cancel(scan, flush: true)
      assert Enum.reject(mailbox(), &match?({:telemetry, _, _, _, _}, &1)) == []
    end)
  end

  test "a process that has seen a scan end can start another", %{root: root} do
    VM.run(VM.start!(max_scans: 3), fn ->
      for round <- 1..100 do
        [one, two, three] = for _ <- 1..3, do: park!(root)
        assert reason(Scanner.scan(root)) == :too_many_scans

        # Cancelled, completed, or by the death of its receiver.
        :ok = Scanner.cancel(one, flush: true)
        {:ok, other} = Scanner.scan(root, active: false)
        :ok = Scanner.ask(two, 100)
        assert {_, %{status: :complete}, _} = receive_all(two)
        receiver = spawn(fn -> receive do: (:never -> :ok) end)
        owned = park!(root, to: receiver)
        assert {round, reason(Scanner.scan(root))} == {round, :too_many_scans}
        Process.exit(receiver, :kill)
        VM.until(fn -> Scanner.info(owned).status == :cancelled end)
        assert length(Scanner.list!(root)) == 50

        for scan <- [three, other], do: :ok = Scanner.cancel(scan, flush: true)
      end
    end)
  end

  test "many processes that start scans at once do not exceed the limit", %{root: root} do
    VM.run(VM.start!(max_scans: 10), fn ->
      me = self()
      start = fn _ -> Scanner.scan(root, to: me, active: false) end
      results = 1..200 |> Task.async_stream(start, max_concurrency: 50) |> Enum.map(&elem(&1, 1))
      {started, refused} = Enum.split_with(results, &match?({:ok, _}, &1))
      assert length(started) == 10
      assert Enum.all?(refused, &(reason(&1) == :too_many_scans))
      for {:ok, scan} <- started, do: :ok = Scanner.cancel(scan, flush: true)
    end)
  end

  test "a scan into an index counts too, and holds nothing of the index when it is refused",
       %{root: root, base: base} do
    VM.run(VM.start!(max_scans: 1), fn ->
      {:ok, index} = Index.open(path: base <> "/index.db")
      scan = park!(root, index: index)
      assert reason(Scanner.scan(root, index: index)) == :too_many_scans
      assert reason(Scanner.scan(root)) == :too_many_scans
      :ok = Scanner.cancel(scan, flush: true)
      {:ok, scan} = Scanner.scan(root, index: index)
      assert {_slabs, %{status: :complete}, _} = receive_all(scan)
      assert :ok = Index.close(index)
      assert {:ok, index} = Index.open(path: base <> "/index.db")
      assert :ok = Index.close(index)
    end)
  end
end
