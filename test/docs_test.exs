defmodule Aether.DocsTest do
  # Holds what README and guides say against the code: names, tables, links, examples. That examples
  # after iex> in the README run is `doctest Aether`'s business, in test/aether/info_test.exs; that its
  # modules do, that of test/docs_examples_test.exs.
  use ExUnit.Case, async: true

  alias Aether.{Error, Index, Markdown, Options, Scanner, Slab, Summary}
  alias Aether.CLI.Arguments

  @root Path.expand("..", __DIR__)
  @pages ["README.md", "CONTRIBUTING.md", "CHANGELOG.md"] ++
           for(
             glob <- ["guides/*.md", "native/*/README.md", "lib/**/README.md"],
             path <- Path.wildcard(Path.join(@root, glob)),
             do: Path.relative_to(path, @root)
           )
  @calls [:scan, :scan_subdir, :stream!, :list]

  defp read(path), do: File.read!(Path.join(@root, path))
  defp readme(heading), do: Markdown.section(read("README.md"), heading)
  defp sources(glob), do: for(path <- Path.wildcard(Path.join(@root, glob)), do: File.read!(path))
  defp atom(":" <> name), do: String.to_atom(name)
  defp names(cell), do: cell |> Markdown.spans() |> Enum.map(&String.to_atom/1)

  describe "options" do
    setup do
      %{rows: "Options" |> readme() |> Markdown.table("option")}
    end

    test "are complete", %{rows: rows} do
      assert for([option | _] <- rows, do: names(option)) |> Enum.concat() |> Enum.sort() ==
               Enum.sort(Options.names())
    end

    test "belong to the calls that are named", %{rows: rows} do
      for [option, calls | _] <- rows, [name] = names(option), call <- @calls do
        named? = calls == "all" or call in names(calls)
        assert named? == name in Options.names(call), "#{name} of #{call}"
      end
    end

    test "have the defaults that are given", %{rows: rows} do
      for [option, calls, default | _] <- rows, [name] = names(option) do
        values =
          for code <- Markdown.spans(default),
              code =~ ~r/^(\W|\d|true|false|nil|self)/,
              do: eval(code)

        case values do
          [scan, list] ->
            assert {scan, list} == {default(:scan, name), default(:list, name)}, "#{name}"

          [value] ->
            call = if calls == "all", do: :scan, else: hd(names(calls))
            assert value == default(call, name), "#{name}"
            if calls == "all", do: assert(value == default(:list, name), "#{name} of list")
        end
      end
    end

    test "that scan_subdir inherits are the ones that are named" do
      [_, sentence] =
        Regex.run(~r/`scan_subdir` on a scan takes over its (.*)\./, readme("Options"))

      inherited = :scan |> Options.new([]) |> Options.inheritable() |> Map.keys()
      assert Enum.sort(names(sentence)) == Enum.sort(inherited)
    end

    test "in the guides exist" do
      for page <- @pages, code <- Markdown.spans(Markdown.prose(read(page))) do
        for [_, name] <- Regex.scan(~r/^(\w+):(?: |$)/, code) do
          known = [
            "flush",
            "fullsweep_after",
            "rolled_back",
            "mode",
            "imported",
            "permissions",
            "follow",
            "history",
            "if",
            "entries",
            "near",
            "roots" | Enum.map(Options.names(), &Atom.to_string/1)
          ]

          searched = Regex.scan(~r/(?<=`:)\w+(?=` - )/, Enum.join(Index.Options.docs(:search)))
          known = known ++ Enum.concat(searched)

          assert name in known or page =~ "native/", "#{page}: #{code}"
        end
      end
    end
  end

  defp default(call, name), do: Map.fetch!(Options.new(call, []), name)

  defp eval(code) do
    {value, _} = Code.eval_string(code)
    value
  end

  describe "calls" do
    test "of the scanner, of slabs and of the index are complete" do
      tables = Regex.split(~r/^In `(Aether\.\w+)`/m, readme("Calls"), include_captures: true)

      for {module, at} <- [{Scanner, 2}, {Slab, 4}, {Aether.Index, 6}] do
        assert Enum.at(tables, at - 1) =~ inspect(module)

        documented =
          for [call | _] <- Markdown.table(Enum.at(tables, at), "call"),
              code <- Markdown.spans(call),
              arity <- arities(code),
              do: arity

        assert Enum.sort(documented) ==
                 module |> public_functions() |> Enum.sort()
      end
    end

    # Those that are documented, with the arities that defaults add.
    defp public_functions(module) do
      {:docs_v1, _, _, _, _, _, docs} = Code.fetch_docs(module)

      for {{:function, name, arity}, _, _, doc, meta} <- docs,
          doc != :hidden or name == :child_spec,
          arity <- (arity - Map.get(meta, :defaults, 0))..arity,
          do: {name, arity}
    end

    test "have documentation, and their modules too" do
      for module <- public_modules() do
        {:docs_v1, _, _, _, %{"en" => _}, _, functions} = Code.fetch_docs(module)

        for {{kind, name, arity}, _, _, doc, _} <- functions, kind in [:function, :macro] do
          callback? = {name, arity} in [exception: 1, message: 1, child_spec: 1]
          assert callback? or doc != :none, "#{inspect(module)}.#{name}/#{arity}"
        end
      end
    end

    test "that pages name exist" do
      for page <- @pages, code <- Markdown.spans(read(page)) do
        for [_, module, name, arity] <-
              Regex.scan(~r/^((?:[A-Z]\w*\.?)+)\.([a-z_]\w*[!?]?)\/(\d)$/, code) do
          module = Module.concat([module])
          assert Code.ensure_loaded?(module), "#{page}: #{code}"

          assert function_exported?(module, String.to_atom(name), String.to_integer(arity)),
                 "#{page}: #{code}"
        end

        for [module] <- Regex.scan(~r/^Aether(?:\.[A-Z]\w*)+$/, code) do
          assert Code.ensure_loaded?(Module.concat([module])), "#{page}: #{code}"
        end
      end
    end

    test "in examples of the pages have an arity that exists" do
      for page <- @pages, block <- Markdown.blocks(read(page), "elixir") do
        {_, calls} =
          block
          |> Code.string_to_quoted!()
          |> Macro.prewalk([], fn
            {{:., _, [{:__aliases__, _, alias}, name]}, _, args} = node, calls ->
              {node, [{List.last(alias), name, length(args)} | calls]}

            node, calls ->
              {node, calls}
          end)

        for {alias, name, arity} <- calls, module = %{Scanner: Scanner, Slab: Slab}[alias] do
          Code.ensure_loaded!(module)
          assert function_exported?(module, name, arity), "#{page}: #{alias}.#{name}/#{arity}"
        end
      end
    end
  end

  defp arities(code) do
    {name, _, args} = Code.string_to_quoted!(code)
    optional = Enum.count(args, &match?({:\\, _, _}, &1))
    for arity <- (length(args) - optional)..length(args), do: {name, arity}
  end

  defp public_modules do
    {:ok, modules} = :application.get_key(:aether, :modules)

    for module <- modules,
        match?({:docs_v1, _, _, _, %{}, _, _}, Code.fetch_docs(module)),
        not String.starts_with?(
          Path.relative_to(to_string(module.module_info(:compile)[:source]), @root),
          "test/"
        ),
        do: module
  end

  describe "messages and structs" do
    test "messages are those that the native side sends to a receiver" do
      documented =
        for [message, _] <- Markdown.table(readme("Messages"), "message"), do: tag(message)

      [sending] = sources("native/nif/src/scan/mailbox.rs")

      sent =
        for [_, name] <- Regex.scan(~r/atoms::(scan_\w+)\(\)/, sending), do: String.to_atom(name)

      # To the caller of start, and to the observer.
      assert Enum.sort(documented) == Enum.sort(Enum.uniq(sent) -- [:scan_opened, :scan_summary])
    end

    test "messages come in the shape and order that are given" do
      shapes =
        for [message, _] <- Markdown.table(readme("Messages"), "message"), into: %{} do
          [code] = Markdown.spans(message)
          {tag(message), length(String.split(code, ","))}
        end

      {:ok, scan} =
        Scanner.scan("lib", depth: :infinity, active: 1, slab_entries: 1, progress: true)

      tags = all_messages(scan, shapes, [])
      assert [:scan_completed | _] = tags
      assert :scan_chunk in tags and :scan_passive in tags
    end

    test "structs have exactly the fields that are listed" do
      rows = Markdown.table(readme("Messages"), "struct")
      assert length(rows) == 4

      for [struct, fields] <- rows do
        [_, module] = Regex.run(~r/`%(Aether\.\w+)\{\}`/, struct)
        keys = Map.keys(struct(Module.concat([module]))) -- [:__struct__, :__exception__]
        assert Enum.sort(names(fields)) == Enum.sort(keys), module
      end
    end

    test "a struct's own documentation names its fields" do
      for module <- [Aether.Entry, Aether.Progress, Summary, Error] do
        {:docs_v1, _, _, _, %{"en" => doc}, _, _} = Code.fetch_docs(module)

        for key <- Map.keys(struct(module)) -- [:__struct__, :__exception__] do
          assert doc =~ "`#{key}`", "#{inspect(module)}: #{key}"
        end
      end
    end

    test "info/0 has the keys that are named" do
      [_, sentence] = Regex.run(~r/`Aether.info\/0` says.*?: (.*?)\. Events/, readme("Calls"))
      assert Enum.sort(names(sentence)) == Enum.sort(Map.keys(Aether.info()))
    end

    test "kinds and statuses are those of the code" do
      text = readme("Messages")
      [_, kinds] = Regex.run(~r/its `kind` is (.*?);/, text)
      {:ok, types} = Code.Typespec.fetch_types(Aether.Entry)
      assert Enum.sort(Enum.map(Markdown.spans(kinds), &atom/1)) == atoms_of(types, :kind)

      [_, statuses] = Regex.run(~r/summary's `status` is (.*?)Times/, text)
      {:ok, types} = Code.Typespec.fetch_types(Summary)
      named = for ":" <> _ = code <- Markdown.spans(statuses), do: atom(code)
      assert Enum.sort(named) == atoms_of(types, :status)
    end
  end

  defp tag(cell) do
    [_, tag] = Regex.run(~r/^`\{:(\w+), /, cell)
    String.to_atom(tag)
  end

  defp all_messages(%{ref: ref} = scan, shapes, tags) do
    receive do
      message when elem(message, 1) == ref ->
        tag = elem(message, 0)
        assert tuple_size(message) == shapes[tag], inspect(message)
        if tag == :scan_passive, do: Scanner.ask(scan, 1)

        if tag == :scan_completed,
          do: [tag | tags],
          else: all_messages(scan, shapes, [tag | tags])
    after
      20_000 -> flunk("no end of the scan")
    end
  end

  defp atoms_of(types, name) do
    [{:type, _, :union, atoms}] = for {:type, {^name, type, []}} <- types, do: type
    Enum.sort(for {:atom, _, atom} <- atoms, do: atom)
  end

  describe "errors" do
    setup do
      [rust] = sources("native/core/src/error.rs")
      posix = for [_, name] <- Regex.scan(~r/[A-Z0-9]+ "(e\w+)"/, rust), do: String.to_atom(name)
      rows = for [reason, of, _] <- Markdown.table(readme("Errors"), "reason"), do: {reason, of}
      table = for {reason, of} <- rows, code <- Markdown.spans(reason), do: {atom(code), of}
      %{rust: rust, posix: posix, table: table}
    end

    test "of Aether's own are complete", %{
      rust: rust,
      posix: posix,
      table: table
    } do
      own = for {reason, "Aether"} <- table, do: reason
      assert Enum.sort(own) == Enum.sort(Error.reasons() -- posix)

      native =
        for [_, name] <- Regex.scan(~r/Reason::\w+ => "(\w+)"/, rust), do: String.to_atom(name)

      assert length(native) == length(Regex.scan(~r/^    [A-Z]\w+,$/m, enum(rust, "Reason")))
      assert native -- own == []
    end

    test "exist in the code", %{posix: posix, table: table} do
      for {reason, "the system"} <- table do
        assert reason in posix and reason in Error.reasons(), "#{reason}"
      end

      code =
        sources("lib/**/*.ex")
        |> Enum.reject(&(&1 =~ "defmodule Aether.Error do"))
        |> Enum.concat(sources("native/{core,index,nif}/src/**/*.rs"))
        |> Enum.join()

      for reason <- Error.reasons() do
        assert code =~ ~r/:#{reason}\b|"#{reason}"|\b#{reason},/, "#{reason} is used nowhere"
      end
    end

    test "operations are those of the code", %{rust: rust} do
      {:docs_v1, _, _, _, %{"en" => doc}, _, _} = Code.fetch_docs(Error)

      [_, listed] =
        Regex.run(~r/\* `operation` - what was being done: (.*?)\n  \* /s, doc <> "\n  * ")

      listed = for ":" <> name <- Markdown.spans(listed), do: name
      [index] = sources("native/index/src/error.rs")
      native = for [_, name] <- Regex.scan(~r/Operation::\w+ => "(\w+)"/, rust <> index), do: name

      elixir =
        sources("lib/**/*.ex")
        |> Enum.flat_map(&Regex.scan(~r/operation: :(\w+)/, &1))
        |> Enum.map(&List.last/1)

      assert Enum.sort(listed) == Enum.uniq(Enum.sort(native ++ elixir))
    end
  end

  defp enum(rust, name) do
    [_, body] = Regex.run(~r/pub enum #{name} \{\n(.*?)^\}/ms, rust)
    body
  end

  describe "the command line" do
    test "has the help that the README shows" do
      assert readme("Two commands") =~ "$ bin/aether --help\n" <> Arguments.help()
    end

    test "that runs the tests ends with the text that is shown" do
      [_, words] = Regex.run(~r/It ends with `([^`]+)`/, readme("Two commands"))
      assert read("bin/test") =~ words
    end

    test "has no option that its help does not mention" do
      [source] = sources("lib/aether/cli/arguments.ex")

      known =
        Regex.scan(~r/"(--[a-z][\w-]+)"/, source, capture: :all_but_first)
        |> Enum.concat()
        |> Enum.uniq()

      helped = Regex.scan(~r/--[a-z][\w-]+/, Arguments.help()) |> Enum.concat() |> Enum.uniq()
      assert Enum.sort(known) == Enum.sort(helped)
    end

    test "is called with options that exist, wherever a page calls it" do
      for page <- @pages, [line] <- Regex.scan(~r/^.*bin\/(?:aether|test) .*$/m, read(page)) do
        line = line |> String.split(~r/[|;]/) |> hd()
        known = Arguments.help() <> read("bin/test")

        for [flag] <- Regex.scan(~r/(?<= )--[\w-]+/, line),
            do: assert(known =~ flag, "#{page}: #{line}")
      end
    end
  end

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

  describe "the slab format" do
    test "has the example that is in the golden file" do
      [block] =
        Markdown.blocks(read("guides/slab-format.md"), "text") |> Enum.filter(&(&1 =~ "ASLB"))

      bytes =
        for [_, offset, hex] <-
              Regex.scan(~r/^ *(\d+)  ((?:[0-9a-f]{2} {1,2})*[0-9a-f]{2})(?=\s{2}|$)/m, block),
            reduce: "" do
          bytes ->
            assert byte_size(bytes) == String.to_integer(offset)
            bytes <> (hex |> String.replace(" ", "") |> Base.decode16!(case: :lower))
        end

      assert bytes == File.read!(Path.join(@root, "test/fixtures/slabs/slab-v1.bin"))
    end

    test "has the numbers of statuses and kinds of the code" do
      guide = read("guides/slab-format.md")
      [rust] = sources("native/core/src/slab.rs")

      statuses = for [_, number] <- Regex.scan(~r/pub const \w+: u32 = (\d+);/, rust), do: number
      rows = for [number, _] <- Markdown.table(guide, "`dir_status`"), do: number
      assert rows == statuses ++ ["256 + n"]

      kinds = for [_, number] <- Regex.scan(~r/^    \w+ = (\d),$/m, rust), do: number
      assert for([number, _] <- Markdown.table(guide, "value"), do: number) == kinds
    end
  end

  describe "native/core/README.md" do
    test "has a row for each file" do
      text = read("native/core/README.md")

      rows =
        for [files, _] <- Markdown.table(text, "file"), file <- Markdown.spans(files), do: file

      src = Path.join(@root, "native/core/src")
      files = for path <- Path.wildcard(src <> "/**/*.rs"), do: Path.relative_to(path, src)
      assert Enum.sort(rows) == Enum.sort(files)
    end

    test "has the limits of the code" do
      rows = Markdown.table(read("native/core/README.md"), "constant")
      assert length(rows) > 10

      for [name, value, file | _] <- rows,
          [name] = Markdown.spans(name),
          [file] = Markdown.spans(file) do
        [source] = sources("native/core/src/" <> file)
        assert [_, code] = Regex.run(~r/const #{name}: \w+ = (.*);/, source), "#{name} in #{file}"
        assert constant(code) == value, name
      end
    end
  end

  defp constant("Duration::from_millis(" <> rest), do: "#{elem(Integer.parse(rest), 0)} ms"
  defp constant("Duration::from_secs(24 * 3600)"), do: "1 day"
  defp constant("Duration::from_secs(" <> rest), do: "#{elem(Integer.parse(rest), 0)} s"
  # Of the 64 that another row has.
  defp constant("POOL_MAX_STUCK / " <> divisor), do: "#{div(64, String.to_integer(divisor))}"
  defp constant("256 * 1024"), do: "256 KiB"
  defp constant("1 << 20"), do: "1 MiB"
  defp constant("4 << 20"), do: "4 MiB"
  defp constant(number), do: number
end
