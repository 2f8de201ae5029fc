# Run by reload_test.exs in a VM of its own: ends it in the way that is named while scans send to it.

root = List.to_string(:code.root_dir())

for _ <- 1..8 do
  {:ok, _} = Aether.Scanner.scan(root, depth: :infinity, slab_entries: 10, progress: true)
end

# Not always at the same moment.
for _ <- 1..:rand.uniform(200) do
  receive do
    _message -> :ok
  end
end

case System.argv() do
  ["halt"] -> System.halt(0)
  ["abort"] -> :erlang.halt(0, flush: false)
  ["stop"] -> System.stop(0) && Process.sleep(:infinity)
  ["end"] -> :ok
end
