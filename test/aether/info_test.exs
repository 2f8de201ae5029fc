defmodule Aether.InfoTest do
  # Counts of the whole VM: no other scans may run.
  use Aether.Case, async: false

  doctest Aether

  setup do
    :telemetry.subscribe()
    await_idle()
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

  test "demand and slabs of a scan are reported", %{root: root} do
    {:ok, scan} = Scanner.scan(root, active: true)
    assert Scanner.info(scan).demand == :infinity
    {slabs, _summary, _} = receive_all(scan)
    assert %{status: :complete, slabs: count} = Scanner.info(scan)
    assert count == length(slabs)
  end

  describe "the configuration" do
    setup do
      before = Application.get_all_env(:aether)
      on_exit(fn -> Application.put_all_env(aether: before) end)
    end

    test "has defaults" do
      assert Aether.Application.threads() == Application.fetch_env!(:aether, :threads)

      for name <- [:threads, :max_scans], do: Application.delete_env(:aether, name)
      assert Aether.Application.threads() == 32
      assert Aether.Application.max_scans() == 1024

      for {name, most} <- [threads: 1024, max_scans: 1_000_000], number <- [1, most] do
        Application.put_env(:aether, name, number)
        assert apply(Aether.Application, name, []) == number
      end
    end

    test "is refused by every call that scans if it is invalid", %{root: root} do
      for {name, most} <- [threads: 1024, max_scans: 1_000_000] do
        good = apply(Aether.Application, name, [])

        for bad <- [0, -1, most + 1, 1.0, "8", :infinity] do
          Application.put_env(:aether, name, bad)

          for call <- [&Scanner.scan/1, &Scanner.list/1, &Enum.to_list(Scanner.stream!(&1))] do
            assert_raise ArgumentError,
                         "config :aether, #{inspect(name)} takes an integer from 1 to #{most}, " <>
                           "got: #{inspect(bad)}",
                         fn -> call.(root) end
          end
        end

        Application.put_env(:aether, name, good)
      end
    end
  end
end
