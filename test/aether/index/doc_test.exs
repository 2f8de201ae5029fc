defmodule Aether.Index.DocTest do
  # The examples of Aether.Index, each with an index of this project's lib under the name that they use.
  use Aether.Case

  doctest Aether.Index

  setup do
    path = Path.join(Tree.tmp!(), "files.db")
    start_supervised!({Aether.Index, name: MyApp.Files, path: path})
    {:ok, scan} = Scanner.scan("lib", index: MyApp.Files, source_id: "lib", slabs: false)
    {:ok, %{status: :complete}} = Scanner.await(scan, patience())
    :ok
  end
end
