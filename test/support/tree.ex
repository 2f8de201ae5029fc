defmodule Aether.Tree do
  @moduledoc false
  # Makes directory trees for tests.

  @doc "A new empty directory, removed with all in it when the test ends."
  def tmp! do
    path = Path.join(System.tmp_dir!(), "aether-#{System.pid()}-#{unique()}")
    File.mkdir_p!(path)
    # Not File.rm_rf: names may be anything.
    ExUnit.Callbacks.on_exit(fn -> remove!(path) end)
    path
  end

  @doc "Removes a tree, whatever is in it."
  def remove!(path), do: {_, 0} = System.cmd("rm", ["-rf", "--", path])

  @doc """
  Makes what the list says beneath `root`: `"a/b/"` a directory, `"a/c"` an empty file,
  `{"a/c", "text"}` a file, `{"a/l", {:link, "target"}}`, `{"a/p", :fifo}`. Directories on the way are made.
  """
  def make!(root, list) do
    Enum.each(list, fn
      {path, content} ->
        make_one!(root <> "/" <> path, content)

      path ->
        make_one!(root <> "/" <> path, if(:binary.last(path) == ?/, do: :directory, else: ""))
    end)

    root
  end

  @doc "`count` empty files named `name1`, `name2`, ..."
  def files!(root, count, name \\ "f"), do: make!(root, for(n <- 1..count, do: "#{name}#{n}"))

  defp make_one!(path, :directory), do: File.mkdir_p!(path)

  defp make_one!(path, content) do
    File.mkdir_p!(Path.dirname(path))

    case content do
      {:link, target} -> File.ln_s!(target, path)
      :fifo -> {_, 0} = System.cmd("mkfifo", ["--", path])
      bytes -> File.write!(path, bytes)
    end
  end

  defp unique, do: System.unique_integer([:positive])
end
