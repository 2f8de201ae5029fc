defmodule Aether.DocsDeletionsTest do
  # The examples of README and guides that open an index, in a tree from which things were deleted that the index had
  # seen. Not async: the current directory is of the whole VM.
  use Aether.Case, async: false

  import Aether.Pages
  alias Aether.{Index, Markdown}

  @gone ["gone.ex", "aether/gone/a/wire.ex", "aether/gone/scnr.ex", "a/b.ex"]

  test "examples hold after deletions" do
    tmp = Tree.tmp!()
    File.cp_r!("lib", tmp <> "/lib")
    pages = for page <- ["README.md", "guides/index.md"], do: {page, read(page)}

    File.cd!(tmp, fn ->
      for {page, text} <- pages do
        assert run(page, index_examples(text)) > 5
      end
    end)
  end

  # From each call that opens an index to the one that closes it.
  defp index_examples(text) do
    text
    |> Markdown.examples()
    |> Enum.chunk_while(
      [],
      fn
        {"path = " <> _, _} = example, _before ->
          {:cont, [example]}

        _example, [] ->
          {:cont, []}

        {"Aether.Index.close" <> _, _} = last, examples ->
          {:cont, Enum.reverse([last | examples]), []}

        example, examples ->
          {:cont, [example | examples]}
      end,
      fn _rest -> {:cont, []} end
    )
    |> Enum.concat()
  end

  defp run(page, examples) do
    for {code, expected} <- examples, reduce: [] do
      binding ->
        {value, binding} = Code.eval_string(code, binding)
        if expected, do: assert(value == elem(Code.eval_string(expected), 0), "#{page}: #{code}")
        if code =~ "Aether.Index.open(", do: see_what_goes(binding[:index])
        binding
    end

    length(examples)
  end

  defp see_what_goes(index) do
    Tree.make!("lib", @gone)
    {:ok, scan} = Scanner.scan("lib", index: index, source_id: "lib", slabs: false)
    {:ok, %{status: :complete}} = Scanner.await(scan, patience())
    {:ok, %{value: %{}}} = Index.stat(index, "lib", "gone.ex")
    for name <- ["gone.ex", "aether/gone", "a"], do: File.rm_rf!("lib/" <> name)
  end
end
