defmodule Aether.NativeContract.StartTest do
  # A native scan from its start to its end: what it sends, and that whatever it is given is at worst an
  # ArgumentError. Not async: counts of the one pool are of the whole VM.
  use ExUnit.Case, async: false

  import Aether.Contract
  alias Aether.{Error, Native, Progress, Summary}

  @moduletag :tmp_dir

  @options options()

  setup do: Aether.Case.await_idle()

  defp sequence(<<"ASLB", 1::little-16, _flags::16, _tag::32, sequence::little-32, _::binary>>),
    do: sequence

  describe "start" do
    test "reports the root to the caller and everything else to the receiver", %{tmp_dir: dir} do
      test = self()
      fifty(dir)

      receiver =
        spawn_link(fn ->
          receive do
            first -> send(test, {:first, first})
          end

          receive do
            {:scan_completed, ref, summary} -> send(test, {:last, ref, summary})
          end
        end)

      {ref, _handle, identity} = start(dir, %{}, receiver)
      assert byte_size(identity) == 16
      assert_receive {:first, {:scan_chunk, ^ref, slab}}
      assert sequence(slab) == 0
      assert_receive {:last, ^ref, %Summary{status: :complete, files: 50, bytes: 50}}
    end

    test "sends slabs in sequence, each a binary of its own, and the summary last", %{
      tmp_dir: dir
    } do
      {ref, _handle, _} = start(fifty(dir), %{slab_entries: 10})
      summary(ref)

      {:messages, messages} = Process.info(self(), :messages)
      slabs = for {:scan_chunk, ^ref, slab} <- messages, do: slab
      assert length(slabs) >= 5
      assert Enum.map(slabs, &sequence/1) == Enum.to_list(0..(length(slabs) - 1))
      for slab <- slabs, do: assert(:binary.referenced_byte_size(slab) == byte_size(slab))
    end

    test "builds structs with exactly the fields of Elixir's", %{tmp_dir: dir} do
      File.mkdir!(Path.join(dir, "denied"))
      ref = make_ref()
      open_ref = make_ref()
      gone = Path.join(dir, "gone-\xff")
      {:ok, _} = Native.start(ref, open_ref, gone, "", nil, self(), @options)
      assert_receive {:scan_opened, ^open_ref, {:error, error}}
      assert error == %Error{reason: :enoent, path: gone, operation: :open, detail: nil}
      assert Map.keys(error) == Map.keys(%Error{reason: :enoent})
      assert Exception.message(error) =~ "enoent"

      {ref, _handle, _} = start(dir)
      summary = summary(ref)
      assert Map.keys(summary) == Map.keys(%Summary{})
      assert summary.errors == %{count: 0, by_reason: %{}, first: []}
      assert is_integer(summary.duration) and summary.duration > 0
      assert is_float(summary.rate)
    end

    test "reports progress in its struct, on request" do
      progress = progress(50)
      assert Map.keys(progress) == Map.keys(%Progress{})
      assert progress.found > 0
      assert is_binary(progress.current)
      assert is_integer(progress.elapsed) and progress.elapsed > 0
      assert %{persisted: nil, expected: nil, new_errors: errors} = progress
      assert Enum.all?(errors, &is_struct(&1, Error))
    end

    # The first report comes 100 ms after the start: some scan of everything will last so long.
    defp progress(tries) when tries > 0 do
      {ref, handle, _} = start("/", %{progress: true, slab_entries: 1_000_000})

      progress =
        receive do
          {:scan_progress, ^ref, progress} -> progress
          {:scan_completed, ^ref, _summary} -> nil
        end

      Native.cancel(handle)
      progress || progress(tries - 1)
    end

    test "checks the identity of the root", %{tmp_dir: dir} do
      {ref, _handle, identity} = start(dir)
      summary(ref)

      open_ref = make_ref()
      {:ok, _} = Native.start(make_ref(), open_ref, dir, "", identity, self(), @options)
      assert_receive {:scan_opened, ^open_ref, {:ok, ^identity}}

      other = File.cwd!()
      {:ok, _} = Native.start(make_ref(), open_ref, other, "", identity, self(), @options)
      assert_receive {:scan_opened, ^open_ref, {:error, %Error{reason: :root_changed}}}
    end

    test "after an error about the root nothing follows", %{tmp_dir: dir} do
      {ref, open_ref} = {make_ref(), make_ref()}
      gone = Path.join(dir, "gone")
      {:ok, handle} = Native.start(ref, open_ref, gone, "", nil, self(), @options)
      assert_receive {:scan_opened, ^open_ref, {:error, %Error{reason: :enoent}}}
      assert Native.scan_info(handle).status == :failed
      assert Native.cancel(handle) == :ok

      # Another scan's summary: whatever the first one sends would be here before it.
      {other, _handle, _} = start(dir)
      summary(other)
      refute_received {_, ^ref, _}
      refute_received {_, ^open_ref, _}
    end

    test "refuses a dead receiver and paths with NUL", %{tmp_dir: dir} do
      {dead, monitor} = spawn_monitor(fn -> :ok end)
      assert_receive {:DOWN, ^monitor, _, _, _}

      assert Native.start(make_ref(), make_ref(), dir, "", nil, dead, @options) ==
               {:error, %Error{reason: :noproc, path: dir, operation: :start}}

      for {root, folder, path} <- [{"a\0b", "", "a\0b"}, {dir, "a\0b", "a\0b"}] do
        assert Native.start(make_ref(), make_ref(), root, folder, nil, self(), @options) ==
                 {:error, %Error{reason: :einval, path: path, operation: :start}}
      end
    end

    test "forged arguments are ArgumentErrors and start nothing", %{tmp_dir: dir} do
      good = [make_ref(), make_ref(), dir, "", nil, self(), @options]
      remote = :erlang.binary_to_term(<<131, 88, 100, 3::16, "a@b", 1::32, 0::32, 1::32>>)

      forged = [
        {0, [nil, :ref, 1, "ref", self()]},
        {1, [nil, 1, %{}]},
        {2, [nil, :path, 'path', <<1::7>>, ["a", "b"]]},
        {3, [nil, 'folder', <<1::1>>]},
        {4, [false, "short", :binary.copy("x", 17), 'sixteen characte', 16]},
        {5, [nil, :name, "pid", make_ref(), remote]},
        {6, [nil, [], %{}, [depth: 1], "options"]}
      ]

      for {at, terms} <- forged, term <- terms do
        arguments = List.replace_at(good, at, term)
        assert_raise ArgumentError, fn -> apply(Native, :start, arguments) end
      end

      refute_received _
      assert %{running: 0, parked: 0} = Native.info()
    end

    test "forged options are ArgumentErrors and start nothing", %{tmp_dir: dir} do
      wrong = [
        depth: [0, -1, 1.0, nil, "1", :all],
        metadata: [nil, true, 2, 128, 129, -1, 1.0, [:disk]],
        entry: [1, :name, ["name"]],
        hidden: [nil, "true"],
        ignore: [
          true,
          nil,
          :hg,
          :git_user,
          [:a],
          ["a" | "b"],
          [<<1::3>>],
          "*.o",
          [:git_user],
          [{:git_user, "/home"}],
          [{:user, "/home", nil}],
          [{:git_user, :home, nil}]
        ],
        exclude: [nil, false, :git, [1], ["a" | :b], [["a"]]],
        same_file_system: [nil, 0],
        slab_entries: [0, -5, 1.5, :infinity],
        tag: [-1, 0x1_0000_0000, nil],
        threads: [0, -1, :all],
        progress: [nil, 0],
        active: [0, -1, nil, :once, 1.0, -100_000_000_000_000_000_000],
        pool_threads: [0, nil],
        max_scans: [0, -1, nil, :infinity, 1.0],
        native_per_second: [0, nil]
      ]

      for {key, values} <- wrong, value <- values do
        assert_raise ArgumentError, fn ->
          Native.start(make_ref(), make_ref(), dir, "", nil, self(), %{@options | key => value})
        end
      end

      for key <- Map.keys(@options) do
        assert_raise ArgumentError, fn ->
          Native.start(make_ref(), make_ref(), dir, "", nil, self(), Map.delete(@options, key))
        end
      end

      refute_received _
      assert %{running: 0, parked: 0} = Native.info()
    end

    test "takes numbers of any size", %{tmp_dir: dir} do
      huge = 1_000_000_000_000_000_000_000_000

      for key <- [:depth, :slab_entries, :threads, :active] do
        {ref, _handle, _} = start(dir, %{key => huge})
        assert summary(ref).status == :complete
      end
    end
  end
end
