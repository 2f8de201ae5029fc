defmodule Aether.Index.DocTest do
  # The examples of Aether.Index, each with an index of this project's lib under the name that they use. Not async: where
  # temporary files lie is of the whole VM.
  use Aether.Case, async: false

  doctest Aether.Index
  doctest Aether.Index.Report

  setup do
    tmp = Tree.tmp!()
    before = System.get_env("TMPDIR")
    System.put_env("TMPDIR", tmp)

    on_exit(fn ->
      if before, do: System.put_env("TMPDIR", before), else: System.delete_env("TMPDIR")
    end)

    start_supervised!({Aether.Index, name: MyApp.Files, path: tmp <> "/files.db"})
    {:ok, scan} = Scanner.scan("lib", index: MyApp.Files, source_id: "lib", slabs: false)
    {:ok, %{status: :complete}} = Scanner.await(scan, patience())
    :ok
  end
end
