defmodule Aether.CLI do
  @moduledoc false

  # The command line's entry. bin/aether starts a bare VM with `-s Elixir.Aether.CLI main -extra` and:
  #
  #     STDOUT   "terminal" or "-"
  #     COLUMNS  of the terminal on stderr, 0 where it is none
  #     READY    a descriptor that is told when signals are handled
  #     WORDS    in hexadecimal, because the VM takes only text, and with a NUL byte after each:
  #              the user's current directory, then the user's words
  #
  # What the words mean is in Aether.CLI.Arguments, scanning in Aether.CLI.Run, asking an index in
  # Aether.CLI.Known.

  alias Aether.CLI.{Arguments, Known, Output, Run, Signals}

  @doc """
  Does what the words say, and ends the VM with the exit status.
  """
  @spec main() :: no_return
  def main do
    [stdout, columns, ready, words] = :init.get_plain_arguments()
    Signals.handle()
    tell(List.to_integer(ready))
    [directory | words] = words |> List.to_string() |> Base.decode16!(case: :lower) |> split([])

    status =
      run(words, %{
        directory: directory,
        terminal: stdout == ~c"terminal",
        columns: List.to_integer(columns)
      })

    :erlang.halt(status, flush: false)
  catch
    kind, reason ->
      # Not the VM's own report: that comes with a crash dump.
      text = Exception.format(kind, reason, __STACKTRACE__)
      print(2, ["aether: this is a defect, please report it\n", text, ?\n])
      :erlang.halt(1, flush: false)
  end

  @doc """
  Does what words say on this VM's stdout and stderr; the answer is the exit status.
  """
  @spec run([binary], Run.surroundings()) :: 0..255
  def run(words, surroundings) do
    case Arguments.parse(words) do
      {:ok, %{command: :scan} = arguments} -> Run.scan(arguments, surroundings)
      {:ok, arguments} -> Known.answer(arguments, surroundings)
      :help -> print(1, Arguments.help())
      :version -> print(1, ["aether ", version(), ?\n])
      {:usage, message} -> usage(message)
    end
  end

  defp usage(message) do
    print(2, ["aether: ", message, "\nTry aether --help.\n"])
    2
  end

  defp version do
    _ = :application.load(:aether)
    {:ok, version} = :application.get_key(:aether, :vsn)
    version
  end

  # On stdout or stderr; the answer is the exit status.
  defp print(descriptor, text) do
    {pid, _monitor} = output = Output.open(descriptor)
    Output.write(pid, text)
    output |> Output.finish() |> Run.written()
  end

  defp tell(descriptor) do
    port = :erlang.open_port({:fd, descriptor, descriptor}, [:out])
    :erlang.port_command(port, "\n")
  end

  defp split("", words), do: Enum.reverse(words)

  defp split(bytes, words) do
    [word, rest] = :binary.split(bytes, <<0>>)
    split(rest, [word | words])
  end
end
