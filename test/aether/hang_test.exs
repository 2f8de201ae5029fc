defmodule Aether.HangTest do
  # A file system that never answers: open_timeout, progress and cancel still work.
  use Aether.Case, async: true
  use Aether.VM

  @moduletag skip: !Aether.Hang.possible?() && "needs root and /dev/fuse"

  setup do
    root = Tree.tmp!()
    path = root <> "/hangs"
    File.mkdir!(path)
    {:ok, root: root, path: path, port: Aether.Hang.mount!(path)}
  end

  test "a root that does not open times out, with nothing left in the mailbox",
       %{path: path, port: port} do
    assert reason(Scanner.scan(path, open_timeout: 50)) == :etimedout
    assert reason(Scanner.list(path, open_timeout: 50)) == :etimedout
    assert_raise Error, ~r/etimedout/, fn -> Scanner.list!(path, open_timeout: 50) end
    assert mailbox() == []
    Aether.Hang.release!(port)
  end

  test "another receiver gets the summary of the cancelled scan", %{path: path, port: port} do
    me = self()
    task = Task.async(fn -> Scanner.scan(path, to: me, open_timeout: 50) end)
    assert reason(Task.await(task)) == :etimedout
    assert_receive {:scan_completed, _ref, %{status: :cancelled}}, patience()
    Aether.Hang.release!(port)
  end

  test "other scans go on", %{path: path, root: root, port: port} do
    Tree.files!(root <> "/beside", 10)
    hung = for _ <- 1..12, do: Task.async(fn -> Scanner.scan(path, open_timeout: 1000) end)
    assert length(Scanner.list!(root <> "/beside")) == 10
    for task <- hung, do: assert(reason(Task.await(task, :infinity)) == :etimedout)
    Aether.Hang.release!(port)
  end

  test "many hanging scans, all cancelled, do not keep others from opening", context do
    %{path: path, root: root, port: port} = context
    Tree.files!(root <> "/beside", 5)
    link = root <> "/link"
    File.ln_s!(path, link)
    vm = VM.start!()

    VM.run(vm, fn ->
      # How long it takes is for bin/bench to say; where threads are used up it never ends.
      open_beside = fn -> assert length(Scanner.list!(root <> "/beside")) == 5 end

      for hung <- [path, link, path <> "/", path, link] do
        tasks = for _ <- 1..20, do: Task.async(fn -> Scanner.scan(hung, open_timeout: 400) end)
        open_beside.()

        for task <- tasks do
          assert {:error, %Error{reason: :etimedout} = error} = Task.await(task, :infinity)
          assert hung == link or Exception.message(error) =~ path
        end
      end

      open_beside.()
      # Those of the first moments, before it was known that the mount hangs, and few more.
      assert Aether.info().stuck_threads < 60

      # Refused at once, by the mount's name, whatever the path; but one now and then is let through as a probe.
      refused =
        for _ <- 1..3 do
          assert {:error, error} = Scanner.scan(link, open_timeout: 5000)
          assert error.reason == :etimedout
          Exception.message(error) =~ path
        end

      assert Enum.count(refused, & &1) >= 2
    end)

    Aether.Hang.release!(port)
    VM.run(vm, fn -> VM.until(fn -> Aether.info().stuck_threads == 0 end) end)
  end

  test "looks at a mount point that hangs do not keep scans around it from opening", context do
    %{root: root, port: port} = context
    Tree.files!(root <> "/beside", 5)
    vm = VM.start!()

    VM.run(vm, fn ->
      for _ <- 1..3 do
        look = fn -> Scanner.stat(root, "hangs", open_timeout: 1000) end
        looks = for _ <- 1..6, do: Task.async(look)
        for look <- looks, do: assert(reason(Task.await(look, :infinity)) == :etimedout)
      end

      assert length(Scanner.list!(root <> "/beside")) == 5
      assert Aether.info().stuck_threads <= 6
    end)

    Aether.Hang.release!(port)
    VM.run(vm, fn -> VM.until(fn -> Aether.info().stuck_threads == 0 end) end)
  end

  test "a scan that makes no headway still reports progress, at most ten times a second",
       %{root: root, port: port} do
    Tree.files!(root, 300)
    # Its metadata would hang as well, and with it the listing of the root.
    {:ok, scan} = Scanner.scan(root, progress: true, metadata: false)
    ref = scan.ref

    reports =
      for _ <- 1..3 do
        assert_receive {:scan_progress, ^ref, %Progress{} = progress}, patience()
        progress
      end

    for progress <- reports do
      assert %Progress{persisted: nil, expected: nil, errors: 0, new_errors: []} = progress
      assert is_binary(progress.current) and is_float(progress.rate)
    end

    assert %Progress{found: 301, files: 300, directories: 1, bytes: 0} = List.last(reports)

    [first, second, third] =
      Enum.map(reports, &System.convert_time_unit(&1.elapsed, :native, :millisecond))

    assert first >= 99 and second - first >= 99 and third - second >= 99

    # What hangs keeps nobody waiting.
    {time, :ok} = :timer.tc(fn -> Scanner.cancel(scan, flush: true) end)
    assert time < 2_000_000
    refute_received {:scan_progress, ^ref, _}
    Aether.Hang.release!(port)
  end

  test "without progress: true none comes", %{root: root, port: port} do
    {:ok, scan} = Scanner.scan(root)
    assert Scanner.await(scan, 300) == {:error, :timeout}
    ref = scan.ref
    refute_received {:scan_progress, ^ref, _}
    :ok = Scanner.cancel(scan, flush: true)
    Aether.Hang.release!(port)
  end
end
