defmodule Aether.InfoTest do
  # Counts of the whole VM: no other scans may run.
  use Aether.Case, async: false

  doctest Aether

  setup do
    :telemetry.subscribe()
    {:ok, root: Tree.tmp!() |> Tree.files!(50)}
  end

  test "the module's documentation is the README's" do
    {:docs_v1, _, _, _, %{"en" => text}, _, _} = Code.fetch_docs(Aether)
    [_title, rest] = "README.md" |> File.read!() |> String.split("<!-- moduledoc -->")
    assert text == rest
    refute text =~ "# Aether\n"
  end

  test "a parked scan is counted, with the descriptor of its root, and no longer when it has ended",
       %{root: root} do
    before = Aether.info()
    {:ok, scan} = Scanner.scan(root, active: false, slab_entries: 1)
    assert %{status: :parked, demand: 0, slabs: 0} = Scanner.info(scan)

    during = Aether.info()
    assert during.parked == before.parked + 1
    assert during.running == before.running
    assert during.descriptors >= before.descriptors + 1
    assert during.threads >= 1
    assert during.stuck_threads == 0

    :ok = Scanner.cancel(scan, flush: true)
    assert %{status: :cancelled} = Scanner.info(scan)
    assert Aether.info().parked == before.parked
  end

  test "demand and slabs of a scan are told", %{root: root} do
    {:ok, scan} = Scanner.scan(root, active: true)
    assert Scanner.info(scan).demand == :infinity
    {slabs, _summary, _} = receive_all(scan)
    assert %{status: :complete, slabs: count} = Scanner.info(scan)
    assert count == length(slabs)
  end

  describe "the number of threads" do
    setup do
      before = Application.fetch_env!(:aether, :threads)
      on_exit(fn -> Application.put_env(:aether, :threads, before) end)
    end

    test "is as configured, or twice the cores and 4 at the least" do
      Application.put_env(:aether, :threads, 3)
      assert Aether.Application.threads() == 3
      Application.delete_env(:aether, :threads)
      assert Aether.Application.threads() == max(4, 2 * System.schedulers_online())
    end

    test "is refused if it is none, by every call that scans", %{root: root} do
      for bad <- [0, -1, 1025, "8", :all] do
        Application.put_env(:aether, :threads, bad)

        for call <- [&Scanner.scan/1, &Scanner.list/1, &Enum.to_list(Scanner.stream!(&1))] do
          assert_raise ArgumentError,
                       "config :aether, :threads takes an integer from 1 to 1024, got: #{inspect(bad)}",
                       fn -> call.(root) end
        end
      end
    end
  end
end
