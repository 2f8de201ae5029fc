defmodule Aether.Index.HungDiskTest do
  # The disk under an index hangs: a FUSE file system that never answers lies over its directory.
  use Aether.Case, async: true

  import Aether.Kept
  alias Aether.{Hang, Index}

  @moduletag skip: !Hang.possible?() && "needs root and /dev/fuse"

  # More than the VM has dirty I/O schedulers.
  @each 3

  test "only the calls of that index wait, and for no longer than they say" do
    reads = [
      source: &Index.source(&1, "s"),
      sources: &Index.sources/1,
      source_at: &Index.source_at(&1, "/"),
      place: &Index.place(&1, "/"),
      children: &Index.children(&1, "s", ""),
      stat: &Index.stat(&1, "s", "a/1"),
      totals: &Index.totals(&1, "s"),
      largest: &Index.largest(&1, "s"),
      links: &Index.links(&1, "s", "a/1"),
      changes: &Index.changes(&1, "s", 0, 1),
      notes: &Index.notes(&1, "s", "a/1"),
      subscribe: &Index.subscribe(&1, "s")
    ]

    base = Tree.tmp!()
    root = Tree.make!(base <> "/root", ["a/1"])
    for name <- ["hung", "other"], do: File.mkdir!("#{base}/#{name}")
    other = index!(path: base <> "/other/index.db")
    hung = index!(path: base <> "/hung/index.db")
    server = start_supervised!({Index, path: base <> "/hung/kept.db"})
    for index <- [other, hung, server], do: scan!(root, index, source_id: "s")
    port = Hang.mount!(base <> "/hung")

    calls =
      for {name, read} <- reads, index <- [hung, server], _ <- 1..@each do
        Task.async(fn -> {name, read.(index)} end)
      end

    # What needs a scheduler for input and output, another index, and what only asks for the state.
    beside = [
      fn -> {:ok, %File.Stat{}} = File.stat(root) end,
      fn -> {:ok, %{value: %{file_count: 1}}} = Index.totals(other, "s") end,
      fn -> %Index{} = Index.get(server) end,
      fn -> %{stalled: nil} = Index.info(hung) end,
      fn ->
        {:error, %{reason: :etimedout}} = Scanner.scan(root, index: hung, open_timeout: 100)
      end
    ]

    beside |> Enum.map(&Task.async/1) |> Task.await_many(patience())

    for {name, answer} <- Task.await_many(calls, patience()) do
      assert {name, {:error, %Aether.Error{reason: reason, operation: :read}}} = {name, answer}
      assert {name, reason} == {name, :etimedout}
    end

    Hang.release!(port)
    # Nothing comes late.
    stop_supervised!(Index)
    Index.close(hung)
    assert {:ok, again} = Index.open(path: hung.path, busy_timeout: 5000)
    assert {:ok, %{value: %{file_count: 1}}} = Index.totals(again, "s")
    assert mailbox() == []
    Index.close(again)
  end
end
