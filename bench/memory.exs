# How much larger the VM grows for a scan: its peak of resident memory (VmHWM) less what it had before.
# Every case runs in a VM of its own, after a small scan that loads all there is to load.
#
#     MIX_ENV=prod mix run bench/memory.exs [--times N]
#
# Linux only: it reads /proc/self/status, and resets the peak through /proc/self/clear_refs.
Code.require_file("support.exs", __DIR__)

defmodule Memory do
  alias Aether.Scanner

  @cases [
    {"flat1m", "active: 16", 64},
    {"flat1m", "active: true, read", 500},
    {"wide", "active: 16", 64},
    {"wide", "active: true, read", 500},
    {"wide", "active: true, read when all is there", nil},
    {"flat100k", "active: 16", 32},
    {"real", "list/2", nil}
  ]

  def cases, do: @cases

  @doc "In a VM of its own: prints the growth in kB."
  def child(tree, how) do
    scan(Bench.tree("empty"), how)
    :erlang.garbage_collect()
    File.write!("/proc/self/clear_refs", "5")
    before = status("VmRSS")
    Bench.fresh(fn -> scan(Bench.tree(tree), how) end)
    IO.puts("growth=#{status("VmHWM") - before} before=#{before} after=#{status("VmRSS")}")
  end

  defp scan(path, "active: 16") do
    {:ok, scan} = Scanner.scan(path, depth: :infinity, active: 16)
    Bench.drain(scan, 16)
  end

  defp scan(path, "active: true, read") do
    {:ok, scan} = Scanner.scan(path, depth: :infinity)
    Bench.drain(scan)
  end

  defp scan(path, "active: true, read when all is there") do
    {:ok, scan} = Scanner.scan(path, depth: :infinity)
    {:ok, _} = Scanner.await(scan, :infinity)
  end

  defp scan(path, "list/2"), do: {:ok, _, _} = Scanner.list(path)

  defp status(field) do
    [_, kilobytes] = Regex.run(~r/^#{field}:\s+(\d+) kB/m, File.read!("/proc/self/status"))
    String.to_integer(kilobytes)
  end

  def measure(tree, how) do
    Bench.tree(tree)
    args = ["run", "--no-compile", __ENV__.file, "--tree", tree, "--how", how]
    {output, 0} = System.cmd("mix", args, env: [{"MIX_ENV", "#{Mix.env()}"}])

    pattern = ~r/^growth=(-?\d+) before=(\d+) after=(\d+)$/m
    [_ | numbers] = Regex.run(pattern, output)
    Enum.map(numbers, &String.to_integer/1)
  end
end

options = Bench.options(times: 3, tree: "", how: "")

if options.tree != "" do
  Memory.child(options.tree, options.how)
else
  Bench.machine()

  rows =
    for {tree, how, target} <- Memory.cases() do
      measured = for _ <- 1..options.times, do: Memory.measure(tree, how)

      mb = fn at ->
        measured
        |> Enum.map(&Enum.at(&1, at))
        |> Bench.median()
        |> Kernel./(1024)
        |> Bench.number(1)
      end

      target = if target, do: "under #{target}", else: "–"
      ["#{tree} (#{Bench.entries(tree)})", how, mb.(0), target, mb.(1), mb.(2)]
    end

  Bench.table(
    "Growth of resident memory, MB",
    ["tree", "how", "growth", "target", "before", "after"],
    rows
  )
end
