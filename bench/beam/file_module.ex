defmodule Bench.FileModule do
  @moduledoc "Plain `File` calls, as in most programs: `how=sequential`, or `parallel` with a task for each directory of a level."

  def walk(%{"path" => root, "how" => how}) do
    {count, figures} =
      Bench.Measure.region(fn ->
        case how do
          "sequential" -> sequential([""], root, [])
          "parallel" -> levels([""], root, [])
        end
        |> length()
      end)

    [{:entries, count} | figures]
  end

  defp sequential([], _root, found), do: found

  defp sequential([dir | dirs], root, found) do
    {dirs, found} = list(dir, root, dirs, found)
    sequential(dirs, root, found)
  end

  defp levels([], _root, found), do: found

  defp levels(dirs, root, found) do
    {dirs, found} =
      dirs
      |> Task.async_stream(&list(&1, root, [], []),
        ordered: false,
        max_concurrency: 4 * System.schedulers_online(),
        timeout: :infinity
      )
      |> Enum.reduce({[], found}, fn {:ok, {dirs, entries}}, {all_dirs, all_found} ->
        {:lists.reverse(dirs, all_dirs), :lists.reverse(entries, all_found)}
      end)

    levels(dirs, root, found)
  end

  defp list(dir, root, dirs, found) do
    for name <- File.ls!(Path.join(root, dir)), reduce: {dirs, found} do
      {dirs, found} ->
        path = Path.join(dir, name)
        stat = File.lstat!(Path.join(root, path), time: :posix)
        dirs = if stat.type == :directory, do: [path | dirs], else: dirs
        {dirs, [{path, stat.type, stat.size, stat.mtime} | found]}
    end
  end
end
