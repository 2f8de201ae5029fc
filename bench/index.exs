# What keeping a scan costs: the same scan with an index beside the one without, first and unchanged, to the summary with the
# last commit in it. Writing the log back into the database comes after that, in its own time, and is reported apart.
#
#     MIX_ENV=prod mix run bench/index.exs [--rounds N] [--trees real,wide] [--dir DIRECTORY]
#
# `active: 16` in both, slabs received and not decoded. Each first scan has a new database, in DIRECTORY (beside the trees).
Code.require_file("support.exs", __DIR__)

defmodule KeptScan do
  alias Aether.{Index, Scanner}

  def plain(path) do
    Bench.time(fn ->
      {:ok, scan} = Scanner.scan(path, active: 16, depth: :infinity)
      complete!(Bench.drain(scan, 16))
    end)
  end

  # The time of the scan, of the close, and what happened in between them.
  def kept(path, database, opts \\ []) do
    {:ok, index} = Index.open(path: database)

    {took, summary} =
      Bench.time(fn ->
        {:ok, scan} = Scanner.scan(path, [active: 16, index: index] ++ opts)
        complete!(Bench.drain(scan, 16))
      end)

    {closing, :ok} = Bench.time(fn -> Index.close(index) end)
    {took, closing, summary}
  end

  defp complete!(%{status: :complete} = summary), do: summary
end

%{rounds: rounds, trees: trees, dir: dir} =
  Bench.options(rounds: 7, trees: ~w(real wide), dir: "")

dir = if dir == "", do: Path.join(Bench.tree_dir(), "databases"), else: dir
File.mkdir_p!(dir)
Bench.machine()

for name <- trees do
  path = Bench.tree(name)
  database = Path.join(dir, "#{name}.db")
  remove = fn -> for end_ <- ["", "-wal", "-shm", "-writer"], do: File.rm(database <> end_) end
  closings = :ets.new(:closings, [:bag, :public])

  contestants = [
    without: fn -> Bench.fresh(fn -> KeptScan.plain(path) |> elem(0) end) end,
    first: fn ->
      remove.()
      {took, closing, _} = Bench.fresh(fn -> KeptScan.kept(path, database) end)
      :ets.insert(closings, {:first, closing})
      took
    end,
    unchanged: fn ->
      {took, closing, _} = Bench.fresh(fn -> KeptScan.kept(path, database) end)
      :ets.insert(closings, {:unchanged, closing})
      took
    end,
    only: fn ->
      {took, closing, _} = Bench.fresh(fn -> KeptScan.kept(path, database, slabs: false) end)
      :ets.insert(closings, {:only, closing})
      took
    end
  ]

  # The first of them makes the database that the later ones find; in whatever turn, it is there.
  results = Bench.rounds(rounds, contestants)
  closed = fn case_ -> for {_, time} <- :ets.lookup(closings, case_), do: time end

  row = fn title, case_ ->
    [
      title,
      Bench.ms(Bench.median(results[case_])),
      Bench.number(Bench.ratio(results[case_], results[:without])),
      if(case_ == :without, do: "", else: Bench.ms(Bench.median(closed.(case_))))
    ]
  end

  Bench.table(
    "#{name}, #{Bench.entries(name)} entries",
    ["scan", "ms to the summary", "to the scan without", "closing, ms"],
    [
      row.("without an index", :without),
      row.("with one, the first", :first),
      row.("with one, unchanged since", :unchanged),
      row.("the same, `slabs: false`", :only)
    ]
  )

  size = File.stat!(database).size
  IO.puts("\ndatabase: #{size} bytes, #{Bench.number(size / Bench.entries(name), 1)} an entry")
  remove.()
end
