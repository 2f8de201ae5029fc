defmodule Aether.MailboxTest do
  # A long mailbox: what calls of a scan cost then, in looks at messages. A look is a reduction, so they can be counted.
  use Aether.Case, async: true

  @foreign 50_000

  setup do
    root = Tree.tmp!()
    Tree.make!(root, for(a <- 1..20, b <- 1..20, do: "#{a}/#{b}/file"))

    # A module that is loaded on its first call has the caller look through its mailbox.
    {:ok, scan} = Scanner.scan(root)
    _ = Scanner.await(scan, 0)
    :ok = Scanner.cancel(scan, flush: true)
    _ = Scanner.list!(root)
    {:ok, agent} = Agent.start_link(fn -> 0 end)
    :ok = Agent.update(agent, & &1)
    {:ok, root: root, agent: agent}
  end

  # The mailbox of a process of its own.
  defp alone(fun), do: Task.await(Task.async(fun), :infinity)

  defp fill(tag, numbers), do: for(number <- numbers, do: send(self(), {tag, number}))

  defp reductions(fun) do
    {:reductions, before} = Process.info(self(), :reductions)
    result = fun.()
    {:reductions, now} = Process.info(self(), :reductions)
    {now - before, result}
  end

  # All of it is in the mailbox.
  defp ended!(scan) do
    Aether.VM.until(fn -> Scanner.info(scan).status == :complete end)
    scan
  end

  defp many!(root) do
    {:ok, scan} = Scanner.scan(root, depth: :infinity, slab_entries: 1)
    scan = ended!(scan)
    assert %{slabs: slabs} = Scanner.info(scan)
    assert slabs > 400
    scan
  end

  # A mark may be lost to what else the process receives: hardly each time.
  defp flushes_cheaply!(scans) do
    assert Enum.any?(1..5, fn _ ->
             alone(fn ->
               fill(:before, 1..@foreign)

               costs =
                 for scan <- scans.() do
                   {cost, :ok} = reductions(fn -> Scanner.cancel(scan, flush: true) end)
                   cost
                 end

               assert mailbox() == for(number <- 1..@foreign, do: {:before, number})

               # Some for each message of the scan; one pass would be more, and all passes 400 times as many.
               Enum.max(costs) < @foreign / 2
             end)
           end)
  end

  test "a flush skips messages from before the scan", %{root: root} do
    flushes_cheaply!(fn -> [many!(root)] end)
  end

  test "also after other calls, and for several scans", %{root: root, agent: agent} do
    flushes_cheaply!(fn ->
      scans = [many!(root), many!(root)]
      for _ <- 1..50, do: Agent.update(agent, &(&1 + 1))
      {:ok, parked} = Scanner.scan(root, active: false)
      assert Scanner.await(parked, 10) == {:error, :timeout}
      [parked | scans]
    end)
  end

  test "other messages that came in between keep their order", %{root: root} do
    alone(fn ->
      fill(:foreign, 1..100)
      {:ok, scan} = Scanner.scan(root, active: false, slab_entries: 1, depth: :infinity)

      for n <- 1..20 do
        :ok = Scanner.ask(scan, n)
        Aether.VM.until(fn -> Scanner.info(scan).demand == 0 end)
        fill(:foreign, (100 * n + 1)..(100 * n + 100))
      end

      :ok = Scanner.cancel(scan, flush: true)
      assert mailbox() == for(number <- 1..2100, do: {:foreign, number})
    end)
  end

  test "a scan whose mark is lost is flushed too", %{root: root} do
    alone(fn ->
      fill(:before, 1..100)
      # More than a process keeps marks of.
      scans = for _ <- 1..20, do: many!(root)
      for scan <- scans, do: assert(Scanner.cancel(scan, flush: true) == :ok)
      assert mailbox() == for(number <- 1..100, do: {:before, number})
    end)
  end

  test "other calls look at each message at most once", %{root: root} do
    calls = [
      await: fn -> {:ok, _} = Scanner.await(many!(root), patience()) end,
      scan: fn -> {:ok, _} = Scanner.scan(root, active: false) end,
      scan_subdir: fn -> {:ok, _} = Scanner.scan_subdir(root, "1", active: false) end,
      refused: fn -> {:error, _} = Scanner.scan(root <> "/absent") end,
      list: fn -> Scanner.list!(root) end,
      stream!: fn -> Enum.to_list(Scanner.stream!(root)) end,
      halted: fn -> Enum.take(Scanner.stream!(root, slab_entries: 1), 1) end
    ]

    for {name, call} <- calls do
      {short, _} = alone(fn -> reductions(call) end)

      {long, _} =
        alone(fn ->
          fill(:before, 1..@foreign)
          reductions(call)
        end)

      # What they cost otherwise is not always the same.
      assert {name, long - short < 1.5 * @foreign} == {name, true}
    end
  end
end
