defmodule Aether.Find do
  @moduledoc false
  # The oracle: what GNU find says of a tree. Not File.ls, which drops names that are not UTF-8, and
  # not File.lstat, which clamps old times.

  alias Aether.Entry

  @doc "Entries beneath `root` by `find ROOT -mindepth 1 ARGS`, sorted."
  def entries(root, args \\ []) do
    (["-mindepth", "1"] ++ args ++ ["-printf", "%P\\0%y\\0%s\\0%T@\\0"])
    |> run(root)
    |> Enum.chunk_every(4)
    |> Enum.map(fn [path, type, size, mtime] ->
      %Entry{path: path, kind: kind(type), size: String.to_integer(size), mtime: ns(mtime)}
    end)
    |> Enum.sort()
  end

  @doc "Paths beneath `root` by `find ROOT -mindepth 1 ARGS`, sorted."
  def paths(root, args \\ []) do
    (["-mindepth", "1"] ++ args ++ ["-printf", "%P\\0"]) |> run(root) |> Enum.sort()
  end

  defp run(args, root) do
    # A root may begin with a dash.
    root = if String.starts_with?(root, "-"), do: "./" <> root, else: root
    {output, 0} = System.cmd("find", [root | args], env: [{"LC_ALL", "C"}])
    output |> :binary.split(<<0>>, [:global]) |> List.delete_at(-1)
  end

  defp kind("f"), do: :file
  defp kind("d"), do: :directory
  defp kind("l"), do: :symlink
  defp kind(_fifo_socket_device), do: :other

  # find prints tv_sec and tv_nsec with a dot between: half a second before 1970 reads -1.5000000000.
  defp ns(mtime) do
    [seconds, <<fraction::binary-size(9), _::binary>>] = String.split(mtime, ".")
    String.to_integer(seconds) * 1_000_000_000 + String.to_integer(fraction)
  end
end
