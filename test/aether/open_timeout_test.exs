defmodule Aether.OpenTimeoutTest do
  # A root that does not open in time: the error names the file system that may hang.
  use Aether.Case, async: true
  use Aether.VM

  @moduletag skip: !Aether.Hang.possible?() && "needs root and /dev/fuse"

  setup do
    base = Tree.tmp!()
    # Two spaces and a byte that is no UTF-8: the mount table has them escaped.
    mount = base <> "/han gs \xFF"
    Tree.make!(base, [{"link", {:link, mount}}])
    File.mkdir!(mount)
    {:ok, base: base, mount: mount, port: Aether.Hang.mount!(mount)}
  end

  defp given_up({:error, error} = result) do
    assert reason(result) == :etimedout
    assert %Error{operation: :start} = error
    error
  end

  test "the mount, whatever is on it", %{mount: mount, port: port} do
    for path <- [mount, mount <> "/", mount <> "/a/../b", "/proc/.././" <> mount] do
      error = given_up(Scanner.scan(path, open_timeout: 50))
      assert error.path == path
      assert error.detail == "not open after 50 ms; the file system mounted at #{mount} may hang"
    end

    message = Exception.message(given_up(Scanner.list(mount, open_timeout: 50)))
    assert message =~ ~S|/han gs \xFF may hang). The file system may hang: look at its server|
    assert mailbox() == []
    Aether.Hang.release!(port)
  end

  test "of a folder", %{mount: mount, base: base, port: port} do
    folder = Path.relative_to(mount, base)
    error = given_up(Scanner.scan_subdir(base, folder, open_timeout: 50))
    assert error.path == folder
    assert error.detail =~ "; the file system mounted at #{mount} may hang"
    Aether.Hang.release!(port)
  end

  test "of one entry, whose mount hangs or which is the mount", %{
    mount: mount,
    base: base,
    port: port
  } do
    name = Path.relative_to(mount, base)
    before = [send(self(), {:scan_opened, make_ref(), :another})]

    for {root, path} <- [{base, name <> "/file"}, {base, name}, {mount, ""}, {mount, "file"}] do
      error = given_up(Scanner.stat(root, path, open_timeout: 50))
      assert error.path == if(path == "", do: root, else: path)
      assert error.detail =~ "; the file system mounted at #{mount} may hang"
      assert mailbox() == before
    end

    # In the meantime, what does not hang is seen.
    assert {:ok, %{kind: :symlink}} = Scanner.stat(base, "link")
    assert mailbox() == before
    Aether.Hang.release!(port)
  end

  test "by its name alone: links are not resolved", %{base: base, port: port} do
    error = given_up(Scanner.scan(base <> "/link", open_timeout: 50))
    assert [_, named] = Regex.run(~r/mounted at (.*) may hang/s, error.detail)
    assert String.starts_with?(base, named)
    Aether.Hang.release!(port)
  end

  # Asks for a file until there is no answer.
  defp ask_in_vain do
    {asked, monitor} = spawn_monitor(fn -> :prim_file.read_file_info("/") end)

    receive do
      {:DOWN, ^monitor, :process, ^asked, :normal} -> ask_in_vain()
    after
      200 ->
        Process.demonitor(monitor, [:flush])
        asked
    end
  end

  test "while all of the VM's file threads hang", %{mount: mount, port: port} do
    vm = VM.load_all(VM.start!())

    asked =
      VM.run(vm, fn ->
        # The VM's threads for files, each stuck on that mount.
        for n <- 1..:erlang.system_info(:dirty_io_schedulers),
            do: spawn(fn -> :prim_file.read_file_info(mount <> "/#{n}") end)

        asked = ask_in_vain()
        {time, error} = :timer.tc(fn -> given_up(Scanner.scan(mount, open_timeout: 50)) end)
        assert time < 20 * 550_000
        assert error.detail == "not open after 50 ms"
        assert mailbox() == []
        assert Process.alive?(asked)
        asked
      end)

    Aether.Hang.release!(port)
    VM.run(vm, fn -> VM.until(fn -> not Process.alive?(asked) end) end)
  end
end
