defmodule Aether.CLI.Place do
  @moduledoc false

  # Where the paths lie that a user wrote, and which root of an index is meant. Pure.

  alias Aether.Index.Source

  @doc """
  A path as the user meant it: the VM is in another directory than its user.

  One root must not go by two paths, so that empty components and dots are left out. Two dots stay: behind a
  symbolic link they lead elsewhere than they seem to.

      iex> Aether.CLI.Place.absolute("b/./c//", %{directory: "/a"})
      "/a/b/c"

      iex> Aether.CLI.Place.absolute("../b", %{directory: "/a"})
      "/a/../b"
  """
  @spec absolute(binary, %{:directory => binary, optional(any) => any}) :: binary
  def absolute("", _surroundings), do: ""

  def absolute(path, %{directory: directory}) do
    whole = if binary_part(path, 0, 1) == "/", do: path, else: directory <> "/" <> path
    components = for part <- :binary.split(whole, "/", [:global]), part not in ["", "."], do: part
    "/" <> Enum.join(components, "/")
  end

  @doc """
  Where a folder lies: in which source, and its path there.

  A full path is looked for in all of them, and the innermost root has it; any other is relative to the root of the only
  source, or of the one that `wanted` names by its id or its full path.
  """
  @spec find([Source.t()], binary | nil, binary | nil) ::
          {:ok, Source.t(), binary} | {:error, String.t()} | :several
  def find(sources, folder, wanted)
      when is_binary(folder) and folder != "" and binary_part(folder, 0, 1) == "/" do
    folder = absolute(folder, %{directory: "/"})

    sources
    |> Enum.filter(&(within?(folder, &1.root) and wanted?(&1, wanted)))
    |> Enum.max_by(&byte_size(&1.root), fn -> nil end)
    |> case do
      nil -> {:error, "no root that the index knows has it"}
      source -> {:ok, source, relative(folder, source.root)}
    end
  end

  def find(sources, folder, wanted) do
    case Enum.filter(sources, &wanted?(&1, wanted)) do
      [source] -> {:ok, source, trim(folder || "")}
      [] when sources == [] -> {:error, "the index knows no root yet: scan one with --index"}
      [] -> {:error, "the index knows no root of this id or path"}
      _several -> :several
    end
  end

  defp wanted?(_source, nil), do: true
  defp wanted?(source, wanted), do: wanted in [source.uuid, source.root]

  defp within?(folder, "/"), do: String.starts_with?(folder, "/")
  defp within?(folder, root), do: folder == root or String.starts_with?(folder, root <> "/")

  defp relative(folder, "/"), do: trim(folder)

  defp relative(folder, root),
    do: folder |> binary_part(byte_size(root), byte_size(folder) - byte_size(root)) |> trim()

  defp trim(folder) do
    components =
      for part <- :binary.split(folder, "/", [:global]), part not in ["", "."], do: part

    Enum.join(components, "/")
  end

  @doc """
  The full path of something in a source.

      iex> Aether.CLI.Place.join("/srv", "a/b")
      "/srv/a/b"
  """
  @spec join(binary, binary) :: binary
  def join(root, ""), do: root
  def join("/", path), do: "/" <> path
  def join(root, path), do: root <> "/" <> path
end
