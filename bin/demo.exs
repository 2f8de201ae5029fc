# What bin/demo runs: one process on the library's public functions. It is given a path on standard input.
defmodule Demo do
  alias Aether.{Index, Scanner, Slab, Summary}

  # Slabs on their way to this process: it never has more than these in its mailbox, however large the tree.
  @demand 16

  def run(path) do
    {:ok, _started} = Application.ensure_all_started(:aether)
    stream(path)
    keep(path)
  end

  defp stream(path) do
    IO.puts("#{shown(path)}, as messages to a process that asks for #{@demand} slabs at a time\n")
    before = :erlang.memory(:total)
    {:ok, scan} = Scanner.scan(path, depth: :infinity, active: @demand, progress: true)
    {summary, memory} = receive_all(scan, before)
    first = summary.first_entry || 0

    IO.write("\r" <> String.duplicate(" ", 60) <> "\r")

    IO.puts("""
      first entry   #{ms(first)}
      entries       #{Summary.entries(summary)} in #{ms(summary.duration)}, #{round(summary.rate)}/s
      bytes         #{summary.bytes}
      errors        #{summary.errors.count}, #{summary.status}
      memory        peak growth of the VM: #{div(memory - before, 1024)} KiB
    """)
  end

  defp receive_all(%{ref: ref} = scan, memory) do
    receive do
      {:scan_chunk, ^ref, slab} ->
        # A view would decode it, or pass it on to a browser as it is.
        true = Slab.count(slab) >= 0
        receive_all(scan, max(memory, :erlang.memory(:total)))

      {:scan_passive, ^ref} ->
        Scanner.ask(scan, @demand)
        receive_all(scan, memory)

      {:scan_progress, ^ref, progress} ->
        IO.write("\r  #{progress.found} entries, #{round(progress.rate)}/s ")
        receive_all(scan, memory)

      {:scan_completed, ^ref, summary} ->
        {summary, memory}
    end
  end

  defp keep(path) do
    file = Path.join(System.tmp_dir!(), "aether-demo-#{System.unique_integer([:positive])}.db")
    {:ok, index} = Index.open(path: file)
    begun = System.monotonic_time()
    {:ok, scan} = Scanner.scan(path, depth: :infinity, index: index, slabs: false)
    IO.puts("The same tree by an index, which is asked while the scan writes it\n")
    {source, answer} = first_page(index)
    IO.puts("  first page    #{ms(System.monotonic_time() - begun)}, scanning: #{answer.scanning}")
    {:ok, summary} = Scanner.await(scan, :infinity)
    IO.puts("  all of it     #{ms(System.monotonic_time() - begun)}, #{summary.status}\n")
    {:ok, answer} = Index.children(index, source, "", sort: :size, limit: 10)

    for child <- answer.value.entries do
      size = String.pad_leading("#{child.bytes}", 15)
      IO.puts("#{size}  #{String.pad_leading("#{child.file_count}", 9)} files  #{shown(child.name)}")
    end

    :ok = Index.close(index)
    for suffix <- ["", "-wal", "-shm", "-writer"], do: File.rm(file <> suffix)
  end

  # The root is there with the first commit, and its first entries with it.
  defp first_page(index) do
    with {:ok, [%{value: source} | _]} <- Index.sources(index),
         {:ok, answer} <- Index.children(index, source.uuid, ""),
         true <- answer.value.entries != [] or not answer.scanning do
      {source.uuid, answer}
    else
      _not_yet -> first_page(index)
    end
  end

  # Names are bytes, and anybody may have chosen them.
  defp shown(name), do: inspect(name, binaries: :as_strings)
  defp ms(native), do: "#{System.convert_time_unit(native, :native, :microsecond) / 1000} ms"
end

:ok = :io.setopts(:standard_io, encoding: :latin1)
path = IO.binread(:eof)
:ok = :io.setopts(:standard_io, encoding: :unicode)
Demo.run(path)
