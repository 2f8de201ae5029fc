defmodule Explorer do
  @moduledoc """
  The directories that are served, and the file of their index.

  A root has a key, which browsers use, and a label for people. The key is its position in the configured list, so that
  browsers need not know any path.
  """

  @typedoc "A directory that is served. The path is bytes; the label is text."
  @type root :: %{key: String.t(), label: String.t(), path: binary}

  @doc "All directories, in the order in which they were configured."
  @spec roots() :: [root]
  def roots, do: :explorer |> Application.fetch_env!(:roots) |> roots()

  @doc """
  Assigns keys and labels to directories.

      iex> Explorer.roots(["/srv/files", {"/home/me", "Home"}])
      [%{key: "0", label: "files", path: "/srv/files"}, %{key: "1", label: "Home", path: "/home/me"}]

  Directories of the same name are distinguished by the directories above:

      iex> for root <- Explorer.roots(["/a/src", "/b/src"]), do: root.label
      ["a/src", "b/src"]
  """
  @spec roots([binary | {binary, String.t()}]) :: [root]
  def roots(given) do
    given = Enum.map(given, &if(is_tuple(&1), do: &1, else: {&1, nil}))
    paths = for {path, nil} <- given, do: path

    for {{path, label}, position} <- Enum.with_index(given) do
      %{
        key: Integer.to_string(position),
        label: label || label(path, List.delete(paths, path)),
        path: path
      }
    end
  end

  @doc "The directory with this key."
  @spec root(String.t()) :: {:ok, root} | :error
  def root(key) do
    case Enum.find(roots(), &(&1.key == key)) do
      nil -> :error
      root -> {:ok, root}
    end
  end

  # The shortest end of the path that no other path has.
  defp label(path, others) do
    parts = parts(path)
    lengths = for other <- others, do: common(Enum.reverse(parts), Enum.reverse(parts(other)))
    wanted = Enum.max([0 | lengths]) + 1

    case Enum.take(parts, -wanted) do
      [] -> "/"
      last -> Enum.join(last, "/") |> text()
    end
  end

  # A label is text, a path is bytes.
  defp text(bytes), do: if(String.valid?(bytes), do: bytes, else: Explorer.Names.printable(bytes))

  defp parts(path), do: String.split(path, "/", trim: true)

  defp common([part | one], [part | other]), do: 1 + common(one, other)
  defp common(_one, _other), do: 0

  @doc "The file of the index; creates its directory."
  @spec index_path!() :: binary
  def index_path! do
    path =
      Application.get_env(:explorer, :index) ||
        Path.join(:filename.basedir(:user_cache, "aether"), "explorer.db")

    File.mkdir_p!(Path.dirname(path))
    path
  end
end
