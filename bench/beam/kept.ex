defmodule Bench.Kept do
  @moduledoc """
  A scan with an index (`database=`) or without, up to the summary, which follows the last commit. Writing the log back into the
  database comes after that and is timed separately: `closing_ns`. With `slabs=false` the scan only goes into the index.
  """

  alias Aether.{Index, Scanner}
  alias Bench.Measure

  def scan(%{"path" => path} = options) do
    case options["database"] do
      nil -> plain(path)
      database -> kept(path, database, options["slabs"] == "false")
    end
  end

  defp plain(path) do
    {_, figures} = Measure.region(fn -> drained(path, depth: :infinity, active: 16) end)
    figures
  end

  defp kept(path, database, only) do
    {:ok, index} = Index.open(path: database)
    opts = if only, do: [index: index, slabs: false], else: [index: index, active: 16]
    {_, figures} = Measure.region(fn -> drained(path, opts) end)
    {closing, :ok} = Measure.time(fn -> Index.close(index) end)
    figures ++ [closing_ns: closing]
  end

  defp drained(path, opts) do
    {:ok, scan} = Scanner.scan(path, opts)
    %{status: :complete} = Measure.drain(scan, 16)
  end
end
