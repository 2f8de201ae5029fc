defmodule Aether.Index.NativeTest do
  # The native functions of an index by themselves: exact structs, and that whatever they are given is at worst an ArgumentError.
  use Aether.Case, async: true

  import Aether.Kept
  import Bitwise, only: [<<<: 2]
  alias Aether.{Index, Native}

  setup do
    root = Tree.make!(Tree.tmp!(), ["a/1"])
    index = index!()
    scan!(root, index, source_id: "s")
    %{index: index, root: root}
  end

  # What the library makes has exactly the fields that Elixir knows.
  defp assert_exact(%module{} = struct) do
    assert {module, Enum.sort(Map.keys(struct))} == {module, Enum.sort(Map.keys(struct(module)))}

    for {_, value} <- Map.from_struct(struct),
        is_list(value),
        %_{} = inner <- value,
        do: assert_exact(inner)
  end

  test "structs are exactly those of Elixir", %{index: index} do
    for {:ok, %Index.Answer{} = answer} <- [
          Index.source(index, "s"),
          Index.children(index, "s", ""),
          Index.stat(index, "s", "a/1"),
          Index.totals(index, "s"),
          Index.largest(index, "s"),
          Index.links(index, "s", "a/1"),
          Index.breakdown(index, "s"),
          Index.changes(index, "s", 0, 1),
          Index.search(index, "a")
        ] do
      assert_exact(answer)
      assert_exact(answer.value)
    end

    {:ok, report} = Index.check(index)
    assert_exact(report)
  end

  @calls [
    index_open: [
      :ref,
      "no/such/directory/x",
      %{
        read_only: false,
        busy_timeout: 0,
        stall_timeout: 0,
        history: 0,
        search_memory: 1,
        permissions: 0o600,
        follow: false
      }
    ],
    index_close: [:ref, :handle],
    index_forget: [:ref, :handle, "no", nil],
    index_put_note: [:ref, :handle, %{Aether.Kept.note("a") | source: "no"}],
    index_search: [
      :ref,
      :handle,
      "a",
      %{
        mode: :auto,
        limit: 1,
        after: nil,
        kinds: [],
        extensions: [],
        larger: nil,
        newer: nil,
        known_as: :root,
        source: nil,
        near: nil,
        all: false,
        session: nil
      }
    ],
    index_check: [:ref, :handle, false],
    index_backup: [:ref, :handle, "no/such/directory/x"],
    index_restore: [:ref, "no/such/directory/x", "no/such/directory/y", 0],
    index_vacuum: [:ref, :handle],
    index_import: [:ref, :handle, "no/such/directory", []],
    index_import_one: [:ref, :handle, "no/such/directory", "s"],
    index_unsubscribe: [:handle, :ref],
    index_claim_cache: [:handle, "s"],
    index_info: [:handle],
    index_read: [:ref, :handle, :sources],
    index_subscribe: [:ref, :handle, :ref, "no", ""],
    index_breakdown: [:ref, :handle, "no", "", :age, 1],
    index_cancel: [:handle],
    index_abandon: [:handle],
    index_session: []
  ]

  @requests [
    {:rules, "/", nil},
    {:source, "s"},
    {:source_at, "/"},
    {:place, "/"},
    {:children, "s", "", 1, nil, :name, false},
    {:stat, "s", ""},
    {:totals, "s", ""},
    {:largest, "s", "", 1, :size},
    {:links, "s", "a", 1},
    {:changes, "s", "", 0, 1, 1, nil, false},
    {:notes, "s", ""}
  ]

  test "every function of an index is covered here" do
    known = for {name, _} <- Native.__info__(:functions), to_string(name) =~ ~r/^index_/, do: name
    assert Enum.sort(known) == Enum.sort(Keyword.keys(@calls))
  end

  test "forged arguments are ArgumentErrors, and nothing else happens", %{index: index} do
    # A reference, but of nothing; of a list, an improper one.
    forged = [make_ref(), :no, -1, 1.5, %{}, [1 | 2], {}, self(), <<1::7>>, 1 <<< 70]
    good = fn -> %{ref: make_ref(), handle: index.handle} end

    for {call, arguments} <- @calls,
        at <- 0..(length(arguments) - 1)//1,
        wrong <- forged,
        not fits?(call, at, wrong) do
      arguments = for argument <- arguments, do: Map.get(good.(), argument, argument)
      given = List.replace_at(arguments, at, wrong)

      raised =
        try do
          apply(Native, call, given)
        rescue
          ArgumentError -> :raised
        end

      assert {call, at, wrong, raised} == {call, at, wrong, :raised}
    end

    for request <- @requests,
        at <- 0..(tuple_size(request) - 1),
        # Generations are numbers of any sign, answered as any other that is not there.
        wrong <- forged -- if(elem(request, 0) == :changes and at in [3, 4], do: [-1], else: []),
        given = put_elem(request, at, wrong) do
      assert_raise ArgumentError, fn -> Native.index_read(make_ref(), index.handle, given) end
    end

    # Scans, cancels and sessions are no indexes, and an index is none of them.
    {:ok, scan} = Scanner.scan("lib", active: false)

    for handle <- [scan.handle, Native.index_session()],
        do: assert_raise(ArgumentError, fn -> Native.index_info(handle) end)

    for handle <- [scan.handle, index.handle],
        call <- [:index_cancel, :index_abandon],
        do: assert_raise(ArgumentError, fn -> apply(Native, call, [handle]) end)

    Scanner.cancel(scan, flush: true)

    assert value!(Index.totals(index, "s")).file_count == 1
    assert mailbox() == []
  end

  # Any reference is one to answer under.
  defp fits?(call, at, wrong) do
    is_reference(wrong) and Enum.at(@calls[call], at) == :ref
  end

  test "an index without references is closed", %{index: index} do
    path = Path.dirname(index.path) <> "/other.db"
    {pid, monitor} = spawn_monitor(fn -> {:ok, _} = Index.open(path: path) end)
    assert_receive {:DOWN, ^monitor, :process, ^pid, :normal}, patience()
    assert {:ok, again} = Index.open(path: path, busy_timeout: 5000)
    Index.close(again)
  end

  test "a scan that has ended does not keep its index open", %{index: index, root: root} do
    path = Path.dirname(index.path) <> "/other.db"
    test = self()

    {pid, monitor} =
      spawn_monitor(fn ->
        {:ok, other} = Index.open(path: path)
        {:ok, scan} = Scanner.scan(root, index: other, slabs: false)
        assert {[], %{status: :complete}, []} = receive_all(scan)
        # The struct has the index too.
        send(test, {:handle, scan.handle})
      end)

    assert_receive {:handle, handle}, patience()
    assert_receive {:DOWN, ^monitor, :process, ^pid, :normal}, patience()
    assert {:ok, again} = Index.open(path: path, busy_timeout: 5000)
    Index.close(again)
    assert %{status: :complete} = Native.scan_info(handle)
  end

  test "a second close waits for the first", %{index: index} do
    shell = Aether.Stored.hold!(index.path)
    # The writer waits for the lock, and closing for that.
    note = make_ref()
    assert {:ok, _cancel} = Native.index_put_note(note, index.handle, Aether.Kept.note("a"))
    first = Task.async(fn -> Index.close(index) end)
    Aether.VM.until(fn -> match?({:error, _}, Index.sources(index)) end)
    second = Task.async(fn -> Index.close(index) end)
    assert Task.yield_many([first, second], 200) |> Enum.map(&elem(&1, 1)) == [nil, nil]
    Aether.Stored.release!(shell)
    assert Task.await_many([first, second], patience()) == [:ok, :ok]
    assert_received {:index_answer, ^note, :ok}
    assert Index.close(index) == :ok
    {:ok, again} = Index.open(path: index.path, busy_timeout: 0)
    Index.close(again)
  end

  test "a call is answered even if the caller has dropped the index", %{index: index} do
    path = index.path
    :ok = Index.close(index)

    for call <- [
          &Index.check/1,
          &Index.search(&1, "a"),
          &Index.vacuum/1,
          &Index.backup(&1, path <> ".copy")
        ] do
      task =
        Task.async(fn ->
          {:ok, index} = Index.open(path: path)
          call.(index)
        end)

      assert {:ok, _} = Task.await(task, patience())
    end
  end
end
