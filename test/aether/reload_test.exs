defmodule Aether.ReloadTest do
  # What happens to the VM as a whole, so each in a VM of its own: Aether.Native deleted, purged and
  # loaded again while scans run, and a VM that halts while they do.
  use ExUnit.Case, async: true

  @moduletag timeout: 180_000

  @script Path.expand("../support/reload.exs", __DIR__)
  @halt Path.expand("../support/halt.exs", __DIR__)

  defp vm(script, arguments) do
    ebin = Application.app_dir(:aether, "ebin")
    System.cmd("elixir", ["-pa", ebin, script | arguments], stderr_to_stdout: true)
  end

  test "the module is deleted, purged and loaded again, with and without scans" do
    assert {"survived\n", 0} = vm(@script, [])
  end

  # Fifty in all; the ways out of a VM differ in what they wait for.
  for how <- ~w(halt stop abort end) do
    test "a VM that ends by #{how} with scans running exits with 0" do
      runs = Task.async_stream(1..13, fn _ -> vm(@halt, [unquote(how)]) end, timeout: :infinity)
      assert Enum.uniq(runs) == [ok: {"", 0}]
    end
  end
end
