defmodule Aether.Index.RefusedTest do
  # Reads that are refused: by path, by source, by argument, and on a closed index.
  use Aether.Case, async: true

  import Aether.Kept
  import Bitwise, only: [<<<: 2]
  alias Aether.Index

  setup do
    root = Tree.make!(Tree.tmp!(), ["many/f1", {"link", {:link, "nowhere"}}])
    index = index!()
    assert %{status: :complete} = scan!(root, index, source_id: "s")
    %{index: index}
  end

  test "a path that cannot be in a source is refused", %{index: index} do
    calls = [
      &Index.children(index, "s", &1),
      &Index.stat(index, "s", &1),
      &Index.totals(index, "s", &1),
      &Index.largest(index, "s", &1),
      &Index.links(index, "s", &1),
      &Index.breakdown(index, "s", &1),
      &Index.changes(index, "s", 0, 1, folder: &1),
      &Index.notes(index, "s", &1),
      &Index.put_note(index, "s", &1, "k", "v"),
      &Index.forget(index, "s", &1),
      &Index.subscribe(index, "s", &1),
      &Index.search(index, "x", near: {"s", &1})
    ]

    for call <- calls,
        {path, reason} <- [
          {"..", :outside_root},
          {"a/..", :outside_root},
          {"/a", :outside_root},
          {"a/", :einval},
          {"a//b", :einval},
          {"./a", :einval},
          {"a\0", :einval}
        ] do
      assert reason(call.(path)) == reason
    end

    for call <- [&Index.children/3, &Index.totals/3, &Index.largest/3],
        {path, reason} <- [
          {"no", :no_folder},
          {"many/no", :no_folder},
          {"many/f1", :enotdir},
          {"many/f1/x", :enotdir},
          {"link", :enotdir}
        ] do
      assert {:error, error} = call.(index, "s", path)
      assert {error.reason, path} == {reason, path}
      if reason == :enotdir, do: assert(Exception.message(error) =~ "is a file")
    end
  end

  test "no such source", %{index: index} do
    for source <- ["no", "", <<0xFF>>, "s\0"],
        call <- [
          &Index.source(index, &1),
          &Index.children(index, &1, ""),
          &Index.stat(index, &1, "a"),
          &Index.totals(index, &1),
          &Index.largest(index, &1),
          &Index.links(index, &1, "a"),
          &Index.breakdown(index, &1),
          &Index.changes(index, &1, 0, 1),
          &Index.notes(index, &1, "a"),
          &Index.put_note(index, &1, "a", "k", "v"),
          &Index.forget(index, &1),
          &Index.subscribe(index, &1),
          &Index.search(index, "a", source: &1)
        ] do
      assert reason(call.(source)) == :no_source
    end
  end

  test "invalid arguments raise", %{index: index} do
    for {message, call} <- [
          {"limit", fn -> Index.children(index, "s", "", limit: 0) end},
          {"limit", fn -> Index.largest(index, "s", "", limit: 10_001) end},
          {"by", fn -> Index.largest(index, "s", "", by: :count) end},
          {"by", fn -> Index.breakdown(index, "s", "", by: :size) end},
          {"limit", fn -> Index.links(index, "s", "a", limit: 0) end},
          {"sort", fn -> Index.children(index, "s", "", sort: :colour) end},
          {"unknown option :depth", fn -> Index.children(index, "s", "", depth: 1) end},
          {"keyword list", fn -> Index.children(index, "s", "", %{}) end},
          {"mode", fn -> Index.search(index, "a", mode: :read) end},
          {"mode", fn -> Index.open(path: "x", mode: :fuzzy) end},
          {":path", fn -> Index.open([]) end},
          {"two generations", fn -> Index.changes(index, "s", 2, 1) end},
          {"two generations", fn -> Index.changes(index, "s", 0, 1 <<< 64) end},
          {"a source is", fn -> Index.totals(index, :s) end},
          {"a folder is", fn -> Index.totals(index, "s", 'a') end},
          {"timeout", fn -> Index.check(index, timeout: 0) end},
          {"roots", fn -> Index.import_cache(index, "x", roots: %{1 => "a"}) end}
        ] do
      assert_raise ArgumentError, ~r/#{message}/, call
    end
  end

  test "every call on a closed index is refused", %{index: index} do
    assert Index.close(index) == :ok
    assert Index.close(index) == :ok

    for {call, n} <-
          Enum.with_index([
            fn -> Index.sources(index) end,
            fn -> Index.source(index, "s") end,
            fn -> Index.children(index, "s", "") end,
            fn -> Index.stat(index, "s", "a") end,
            fn -> Index.totals(index, "s") end,
            fn -> Index.largest(index, "s") end,
            fn -> Index.links(index, "s", "a") end,
            fn -> Index.breakdown(index, "s") end,
            fn -> Index.changes(index, "s", 0, 1) end,
            fn -> Index.notes(index, "s", "a") end,
            fn -> Index.put_note(index, "s", "a", "k", "v") end,
            fn -> Index.forget(index, "s") end,
            fn -> Index.subscribe(index, "s") end,
            fn -> Index.search(index, "a") end,
            fn -> Index.check(index) end,
            fn -> Index.backup(index, "x") end,
            fn -> Index.vacuum(index) end,
            fn -> Index.import_cache(index, "lib", roots: %{"x" => "y"}) end
          ]) do
      assert {n, reason(call.())} == {n, :index_closed}
    end

    assert Index.info(index).subscriptions == 0
    assert mailbox() == []
  end
end
