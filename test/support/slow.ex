defmodule Aether.Slow do
  @moduledoc false
  # A file system whose directories hang, as long as the test wants, and then answer as if nothing had
  # been; see fuse.pl. Unlike Aether.Hang, where nothing ever answers.

  @server Path.expand("fuse.pl", __DIR__)

  def possible?, do: Aether.Hang.possible?() and System.find_executable("perl") != nil

  @doc "Mounts one at `path`, with `count` directories that hang. The caller gets `{port, {:data, {:eol, \"held 7\"}}}`."
  def mount!(path, count, links \\ 1) do
    port =
      Port.open({:spawn_executable, System.find_executable("perl")}, [
        :binary,
        line: 100,
        env: [{~c"AETHER_FUSE_LINKS", Integer.to_charlist(links)}],
        args: [@server, path, Integer.to_string(count)]
      ])

    ExUnit.Callbacks.on_exit(fn ->
      # The port has closed with the test, and the server unmounts at its end of input.
      System.cmd("umount", ["-l", path], stderr_to_stdout: true)
    end)

    await(port, "mounted")
    port
  end

  @doc "Waits until so many listings hang."
  def held!(port, count), do: await(port, "held #{count}")

  @doc "All that hangs gets its answer, and from now on nothing hangs any more."
  def release!(port), do: Port.command(port, "release\n")

  defp await(port, line) do
    receive do
      {^port, {:data, {:eol, ^line}}} -> :ok
    after
      Aether.Case.patience() ->
        ExUnit.Assertions.flunk("the slow file system did not say #{line}")
    end
  end
end
