defmodule Aether.ForwardingTest do
  # Slabs are handed on from process to process without being copied.
  use Aether.Case, async: true

  setup do: {:ok, root: Tree.files!(Tree.tmp!(), 300)}

  # Where the reference-counted binaries of the calling process lie, by their size.
  defp binaries do
    {:binary, binaries} = Process.info(self(), :binary)
    for {address, size, _references} <- binaries, into: MapSet.new(), do: {address, size}
  end

  # Passes on what it gets, with what it says of it.
  defp relay(to) do
    receive do
      {:slabs, slabs, seen} ->
        whole? = Enum.all?(slabs, &(:binary.referenced_byte_size(&1) == byte_size(&1)))
        send(to, {:slabs, slabs, [{whole?, binaries()} | seen]})
    end
  end

  test "unchanged, however many processes it passes through", %{root: root} do
    me = self()
    relays = Enum.scan(1..3, me, fn _, to -> spawn_link(fn -> relay(to) end) end)

    {:ok, scan} = Scanner.scan(root, slab_entries: 50)
    {slabs, %{status: :complete, files: 300}, _} = receive_all(scan)
    # The VM may copy what is smaller than this, as the closing record alone.
    large = for slab <- slabs, byte_size(slab) > 64, do: byte_size(slab)
    assert length(large) >= 6

    send(List.last(relays), {:slabs, slabs, []})
    assert_receive {:slabs, passed, seen}, patience()

    # The same place in memory, everywhere.
    here = binaries()
    assert length(seen) == 3

    for {whole?, there} <- seen do
      assert whole?
      sizes = for {_, size} <- MapSet.intersection(here, there), do: size
      assert large -- sizes == []
    end

    assert passed == slabs
    assert passed |> Enum.flat_map(&Slab.entries/1) |> Enum.sort() == Find.entries(root)
  end
end
