defmodule Aether.CLI.Arguments do
  @moduledoc false

  # From the words of the command line to what to do; pure. By hand and not with OptionParser:
  # words are bytes here, a path need not be UTF-8.

  alias Aether.Printable

  @external_resource help = Path.join(__DIR__, "help.txt")
  @help File.read!(help)

  # What to scan and how: `format` is :summary, :json or :print0, `options` are the scanner's.
  defstruct path: nil, format: :summary, options: [depth: :infinity]

  @typedoc "What to scan, and how."
  @type t :: %__MODULE__{
          path: binary,
          format: :summary | :json | :print0,
          options: keyword
        }

  @spec help() :: binary
  def help, do: @help

  @doc """
  What the words ask for.

      iex> Aether.CLI.Arguments.parse(["scan", "--depth", "3", "/srv"])
      {:scan, %Aether.CLI.Arguments{path: "/srv", options: [depth: 3]}}

      iex> Aether.CLI.Arguments.parse(["scan"])
      {:usage, "scan takes a PATH"}
  """
  @spec parse([binary]) :: {:scan, t} | :help | :version | {:usage, String.t()}
  def parse([]), do: {:usage, "a command is missing"}
  def parse([word | _]) when word in ["help", "--help", "-h"], do: :help
  def parse([word | _]) when word in ["version", "--version"], do: :version
  def parse(["scan" | words]), do: words(words, %__MODULE__{})
  def parse([word | _]), do: {:usage, "there is no command #{show(word)}"}

  defp words([], %{path: nil}), do: {:usage, "scan takes a PATH"}
  defp words([], arguments), do: {:scan, arguments}
  defp words(["--" | paths], arguments), do: paths(paths, arguments)
  defp words(["--" <> _ = word | rest], arguments), do: option(word, rest, arguments)
  defp words(["-h" | _], _arguments), do: :help

  defp words(["-" <> name = word | _], _arguments) when name != "",
    do: {:usage, "there is no option #{show(word)} (a path like this needs -- before it)"}

  defp words([path | rest], arguments), do: path(path, rest, arguments, &words/2)

  # Behind "--" everything is a path.
  defp paths([], arguments), do: words([], arguments)
  defp paths([path | rest], arguments), do: path(path, rest, arguments, &paths/2)

  defp path(path, rest, %{path: nil} = arguments, next),
    do: next.(rest, %{arguments | path: path})

  defp path(path, _rest, _arguments, _next),
    do: {:usage, "scan takes one PATH, and #{show(path)} is another"}

  # "--name=value" is "--name value".
  defp option(word, rest, arguments) do
    case :binary.split(word, "=") do
      [name, value] -> valued(name, [value | rest], arguments)
      [name] -> flag(name, rest, arguments)
    end
  end

  defp flag("--help", _rest, _arguments), do: :help
  defp flag("--version", _rest, _arguments), do: :version
  defp flag("--json", rest, arguments), do: format(:json, rest, arguments)

  # Names alone, and so nothing is read that nobody sees.
  defp flag("--print0", rest, arguments) do
    options = Keyword.put(arguments.options, :metadata, false)
    format(:print0, rest, %{arguments | options: options})
  end

  defp flag("--no-metadata", rest, arguments), do: put(rest, arguments, :metadata, false)
  defp flag("--git-ignore", rest, arguments), do: put(rest, arguments, :ignore, :git)

  defp flag("--one-file-system", rest, arguments),
    do: put(rest, arguments, :same_file_system, true)

  defp flag(name, rest, arguments), do: valued(name, rest, arguments)

  defp format(format, rest, %{format: before} = arguments) when before in [:summary, format],
    do: words(rest, %{arguments | format: format})

  defp format(_format, _rest, _arguments),
    do: {:usage, "--json and --print0 exclude each other"}

  defp valued("--depth" = name, rest, arguments),
    do: number(name, rest, arguments, :depth, 0xFFFFFFFF)

  defp valued("--threads" = name, rest, arguments),
    do: number(name, rest, arguments, :threads, 1024)

  defp valued("--exclude", [name | rest], arguments) do
    if name == "" or :binary.match(name, "/") != :nomatch do
      {:usage, "--exclude takes the name of a directory, without a slash, and got #{show(name)}"}
    else
      before = Keyword.get(arguments.options, :exclude, [])
      put(rest, arguments, :exclude, before ++ [name])
    end
  end

  defp valued("--exclude", [], _arguments), do: {:usage, "--exclude takes a NAME"}

  defp valued(name, _rest, _arguments),
    do: {:usage, "there is no option #{show(name)}, or it takes no value"}

  defp number(name, [], _arguments, _key, _most), do: {:usage, "#{name} takes a number"}

  defp number(name, [word | rest], arguments, key, most) do
    case Integer.parse(word) do
      {number, ""} when number in 1..most -> put(rest, arguments, key, number)
      _ -> {:usage, "#{name} takes a number from 1 to #{most}, and got #{show(word)}"}
    end
  end

  defp put(rest, arguments, key, value),
    do: words(rest, %{arguments | options: Keyword.put(arguments.options, key, value)})

  defp show(word), do: "\"" <> Printable.escape(word) <> "\""
end
