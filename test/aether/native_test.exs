defmodule Aether.NativeTest do
  # What happens where the native library is not to be had, or not ours. In VMs of their own.
  use ExUnit.Case, async: true

  alias Aether.Tree

  setup do
    root = Tree.tmp!()
    app = Path.join(root, "aether")
    File.mkdir_p!(Path.join(app, "priv/native"))
    File.cp_r!(Application.app_dir(:aether, "ebin"), Path.join(app, "ebin"))
    {:ok, app: app, library: Path.join(app, "priv/native/aether_nif.so")}
  end

  # Evaluates code in a VM that has only this copy of Aether.
  defp elixir(app, code) do
    System.cmd("elixir", ["-pa", Path.join(app, "ebin"), "-e", code], stderr_to_stdout: true)
  end

  @calls """
  for {name, arity} <- Aether.Native.__info__(:functions), name not in [:load, :load_error] do
    try do
      apply(Aether.Native, name, List.duplicate(nil, arity))
      IO.puts("\#{name} returned")
    rescue
      error in Aether.Error ->
        :nif_not_loaded = error.reason
        IO.puts(Exception.message(error))
    end
  end
  """

  defp assert_all_raise(app, text) do
    assert {output, 0} = elixir(app, @calls)
    lines = String.split(output, "\n", trim: true)
    assert length(lines) == length(Aether.Native.__info__(:functions)) - 2
    for line <- lines, do: assert(line =~ text and line =~ "nif_not_loaded")
  end

  test "an absent library: the module loads, each call raises with the loader's message", %{
    app: app
  } do
    assert_all_raise(app, "No such file or directory")
  end

  test "a file that is not a library", %{app: app, library: library} do
    File.write!(library, "not a library")
    assert_all_raise(app, "file too short")
  end

  test "the library, copied with the application, works", %{app: app, library: library} do
    File.cp!(Application.app_dir(:aether, "priv/native/aether_nif.so"), library)
    assert {"0\n", 0} = elixir(app, "IO.inspect(Aether.Native.info().running)")
  end

  test "a scan raises it too", %{app: app} do
    code = """
    {:ok, _} = Application.ensure_all_started(:aether)
    try do
      IO.inspect(Aether.Scanner.scan("."))
    rescue
      error in Aether.Error -> IO.inspect(error.reason)
    end
    """

    assert {output, 0} = elixir(app, code)
    assert output =~ "nif_not_loaded"
  end
end
