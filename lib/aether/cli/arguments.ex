defmodule Aether.CLI.Arguments do
  @moduledoc false

  # From the words of the command line to what to do; pure. By hand and not with OptionParser:
  # words are bytes here, a path need not be UTF-8.

  alias Aether.Printable

  @external_resource help = Path.join(__DIR__, "help.txt")
  @help File.read!(help)

  # What each command is about, and how many of these it needs.
  @operands [
    scan: {["PATH"], 1},
    ls: {["FILE", "FOLDER"], 1},
    find: {["FILE", "QUERY"], 2},
    changes: {["FILE"], 1},
    check: {["FILE"], 1}
  ]

  @known [:ls, :find, :changes]

  # {option, commands, what it does}
  @options [
    {"--json", [:scan, :check | @known], {:format, :json}},
    {"--print0", [:scan], {:format, :print0}},
    {"--depth", [:scan], {:number, :depth, 0xFFFFFFFF}},
    {"--threads", [:scan], {:number, :threads, 1024}},
    {"--no-metadata", [:scan], {:put, :metadata, false}},
    {"--git-ignore", [:scan], {:put, :ignore, [:git, :git_user]}},
    {"--exclude", [:scan], :exclude},
    {"--one-file-system", [:scan], {:put, :same_file_system, true}},
    {"--index", [:scan], {:text, :index, "a FILE"}},
    {"--id", [:scan], {:text, :source_id, "an ID"}},
    {"--replace-rules", [:scan], {:put, :rules, :replace}},
    {"--accept-root", [:scan], {:put, :accept_root, true}},
    {"--source", @known, {:text, :source, "an ID or a ROOT"}},
    {"--limit", [:ls], {:number, :limit, 0xFFFFFFFF}},
    # One answer of the index, and no more than it has.
    {"--limit", [:find, :changes], {:number, :limit, 10_000}},
    {"--sort", [:ls], {:one_of, :sort, ~w(name size count mtime)a}},
    {"--mode", [:find], {:one_of, :mode, ~w(auto substring glob fuzzy)a}},
    {"--from", [:changes], {:number, :from, 0xFFFFFFFF}},
    {"--to", [:changes], {:number, :to, 0xFFFFFFFF}},
    {"--thorough", [:check], {:put, :thorough, true}}
  ]

  # What goes with --index alone.
  @kept [source_id: "--id", rules: "--replace-rules", accept_root: "--accept-root"]

  # What to do and how: `path` is the first operand, `operand` the second; `format` is :text, :json or
  # :print0; `options` are those of the scanner or of the index.
  @enforce_keys [:command]
  defstruct [:command, :path, :operand, format: :text, options: []]

  @typedoc "A command that has operands."
  @type command :: :scan | :ls | :find | :changes | :check

  @typedoc "What to do, and how."
  @type t :: %__MODULE__{
          command: command,
          path: binary,
          operand: binary | nil,
          format: :text | :json | :print0,
          options: keyword
        }

  @spec help() :: binary
  def help, do: @help

  @doc """
  What the words ask for.

      iex> {:ok, arguments} = Aether.CLI.Arguments.parse(["scan", "--depth", "3", "/srv"])
      iex> {arguments.command, arguments.path, arguments.options}
      {:scan, "/srv", [depth: 3]}

      iex> Aether.CLI.Arguments.parse(["scan"])
      {:usage, "scan takes a PATH"}
  """
  @spec parse([binary]) :: {:ok, t} | :help | :version | {:usage, String.t()}
  def parse([]), do: {:usage, "a command is missing"}
  def parse([word | _]) when word in ["help", "--help", "-h"], do: :help
  def parse([word | _]) when word in ["version", "--version"], do: :version

  for {command, _operands} <- @operands do
    def parse([unquote(Atom.to_string(command)) | words]),
      do: words(words, %__MODULE__{command: unquote(command)})
  end

  def parse([word | _]), do: {:usage, "there is no command #{show(word)}"}

  defp words([], arguments), do: complete(arguments)
  defp words(["--" | operands], arguments), do: operands(operands, arguments)
  defp words(["--help" | _], _arguments), do: :help
  defp words(["-h" | _], _arguments), do: :help
  defp words(["--version" | _], _arguments), do: :version

  # "--name=value" is "--name value".
  defp words(["--" <> _ = word | rest], arguments) do
    case :binary.split(word, "=") do
      [name, value] -> option(name, {:given, value}, rest, arguments)
      [name] -> option(name, :none, rest, arguments)
    end
  end

  defp words(["-" <> name = word | _], _arguments) when name != "",
    do: {:usage, "there is no option #{show(word)} (a path like this needs -- before it)"}

  defp words([word | rest], arguments), do: operand(word, rest, arguments, &words/2)

  # Behind "--" there are no options.
  defp operands([], arguments), do: words([], arguments)
  defp operands([word | rest], arguments), do: operand(word, rest, arguments, &operands/2)

  defp operand(word, rest, %{path: nil} = arguments, next),
    do: next.(rest, %{arguments | path: word})

  defp operand(word, rest, %{command: command, operand: nil} = arguments, next)
       when command in [:ls, :find],
       do: next.(rest, %{arguments | operand: word})

  defp operand(word, _rest, %{command: command}, _next) do
    {names, _needed} = @operands[command]

    {:usage,
     "#{command} takes one #{Enum.join(names, " and one ")}, and #{show(word)} is another"}
  end

  defp option(name, value, rest, %{command: command} = arguments) do
    options = for {^name, commands, does} <- @options, do: {command in commands, does}

    case List.keyfind(options, true, 0) do
      {true, does} -> apply_option(does, name, value, rest, arguments)
      nil when options == [] -> {:usage, "there is no option #{show(name)}"}
      nil -> {:usage, "#{command} does not take option #{name}"}
    end
  end

  defp apply_option({kind, _} = does, name, {:given, _}, _rest, _arguments) when kind == :format,
    do: no_value(does, name)

  defp apply_option({:put, _, _} = does, name, {:given, _}, _rest, _arguments),
    do: no_value(does, name)

  defp apply_option({:format, format}, _name, :none, rest, %{format: before} = arguments) do
    if before in [:text, format],
      do: words(rest, %{arguments | format: format}),
      else: {:usage, "--json and --print0 exclude each other"}
  end

  defp apply_option({:put, key, value}, _name, :none, rest, arguments),
    do: put(rest, arguments, key, value)

  defp apply_option(does, name, :none, [value | rest], arguments),
    do: apply_option(does, name, {:given, value}, rest, arguments)

  defp apply_option(does, name, :none, [], _arguments),
    do: {:usage, "#{name} takes #{takes(does)}"}

  defp apply_option({:number, key, most} = does, name, {:given, word}, rest, arguments) do
    case Integer.parse(word) do
      {number, ""} when number >= 1 and number <= most -> put(rest, arguments, key, number)
      _ -> {:usage, "#{name} takes #{takes(does)} from 1 to #{most}, and got #{show(word)}"}
    end
  end

  defp apply_option({:one_of, key, values} = does, name, {:given, word}, rest, arguments) do
    case Enum.find(values, &(Atom.to_string(&1) == word)) do
      nil -> {:usage, "#{name} takes #{takes(does)}, and got #{show(word)}"}
      value -> put(rest, arguments, key, value)
    end
  end

  defp apply_option({:text, key, _} = does, name, {:given, word}, rest, arguments) do
    if word == "",
      do: {:usage, "#{name} takes #{takes(does)}"},
      else: put(rest, arguments, key, word)
  end

  defp apply_option(:exclude, name, {:given, word}, rest, arguments) do
    if word == "" or :binary.match(word, "/") != :nomatch do
      {:usage, "#{name} takes the name of a directory, without a slash, and got #{show(word)}"}
    else
      before = Keyword.get(arguments.options, :exclude, [])
      put(rest, arguments, :exclude, before ++ [word])
    end
  end

  defp no_value(_does, name), do: {:usage, "#{name} takes no value"}

  defp takes({:number, _, _}), do: "a number"
  defp takes({:one_of, _, values}), do: "one of #{Enum.join(values, ", ")}"
  defp takes({:text, _, what}), do: what
  defp takes(:exclude), do: "a NAME"

  defp put(rest, arguments, key, value),
    do: words(rest, %{arguments | options: Keyword.put(arguments.options, key, value)})

  defp complete(%{command: command} = arguments) do
    {names, needed} = @operands[command]
    given = Enum.count([arguments.path, arguments.operand], & &1)

    if given < needed,
      do: {:usage, "#{command} takes a #{names |> Enum.take(needed) |> Enum.join(" and a ")}"},
      else: check(arguments)
  end

  defp check(%{command: :scan, options: options} = arguments) do
    kept = Keyword.has_key?(options, :index)

    cond do
      kept and options[:metadata] == false ->
        {:usage, "--index keeps sizes and times: --no-metadata does not go with it"}

      not kept and Enum.any?(@kept, fn {key, _} -> Keyword.has_key?(options, key) end) ->
        {_, name} = Enum.find(@kept, fn {key, _} -> Keyword.has_key?(options, key) end)
        {:usage, "#{name} goes with --index"}

      arguments.format == :print0 and not kept ->
        # Names alone, and so nothing is read that nobody sees.
        {:ok, %{arguments | options: Keyword.put(options, :metadata, false)}}

      true ->
        {:ok, arguments}
    end
  end

  defp check(arguments), do: {:ok, arguments}

  defp show(word), do: "\"" <> Printable.escape(word) <> "\""
end
