defmodule Aether.DocsCallsTest do
  # Holds what README and guides say of options and calls against the code.
  use ExUnit.Case, async: true

  import Aether.Pages
  alias Aether.{Index, Markdown, Options, Scanner, Slab}

  @root root()
  @pages pages()
  @calls [:scan, :scan_subdir, :stream!, :list, :stat]

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
            "stall_timeout",
            "if",
            "entries",
            "near",
            "attributes",
            "disk_exact",
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
end
