defmodule Aether.DocsMessagesTest do
  # Holds what the README says of messages, structs and errors against the code.
  use ExUnit.Case, async: true

  import Aether.Pages
  alias Aether.{Error, Markdown, Scanner, Summary}

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
      assert length(rows) == 5

      for [struct, fields] <- rows do
        [_, module] = Regex.run(~r/`%(Aether\.\w+)\{\}`/, struct)
        keys = Map.keys(struct(Module.concat([module]))) -- [:__struct__, :__exception__]
        assert Enum.sort(names(fields)) == Enum.sort(keys), module
      end
    end

    test "a struct's own documentation names its fields" do
      for module <- [Aether.Entry, Aether.Attributes, Aether.Progress, Summary, Error] do
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
end
