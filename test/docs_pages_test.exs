defmodule Aether.DocsPagesTest do
  # Holds the pages against what is there: commands, files, links, examples, versions. That examples
  # after iex> in the README run is `doctest Aether`'s business, in test/aether/info_test.exs; that its
  # modules do, that of test/docs_examples_test.exs.
  use ExUnit.Case, async: true

  import Aether.Pages
  alias Aether.Markdown

  @root root()
  @pages pages()

  describe "the command line" do
    # The program's own tests hold the file to what it prints.
    test "has the help that the README shows" do
      [whole, _commands] = String.split(help(), "\nList everything", parts: 2)
      assert readme("In a terminal") =~ "$ bin/aether --help\n" <> whole
    end

    test "that runs the tests ends with the text that is shown" do
      [_, words] = Regex.run(~r/It ends with `([^`]+)`/, readme("Two commands"))
      assert read("bin/test") =~ words
    end

    test "is called with options that exist, wherever a page calls it" do
      for page <- @pages, [line] <- Regex.scan(~r/^.*bin\/(?:aether|test) .*$/m, read(page)) do
        line = line |> String.split(~r/[|;]/) |> hd()
        known = help() <> read("bin/test")

        for [flag] <- Regex.scan(~r/(?<= )--[\w-]+/, line),
            do: assert(known =~ flag, "#{page}: #{line}")
      end
    end
  end

  defp help, do: read("native/cli/tests/help.txt")

  describe "pages" do
    test "link to what is there" do
      for page <- @pages, target <- Markdown.links(read(page)), not (target =~ ~r/^https?:/) do
        {path, anchor} =
          case String.split(target, "#") do
            [path] -> {path, nil}
            [path, anchor] -> {path, anchor}
          end

        path =
          if path == "",
            do: page,
            else: Path.relative_to(Path.expand(path, Path.join(@root, Path.dirname(page))), @root)

        assert File.exists?(Path.join(@root, path)), "#{page}: #{target}"
        if anchor, do: assert(anchor in Markdown.anchors(read(path)), "#{page}: #{target}")
      end
    end

    test "name files that are there" do
      for page <- @pages, code <- Markdown.spans(Markdown.prose(read(page))) do
        for [path] <-
              Regex.scan(~r{^(?:assets|bench|bin|config|guides|lib|native|test)/[\w./-]*\w}, code),
            not (path =~ ~r{^native/target}) do
          assert File.exists?(Path.join(@root, path)), "#{page}: #{code}"
        end
      end

      for page <- @pages,
          [path] <- Regex.scan(~r{\b(?:bench|guides)/[\w./-]+\.\w+}, read(page)) do
        assert File.exists?(Path.join(@root, path)), "#{page}: #{path}"
      end
    end

    test "name faults by files that are there" do
      [_, faults] = String.split(read("CONTRIBUTING.md"), "## Known faults")
      paths = Regex.scan(~r{`([a-z_]+/[\w/]+\.rs)`}, faults, capture: :all_but_first)
      assert paths != []

      for [path] <- paths,
          do: assert(Path.wildcard(Path.join(@root, "native/*/src/#{path}")) != [], path)
    end

    test "draw a map of files that are there" do
      [map] = Markdown.blocks(read("CONTRIBUTING.md"), "text")
      paths = Regex.scan(~r{\b(?:assets|lib|native)/[\w./-]*\w}, map)
      assert length(paths) > 20
      for [path] <- paths, do: assert(File.exists?(Path.join(@root, path)), path)
    end

    test "are all reachable from the README" do
      linked = for target <- Markdown.links(read("README.md")), do: target
      assert @pages -- ["README.md" | linked] == []
    end

    test "name no path of a machine" do
      for page <- @pages do
        refute read(page) =~ ~r{(?<![\w.])/(work|tmp|home|root)/(?!\.cargo)}, page
      end
    end

    test "have examples that run" do
      for "guides/" <> _ = page <- @pages do
        for {code, expected} <- Markdown.examples(read(page)), reduce: [] do
          binding ->
            {value, binding} = Code.eval_string(code, binding)
            if expected, do: assert(value == eval(expected), "#{page}: #{code}")
            binding
        end
      end

      assert [{"{:ok, scan} = " <> _, nil} | _] = Markdown.examples(read("guides/demand.md"))
    end

    test "have the changes of this version" do
      version = Mix.Project.config()[:version]
      assert read("CHANGELOG.md") =~ ~r/^## #{Regex.escape(version)}\b/m
      assert read("README.md") =~ "v#{version}"
    end

    test "name the versions that mix.exs and cargo demand" do
      project = read("mix.exs")
      [_, elixir] = Regex.run(~r/elixir: "~> ([\d.]+)"/, project)
      [_, rust] = Regex.run(~r/@rustc "([\d.]+)\.0"/, project)
      assert read("native/Cargo.toml") =~ ~s(rust-version = "#{rust}")
      [_, abi] = Regex.run(~r/nif_version_(\d_\d+)/, read("native/Cargo.toml"))
      building = read("guides/building.md")

      assert for([what, version, _] <- Markdown.table(building, "what"), do: {what, version})
             |> Enum.take(3) ==
               [{"Elixir", elixir}, {"OTP", "25"}, {"Rust", rust}]

      assert building =~ "version #{String.replace(abi, "_", ".")} of the NIF interface"
      assert readme("Install") =~ "(#{rust} or newer)"
      assert readme("Install") =~ "Elixir #{elixir} and OTP 25"
    end
  end
end
