defmodule Aether.Index.GuideTest do
  # The queries of the guide, as a sqlite3 shell runs them.
  use Aether.Case, async: true
  alias Aether.{Index, Markdown, Stored}

  @moduletag skip: !Stored.possible?() && "needs sqlite3"
  @guide Path.expand("../../../guides/index.md", __DIR__)

  test "each query runs, and gives what it says" do
    database = Tree.tmp!() <> "/index.db"
    {:ok, index} = Index.open(path: database)
    {:ok, scan} = Scanner.scan("lib", index: index, slabs: false, source_id: "lib")
    {:ok, summary} = Scanner.await(scan, patience())

    assert [sources, folders, files, biggest] =
             for(
               query <- Markdown.blocks(File.read!(@guide), "sql"),
               do: Stored.query!(database, query)
             )

    root = Path.expand("lib")
    assert sources == [["lib", root, "#{summary.files}", "#{summary.bytes}", "1"]]
    assert ["channel", _, "1", _] = Enum.find(folders, &match?(["channel" | _], &1))
    counts = for [_, count | _] <- folders, do: String.to_integer(count)
    assert counts == Enum.sort(counts, :desc)
    assert is_list(files)
    assert ["lib", "aether/", count, _] = hd(biggest)
    assert String.to_integer(count) == length(Find.paths("lib/aether", ["!", "-type", "d"]))
    Index.close(index)
  end

  test "the views have the columns that are named" do
    database = Tree.tmp!() <> "/index.db"
    {:ok, index} = Index.open(path: database)

    for [view, _, columns] <- Markdown.table(File.read!(@guide), "view"),
        [name] = Markdown.spans(view) do
      found =
        for [column] <- Stored.query!(database, "SELECT name FROM pragma_table_info('#{name}');"),
            do: column

      assert found == Markdown.spans(columns)
    end

    Index.close(index)
  end
end
