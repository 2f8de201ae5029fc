defmodule Aether.Pages do
  @moduledoc false
  # The pages of the documentation and the sources that they are held against, all by paths from the project's root.

  alias Aether.Markdown

  @doc "The project's root, asked for at run time: `_build` may have been copied from elsewhere."
  def root, do: Path.dirname(Mix.Project.project_file())

  @doc "README, guides and all other pages."
  def pages do
    ["README.md", "CONTRIBUTING.md", "CHANGELOG.md"] ++
      for glob <- ["guides/*.md", "native/*/README.md", "lib/**/README.md"],
          path <- Path.wildcard(Path.join(root(), glob)),
          do: Path.relative_to(path, root())
  end

  @doc "A page or another file."
  def read(path), do: File.read!(Path.join(root(), path))

  @doc "The section of the README under this heading."
  def readme(heading), do: Markdown.section(read("README.md"), heading)

  @doc "The texts of all files that match."
  def sources(glob), do: for(path <- Path.wildcard(Path.join(root(), glob)), do: File.read!(path))

  @doc "The atom that is written like this."
  def atom(":" <> name), do: String.to_atom(name)

  @doc "The names in a cell, as atoms."
  def names(cell), do: cell |> Markdown.spans() |> Enum.map(&String.to_atom/1)

  @doc "The value of code that needs nothing else."
  def eval(code) do
    {value, _} = Code.eval_string(code)
    value
  end
end
