defmodule Aether.CLITest do
  # The parts of the command line that are pure: words in, text out.
  use ExUnit.Case, async: true

  alias Aether.{Error, Progress, Summary}
  alias Aether.CLI.{Arguments, Text}

  doctest Aether.CLI.Arguments
  doctest Aether.CLI.Answers
  doctest Aether.CLI.JSON
  doctest Aether.CLI.Place
  doctest Aether.CLI.Text

  defp scan(words) do
    assert {:ok, %{command: :scan} = arguments} = Arguments.parse(["scan" | words])
    {arguments.path, arguments.format, Enum.sort(arguments.options)}
  end

  defp usage(words) do
    assert {:usage, message} = Arguments.parse(words)
    message
  end

  describe "words" do
    test "a path alone: the whole tree, as a summary" do
      assert scan(["/srv"]) == {"/srv", :text, []}
    end

    test "every option, before and after the path" do
      words = ~w(--depth 3 --json --no-metadata /srv --git-ignore --exclude a --exclude=b
                 --one-file-system --threads=2)

      assert scan(words) ==
               {"/srv", :json,
                [
                  depth: 3,
                  exclude: ["a", "b"],
                  ignore: [:git, :git_user],
                  metadata: false,
                  same_file_system: true,
                  threads: 2
                ]}

      assert scan(["--print0", "x"]) == {"x", :print0, [metadata: false]}
    end

    test "paths are bytes" do
      assert {<<0xFF, 0xFE>>, _, _} = scan([<<0xFF, 0xFE>>])
      assert {"", _, _} = scan([""])
      assert {"-", _, _} = scan(["-"])
      assert {"--json", :text, _} = scan(["--", "--json"])
      assert {_, _, [exclude: [<<0xFF>>]]} = scan(["--exclude", <<0xFF>>, "x"])
    end

    test "every option of the help is one" do
      for section <- String.split(Arguments.help(), ~r/^aether /m, trim: true) |> tl(),
          command = section |> String.split() |> hd(),
          [option, value] <-
            Regex.scan(~r/^  (--[a-z0-9-]+)(?: ([A-Z]+))?/m, section)
            |> Enum.map(fn [_, option | value] -> [option, List.first(value)] end) do
        value = %{"KEY" => "name", "MODE" => "glob"}[value] || (value && "1")

        words =
          [option | List.wrap(value)] ++
            if(option in ~w(--id --replace-rules --accept-root), do: ~w(--index f), else: [])

        operands = if command == "find", do: ["x", "y"], else: ["x"]
        assert {:ok, %{command: parsed}} = Arguments.parse([command | words] ++ operands), option
        assert Atom.to_string(parsed) == command
      end
    end

    test "the commands that query an index" do
      assert {:ok, %{command: :ls, path: "f.db", operand: nil}} = Arguments.parse(["ls", "f.db"])
      assert {:ok, ls} = Arguments.parse(["ls", "--sort=size", "f.db", <<0xFF>>, "--json"])
      assert {ls.operand, ls.options, ls.format} == {<<0xFF>>, [sort: :size], :json}
      assert {:ok, %{options: [limit: 10_001]}} = Arguments.parse(~w(ls f.db --limit 10001))
      assert {:ok, %{options: [limit: 10_000]}} = Arguments.parse(~w(find f x --limit 10000))
      assert {:ok, %{operand: "--x"}} = Arguments.parse(["find", "f.db", "--", "--x"])

      for {words, message} <- [
            {~w(ls), "ls takes a FILE"},
            {~w(find f), "find takes a FILE and a QUERY"},
            {~w(ls f --sort up), "--sort takes one of name, size, count, mtime, and got \"up\""},
            {~w(ls f --from 1), "ls does not take option --from"},
            {~w(find f x --limit 10001),
             "--limit takes a number from 1 to 10000, and got \"10001\""},
            {~w(changes f --limit=4000000000),
             "--limit takes a number from 1 to 10000, and got \"4000000000\""},
            {~w(changes f g), "changes takes one FILE, and \"g\" is another"},
            {~w(check f --thorough=1), "--thorough takes no value"},
            {~w(scan x --id demo), "--id goes with --index"},
            {~w(scan x --index), "--index takes a FILE"},
            {~w(scan x --index f --no-metadata),
             "--index keeps sizes and times: --no-metadata does not go with it"}
          ],
          do: assert(Arguments.parse(words) == {:usage, message})

      assert {_, :print0, [index: "f"]} = scan(~w(--print0 --index f x))
    end

    test "help and version, wherever they stand" do
      assert Arguments.parse(["--help"]) == :help
      assert Arguments.parse(["scan", "--json", "--help"]) == :help
      assert Arguments.parse(["scan", "-h"]) == :help
      assert Arguments.parse(["scan", "--version"]) == :version
    end

    test "errors name the wrong argument" do
      assert usage([]) =~ "command"
      assert usage(["scna", "x"]) =~ ~s("scna")
      assert usage(["scan"]) =~ "PATH"
      assert usage(["scan", "a", "b"]) =~ ~s("b")
      assert usage(["scan", "--jsno", "a"]) =~ ~s("--jsno")
      assert usage(["scan", "--json=yes", "a"]) == "--json takes no value"
      assert usage(["scan", "-x", "a"]) =~ ~s("-x")
      assert usage(["scan", "--json", "--print0", "a"]) =~ "exclude each other"
      assert usage(["scan", "a", "--depth"]) =~ "--depth"
      assert usage(["scan", "--exclude"]) =~ "NAME"
      assert usage(["scan", "--exclude", "a/b", "x"]) =~ ~s("a/b")

      for wrong <- ["0", "-1", "x", "1x", "", <<0xFF>>, "4294967296"] do
        assert usage(["scan", "--depth", wrong, "a"]) =~ "--depth takes a number"
      end

      assert usage(["scan", "--threads", "1025", "a"]) =~ "1024"
    end

    test "messages are safe to print" do
      assert usage(["scan", "--\e[31m\n\xFF", "a"]) =~ ~S(\e[31m\n\xFF)
    end
  end

  describe "text" do
    test "the summary has every number" do
      ms = System.convert_time_unit(1, :millisecond, :native)

      text =
        "/srv"
        |> Text.summary(%Summary{
          files: 1_234_567,
          directories: 89,
          symlinks: 7,
          bytes: 5_000_000_000,
          unread: 12,
          first_entry: div(ms, 4),
          duration: 1500 * ms,
          rate: 823_108.7
        })
        |> IO.iodata_to_binary()

      assert text == """
             /srv: complete
               files        1,234,567
               directories  89
               symlinks     7
               others       0
               bytes        4.7 GiB (5,000,000,000 B)
               unread       12 (directories deeper than asked for)
               errors       0
               first entry  0.25 ms
               duration     1.50 s
               rate         823,109 entries/s
             """
    end

    test "errors by reason, the most frequent first, with their first paths" do
      denied = for n <- 1..6, do: %Error{reason: :eacces, path: "d#{n}", operation: :open}
      own = %Error{reason: :bad_pattern, path: "g\e", operation: :ignore, detail: "line\n1"}

      errors = %{count: 41, by_reason: %{eacces: 40, bad_pattern: 1}, first: denied ++ [own]}
      text = IO.iodata_to_binary(Text.summary("r", %Summary{status: :partial, errors: errors}))

      assert text =~ """
               permission denied (eacces): 40
                 open d1
                 open d2
                 open d3
                 open d4
                 open d5
                 and 35 more
               bad_pattern: 1
                 ignore g\\e (line\\n1)
             """

      assert IO.iodata_to_binary(Text.errors(errors)) =~
               "aether: open d6: permission denied (eacces)\naether: ignore g\\e"

      assert IO.iodata_to_binary(Text.errors(errors)) =~ "aether: and 34 more errors\n"
    end

    test "no control character in a name reaches the terminal" do
      name = "a\e[2J\n\r\x9B\u202E" <> <<0xFF, 0>>
      error = %Error{reason: :eacces, path: name, operation: :open, detail: name}
      errors = %{count: 1, by_reason: %{eacces: 1}, first: [error]}

      for text <- [
            Text.summary(name, %Summary{errors: errors}),
            Text.errors(errors),
            Text.live(%Progress{current: name}, 200)
          ] do
        text = IO.iodata_to_binary(text)
        assert String.valid?(text)
        refute text =~ ~r/[\x00-\x09\x0B-\x1F\x7F\x{80}-\x{9F}\x{202E}]/u
      end
    end

    test "the live line fits" do
      progress = %Progress{
        found: 1_234_567,
        rate: 1.5e6,
        bytes: 3 * 1024 ** 3,
        errors: 2,
        current: String.duplicate("日本", 50)
      }

      assert Text.live(progress, 400) =~
               "1,234,567 entries  1,500,000/s  3.0 GiB  2 errors  日本日本"

      for columns <- 2..120 do
        line = Text.live(progress, columns)

        width =
          for <<char::utf8 <- line>>, char != ?…,
            reduce: 1,
            do: (n -> n + if(char > 0x1100, do: 2, else: 1))

        assert width <= columns
      end
    end

    test "units" do
      assert Enum.map([0, 1023, 1024, 1_048_575, 1_048_576, 2 ** 63], &Text.human/1) ==
               ["0 B", "1023 B", "1.0 KiB", "1.0 MiB", "1.0 MiB", "8.0 EiB"]

      times = for us <- [0, 250, 9999, 12_345, 1_500_000, 61_000_000], do: native(us)

      assert Enum.map(times, &Text.time/1) ==
               ["0.00 ms", "0.25 ms", "10.00 ms", "12 ms", "1.50 s", "1 min 1 s"]
    end
  end

  defp native(us), do: System.convert_time_unit(us, :microsecond, :native)
end
