defmodule Aether.StreamTest do
  use Aether.Case, async: true

  setup do
    :telemetry.subscribe()
    {:ok, root: Tree.tmp!()}
  end

  # The slabs of more than two windows, so that a scan that nobody pulls from cannot end.
  @many 100

  defp many(root), do: Tree.files!(root, @many)

  defp stop_of(root), do: receive_stop(&(&1.root == root))

  describe "list/2" do
    test "returns what find returns", %{root: root} do
      Tree.make!(root, [
        {"a/b/c/d/e", "12345"},
        {"a/.hidden", "x"},
        {"l", {:link, "a"}},
        {"p", :fifo},
        {"nl\nnl", "y"},
        {<<0xFF, 0xFE>>, "z"},
        "empty/"
      ])

      assert {:ok, entries, %Summary{status: :complete} = summary} = Scanner.list(root)
      assert Enum.sort(entries) == Find.entries(root)
      assert Summary.entries(summary) == length(entries)
      assert Enum.sort(Scanner.list!(root)) == Find.entries(root)
    end

    test "of an empty directory is empty", %{root: root} do
      assert {:ok, [], %Summary{status: :complete, first_entry: nil, rate: rate}} =
               Scanner.list(root)

      assert rate == 0.0
      assert Scanner.list!(root) == []
      assert Enum.to_list(Scanner.stream!(root)) == []
    end

    test "takes more slabs than its window", %{root: root} do
      many(root)
      assert {:ok, entries, _summary} = Scanner.list(root, slab_entries: 1)
      assert Enum.sort(entries) == Find.entries(root)
    end

    test "gives an error when it cannot start, list! raises it", %{root: root} do
      assert {:error, %Error{reason: :enoent} = error} = Scanner.list(root <> "/absent")
      assert assert_raise(Error, fn -> Scanner.list!(root <> "/absent") end) == error
      assert {:error, %Error{reason: :einval}} = Scanner.list("")
      assert_raise Error, ~r/the path is empty/, fn -> Scanner.list!("") end
    end

    test "leaves the caller's settings as they were, and works within a limit", %{root: root} do
      many(root)
      settings = fn -> Process.info(self(), [:min_heap_size, :max_heap_size, :trap_exit]) end

      for limit <- [0, 10_000_000] do
        Task.await(
          Task.async(fn ->
            Process.flag(:max_heap_size, limit)
            before = settings.()
            assert length(Scanner.list!(root)) == @many
            assert settings.() == before
          end)
        )
      end
    end

    test "refuses options that would do nothing", %{root: root} do
      assert_raise ArgumentError, ~r/:active is not for/, fn -> Scanner.list(root, active: 1) end
      assert_raise ArgumentError, ~r/:to is not for/, fn -> Scanner.list!(root, to: self()) end
    end
  end

  describe "stream!/2" do
    test "returns what find returns, lazily", %{root: root} do
      Tree.make!(root, [{"a/b/c", "1"}, "d/", {"e", {:link, "nowhere"}}])
      stream = Scanner.stream!(root)
      assert Enum.sort(stream) == Find.entries(root)
      # It can be enumerated again, and sees what is new.
      Tree.make!(root, ["new"])
      assert Enum.sort(stream) == Find.entries(root)
    end

    test "does nothing before it is enumerated", %{root: root} do
      later = root <> "/later"
      stream = Scanner.stream!(later)
      refute_received {:telemetry, _, _, %{root: ^later}, _}
      Tree.make!(root, ["later/x"])
      assert [%Entry{path: "x"}] = Enum.to_list(stream)
    end

    test "checks options at once", %{root: root} do
      assert_raise ArgumentError, fn -> Scanner.stream!(root, depth: 0) end
      assert_raise ArgumentError, fn -> Scanner.stream!(root, tag: 1) end
      assert_raise ArgumentError, ~r/a path is a binary/, fn -> Scanner.stream!(~c"/tmp") end
    end

    test "raises when it could not start", %{root: root} do
      stream = Scanner.stream!(root <> "/absent")
      assert_raise Error, ~r/it does not exist \(enoent\)/, fn -> Enum.to_list(stream) end
      assert mailbox_without_events() == []
    end

    test "cancels when halted, before the call returns", %{root: root} do
      many(root)
      assert [%Entry{}] = Scanner.stream!(root, slab_entries: 1) |> Enum.take(1)
      assert %{status: :cancelled} = stop_of(root)
    end

    test "reads at most a few slabs ahead", %{root: root} do
      many(root)
      parent = self()

      consumer =
        spawn(fn ->
          Scanner.stream!(root, slab_entries: 1)
          |> Enum.each(fn entry ->
            send(parent, {:entry, entry})
            receive do: (:go_on -> :ok)
          end)
        end)

      assert_receive {:entry, _}, patience()
      refute_received {:entry, _}
      Process.exit(consumer, :kill)
      # Had it been read to its end, it would have ended complete.
      assert %{status: :cancelled, summary: summary} = stop_of(root)
      assert Summary.entries(summary) <= @many
    end

    test "cancels when the consumer raises or throws", %{root: root} do
      many(root)
      stream = Scanner.stream!(root, slab_entries: 1)
      assert_raise RuntimeError, "mine", fn -> Enum.each(stream, fn _ -> raise "mine" end) end
      assert %{status: :cancelled} = stop_of(root)
      assert catch_throw(Enum.each(stream, fn _ -> throw(:mine) end)) == :mine
      assert %{status: :cancelled} = stop_of(root)
      assert mailbox_without_events() == []
    end

    test "raises when the scan fails midway, after on_summary", %{root: root} do
      many(root)
      parent = self()

      stream = Scanner.stream!(root, slab_entries: 1, on_summary: &send(parent, {:summary, &1}))

      error =
        assert_raise Error, ~r/enoent/, fn ->
          Enum.each(stream, fn _ -> Tree.remove!(root) end)
        end

      assert_received {:summary, %Summary{status: :failed, error: ^error}}
    end

    test "on_summary gets the summary once, at the end", %{root: root} do
      Tree.make!(root, ["a", "b/c"])
      parent = self()
      stream = Scanner.stream!(root, on_summary: &send(parent, {:summary, &1}))
      assert Enum.count(stream) == 3
      assert_received {:summary, %Summary{status: :complete, files: 2, directories: 1}}
      refute_received {:summary, _}

      assert [_one] = Enum.take(stream, 1)
      refute_received {:summary, _}
    end

    test "two of them can be zipped", %{root: root} do
      many(root)
      stream = Scanner.stream!(root, slab_entries: 3)
      pairs = Stream.zip(stream, stream) |> Enum.to_list()
      assert length(pairs) == @many
      assert pairs |> Enum.map(&elem(&1, 0)) |> Enum.sort() == Find.entries(root)
    end
  end

  describe "the caller's mailbox" do
    test "is unchanged", %{root: root} do
      many(root)
      send(self(), :mine)
      Process.flag(:trap_exit, true)

      for opts <- [[], [slab_entries: 1]] do
        {:ok, _, _} = Scanner.list(root, opts)
        {:error, _} = Scanner.list(root <> "/absent", opts)
        Enum.to_list(Scanner.stream!(root, opts))
        Enum.take(Scanner.stream!(root, opts), 1)
        catch_throw(Enum.each(Scanner.stream!(root, opts), &throw/1))
      end

      assert mailbox_without_events() == [:mine]
      assert Process.info(self(), :monitors) == {:monitors, []}
      assert Process.info(self(), :links) |> elem(1) |> length() <= 1
    end
  end

  describe "when the caller dies" do
    test "in the middle of a list, the scan is cancelled and nothing is left", %{root: root} do
      many(root)

      for reason <- [:kill, :shutdown] do
        parent = self()

        caller =
          spawn(fn ->
            Scanner.stream!(root, slab_entries: 1)
            |> Enum.each(fn _ ->
              send(parent, :pulling)
              receive do: (:never -> :ok)
            end)
          end)

        assert_receive :pulling, patience()
        Process.exit(caller, reason)
        assert %{status: :cancelled, receiver: pull} = stop_of(root)
        monitor = Process.monitor(pull)
        assert_receive {:DOWN, ^monitor, :process, ^pull, _}, patience()
      end
    end
  end

  defp mailbox_without_events do
    Enum.reject(mailbox(), &match?({:telemetry, _, _, _, _}, &1))
  end
end
