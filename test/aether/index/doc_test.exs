defmodule Aether.Index.DocTest do
  # The examples of Aether.Index, each with an index of this project's lib, from which something was deleted, under the
  # name that they use. Not async: the current directory, and where
  # temporary files lie, are of the whole VM.
  use Aether.Case, async: false

  doctest Aether.Index
  doctest Aether.Index.Report

  setup do
    tmp = Tree.tmp!()
    before = System.get_env("TMPDIR")
    directory = File.cwd!()
    System.put_env("TMPDIR", tmp)

    on_exit(fn ->
      File.cd!(directory)
      if before, do: System.put_env("TMPDIR", before), else: System.delete_env("TMPDIR")
    end)

    start_supervised!({Aether.Index, name: MyApp.Files, path: tmp <> "/files.db"})
    File.cp_r!("lib", tmp <> "/lib")
    File.cd!(tmp)
    Tree.make!("lib", ["gone.ex", "aether/gone/a/b.ex", "aether/gone/wire.ex"])
    scan!()
    File.rm!("lib/gone.ex")
    File.rm_rf!("lib/aether/gone")
    scan!()
  end

  defp scan!() do
    {:ok, scan} = Scanner.scan("lib", index: MyApp.Files, source_id: "lib", slabs: false)
    {:ok, %{status: :complete}} = Scanner.await(scan, patience())
    :ok
  end
end
