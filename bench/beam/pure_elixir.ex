defmodule Bench.PureElixir do
  @moduledoc """
  Pure Elixir as an OTP expert would write it: calls straight to `:prim_file` (no file server in between), raw names, accumulators,
  parallel work in chunks. `path=`, `metadata=`, `how=sequential|parallel`.
  """

  require Record
  Record.defrecordp(:file_info, Record.extract(:file_info, from_lib: "kernel/include/file.hrl"))

  # Smaller chunks are not worth a task.
  @chunk 256

  def walk(%{"path" => root, "how" => how} = options) do
    metadata = options["metadata"] != "false"

    {count, figures} =
      Bench.Measure.region(fn ->
        case how do
          "sequential" -> sequential([""], root, metadata, [])
          "parallel" -> levels([""], root, metadata, [])
        end
        |> length()
      end)

    [{:entries, count} | figures]
  end

  # Names alone do not show which are directories, so both modes need lstat.
  defp sequential([], _root, _metadata, found), do: found

  defp sequential([dir | dirs], root, metadata, found) do
    {dirs, found} = stat(names(root, dir), root, metadata, dirs, found)
    sequential(dirs, root, metadata, found)
  end

  # Level by level: the directories of a level are listed in parallel, then their entries are looked at in chunks.
  defp levels([], _root, _metadata, found), do: found

  defp levels(dirs, root, metadata, found) do
    {dirs, found} =
      dirs
      |> Enum.chunk_every(@chunk)
      |> async(fn dirs -> Enum.flat_map(dirs, &names(root, &1)) end)
      |> Stream.flat_map(fn {:ok, paths} -> Enum.chunk_every(paths, @chunk) end)
      |> async(&stat(&1, root, metadata, [], []))
      |> Enum.reduce({[], found}, fn {:ok, {dirs, found}}, {all_dirs, all_found} ->
        {:lists.reverse(dirs, all_dirs), :lists.reverse(found, all_found)}
      end)

    levels(dirs, root, metadata, found)
  end

  defp async(chunks, fun) do
    opts = [ordered: false, max_concurrency: 4 * System.schedulers_online(), timeout: :infinity]
    Task.async_stream(chunks, fun, opts)
  end

  defp names(root, dir) do
    case :prim_file.list_dir_all(join(root, dir)) do
      {:ok, names} -> for name <- names, do: join(dir, raw(name))
      {:error, _} -> []
    end
  end

  defp raw(name) when is_binary(name), do: name
  defp raw(name), do: :unicode.characters_to_binary(name)

  defp stat([], _root, _metadata, dirs, found), do: {dirs, found}

  defp stat([path | paths], root, metadata, dirs, found) do
    case :prim_file.read_link_info(join(root, path), time: :posix) do
      {:ok, file_info(type: type, size: size, mtime: mtime)} ->
        dirs = if type == :directory, do: [path | dirs], else: dirs
        entry = if metadata, do: {path, type, size, mtime}, else: {path, type}
        stat(paths, root, metadata, dirs, [entry | found])

      {:error, _} ->
        stat(paths, root, metadata, dirs, found)
    end
  end

  defp join("", name), do: name
  defp join(dir, ""), do: dir
  defp join(dir, name), do: <<dir::binary, ?/, name::binary>>
end
