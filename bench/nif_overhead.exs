# What the BEAM costs: plain NIF calls in nanoseconds, and whole scans (slabs received, not decoded) as
# multiples of the floor program with as many threads, on the same trees, interleaved.
#
#     MIX_ENV=prod mix run bench/nif_overhead.exs [--rounds N] [--trees real,flat,wide] [--threads 1,2]
#
# zlob takes part if bench/peers.sh has built it.
Code.require_file("support.exs", __DIR__)

defmodule NifOverhead do
  alias Aether.Scanner

  def calls(times) do
    # Parked, so that the calls are not measured against walkers that use the cores.
    {:ok, scan} = Scanner.scan(Bench.tree("real"), active: false)
    {:ok, unlimited} = Scanner.scan(Bench.tree("empty"))
    {:ok, _} = Scanner.await(unlimited)

    calls = [
      {"nothing (the loop itself)", fn -> :ok end},
      {"Aether.info/0", fn -> Aether.info() end},
      {"Scanner.info/1", fn -> Scanner.info(scan) end},
      {"Scanner.ask/2, of an ended scan", fn -> Scanner.ask(unlimited, 1) end},
      {"Scanner.cancel/1, of an ended scan", fn -> Scanner.cancel(unlimited) end}
    ]

    results = Bench.rounds(9, for({name, fun} <- calls, do: {name, fn -> each(fun, times) end}))
    Scanner.cancel(scan, flush: true)
    [{nothing, _} | _] = calls

    rows =
      for {name, _} <- calls do
        median = Bench.median(results[name])
        [name, Bench.number(median, 0), Bench.number(median - Bench.median(results[nothing]), 0)]
      end

    Bench.table("Calls, ns (target: under 1,000)", ["call", "median", "without the loop"], rows)
  end

  defp each(fun, times) do
    {took, _} = Bench.time(fn -> repeat(fun, times) end)
    took / times
  end

  defp repeat(_fun, 0), do: :ok

  defp repeat(fun, times) do
    fun.()
    repeat(fun, times - 1)
  end

  def scans(tree, metadata, threads, rounds) do
    path = Bench.tree(tree)
    entries = Bench.entries(tree)
    floor = Bench.floor()
    args = ["--threads", "#{threads}"] ++ if(metadata, do: [], else: ["--names"]) ++ [path]

    contestants = [
      {:floor, fn -> program(floor, args, entries) end},
      {:aether, fn -> scan(path, entries, metadata: metadata, threads: threads) end},
      {:active_16,
       fn -> scan(path, entries, metadata: metadata, threads: threads, active: 16) end}
    ]

    zlob =
      if path = Bench.zlob(),
        do: [{:zlob, fn -> program(path, ["zlob" | args], entries) end}],
        else: []

    both = Bench.rounds(rounds, contestants ++ zlob)
    results = Map.new(both, fn {name, pairs} -> {name, Enum.map(pairs, &elem(&1, 0))} end)
    cpu = fn name -> Bench.median(Enum.map(both[name], &elem(&1, 1))) end
    per = fn name -> name && results[name] && Bench.ms(Bench.median(results[name])) end

    zlob =
      if results[:zlob], do: Bench.number(Bench.ratio(results.aether, results.zlob)), else: "–"

    [
      tree,
      if(metadata, do: "metadata", else: "names"),
      threads,
      per.(:floor),
      per.(:zlob) || "–",
      per.(:aether),
      Bench.number(Bench.ratio(results.aether, results.floor)),
      zlob,
      per.(:active_16),
      Bench.number(Bench.ratio(results.active_16, results.floor)),
      "#{round(cpu.(:floor))}",
      "#{round(cpu.(:aether))}",
      Bench.number(cpu.(:aether) / max(cpu.(:floor), 10))
    ]
  end

  # Of the peers only the floor program tells its processor time.
  defp program(path, args, entries) do
    %{"entries" => ^entries, "walk_ns" => took} = result = Bench.program(path, args)
    {took, result["cpu_ms"] || 0}
  end

  defp scan(path, entries, opts) do
    Bench.fresh(fn ->
      before = Bench.cpu_ms()

      {took, summary} =
        Bench.time(fn ->
          {:ok, scan} = Scanner.scan(path, [depth: :infinity] ++ opts)
          Bench.drain(scan, 16)
        end)

      ^entries = Bench.found(summary)
      {took, Bench.cpu_ms() - before}
    end)
  end
end

options =
  Bench.options(rounds: 7, trees: ["real", "flat", "wide"], threads: ["1", "2"], calls: 200_000)

Bench.machine()
NifOverhead.calls(options.calls)

rows =
  for tree <- options.trees, metadata <- [true, false], threads <- options.threads do
    NifOverhead.scans(tree, metadata, String.to_integer(threads), options.rounds)
  end

Bench.table(
  "End to end through the BEAM, ms (target with metadata: at most 1.25 × floor, 1 × zlob; names: 1 × zlob)",
  [
    "tree",
    "mode",
    "threads",
    "floor",
    "zlob",
    "aether",
    "× floor",
    "× zlob",
    "active: 16",
    "× floor",
    "floor CPU",
    "aether CPU",
    "× floor"
  ],
  rows
)
