defmodule Aether.Hang do
  @moduledoc false
  # A file system whose server never answers: every system call on it hangs, until it is let go.
  # No program is needed for it but mount(8); only root may do it.

  @script """
  exec 3<>/dev/fuse || exit 1
  mount -i -t fuse -o fd=3,rootmode=40000,user_id=0,group_id=0 aether-test "$1" || exit 1
  echo mounted
  read line
  umount -l "$1" 2>/dev/null
  """

  def possible?, do: Aether.Case.root?() and File.exists?("/dev/fuse")

  @doc "Mounts it at `path`; it is gone when the test ends, and what hung gets an error."
  def mount!(path) do
    port =
      Port.open({:spawn_executable, System.find_executable("sh")}, [
        :binary,
        args: ["-c", @script, "sh", path]
      ])

    receive do
      {^port, {:data, "mounted\n"}} -> :ok
    after
      Aether.Case.patience() -> ExUnit.Assertions.flunk("could not mount a FUSE file system")
    end

    ExUnit.Callbacks.on_exit(fn ->
      # The port has closed with the test process, and the script unmounts at its end of input.
      System.cmd("umount", ["-l", path], stderr_to_stdout: true)
    end)

    port
  end

  @doc "Lets go of everything that hangs."
  def release!(port), do: Port.command(port, "\n")
end
