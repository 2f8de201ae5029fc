defmodule Aether.NifPathTest do
  # What the build does with AETHER_NIF_PATH. Not beside other tests: the environment is the whole VM's.
  use ExUnit.Case, async: false

  alias Mix.Tasks.Compile.AetherNative

  setup do
    before = System.get_env("AETHER_NIF_PATH")

    on_exit(fn ->
      if before,
        do: System.put_env("AETHER_NIF_PATH", before),
        else: System.delete_env("AETHER_NIF_PATH")
    end)
  end

  for {what, path, says} <- [
        {"a relative path", "priv/aether_nif.so", "is no absolute path"},
        {"a file that is not there", "/no/such/aether_nif.so", "no such file or directory"},
        {"a directory", System.tmp_dir!(), "illegal operation on a directory"}
      ] do
    test "#{what} is refused, with what to do" do
      System.put_env("AETHER_NIF_PATH", unquote(path))
      error = assert_raise Mix.Error, fn -> AetherNative.run([]) end
      assert error.message =~ unquote(says)
      assert error.message =~ "AETHER_NIF_PATH"
      assert error.message =~ "unset it"
    end
  end

  test "the library that is in use is accepted as it is" do
    installed = to_string(:code.priv_dir(:aether)) <> "/native/aether_nif.so"
    System.put_env("AETHER_NIF_PATH", installed)
    assert AetherNative.run([]) == {:noop, []}
  end
end
