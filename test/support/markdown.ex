defmodule Aether.Markdown do
  @moduledoc false
  # As much of Markdown as the tests of the documentation have to read: headings, tables, code, links.

  @doc "The text between a heading of this name and the next heading of its level or above."
  def section(text, heading) do
    [_, level, rest] = Regex.run(~r/^(#+) #{Regex.escape(heading)}\n(.*)/ms, text)
    rest |> String.split(~r/^\#{1,#{byte_size(level)}} /m) |> hd()
  end

  @doc "The rows of the tables in a text whose first column has this head, as lists of cells."
  def table(text, head) do
    for [_, rows] <- Regex.scan(~r/^\| #{head} \|.*\n\|[-|]+\|\n((?:\|.*\n?)+)/m, text),
        row <- String.split(rows, "\n", trim: true) do
      row |> String.trim("|") |> String.split(" | ") |> Enum.map(&String.trim/1)
    end
  end

  @doc "What stands in backquotes."
  def spans(text), do: for([_, code] <- Regex.scan(~r/`([^`\n]+)`/, text), do: code)

  @doc "The fenced blocks in a language."
  def blocks(text, language),
    do: for([_, code] <- Regex.scan(~r/^```#{language}\n(.*?)^```/ms, text), do: code)

  @doc "A text without its blocks of code."
  def prose(text),
    do: text |> String.replace(~r/^```.*?^```/ms, "") |> String.replace(~r/^    .*$/m, "")

  @doc "Where links lead."
  def links(text),
    do: for([_, target] <- Regex.scan(~r/\[[^\]]+\]\(([^)\s]+)\)/, prose(text)), do: target)

  @doc "The anchors of headings, as GitHub and ExDoc make them."
  def anchors(text) do
    for [_, heading] <- Regex.scan(~r/^#+ (.+)$/m, prose(text)) do
      heading
      |> String.downcase()
      |> String.replace(~r/[^\w\- ]/u, "")
      |> String.replace(" ", "-")
    end
  end

  @doc "Examples after `iex>`: what is evaluated, and what comes out of it, or nil."
  def examples(text) do
    for [block] <- Regex.scan(~r/(?:^    .*\n)+/m, text), block =~ "iex>" do
      for [_, code, result] <-
            Regex.scan(~r/^    iex> (.*\n(?:    \.\.\.>.*\n)*)((?:    (?!iex>).+\n)*)/m, block) do
        {String.replace(code, ~r/^    \.\.\.>/m, ""), if(result != "", do: result)}
      end
    end
    |> Enum.concat()
  end
end
