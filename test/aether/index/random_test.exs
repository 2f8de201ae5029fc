defmodule Aether.Index.RandomTest do
  # Random changes between scans, expansions and cancels; after a last whole scan the index is the tree.
  use Aether.Case, async: true
  import Aether.Kept
  alias Aether.Stored

  @moduletag skip: !Stored.possible?() && "needs sqlite3"

  setup :beside_index

  for seed <- 1..12 do
    test "after any changes the index equals the tree (seed #{seed})", %{root: root} = context do
      :rand.seed(:exsss, {unquote(seed), 7, 11})
      for _ <- 1..8, do: step(root, context.index)
      assert {_, %{status: :complete}, _} = keep!(root, context.index, slabs: false)
      Stored.assert_equal!(context.database, root)
    end
  end

  defp step(root, index) do
    for _ <- 1..:rand.uniform(25), do: mutate(root)

    case :rand.uniform(4) do
      1 ->
        keep!(root, index, slabs: false)

      2 ->
        keep!(root, index, depth: :rand.uniform(3), slabs: false)

      3 ->
        with folder when folder != nil <- pick_directory(root),
             {:ok, scan} <-
               Scanner.scan_subdir(root, folder, index: index, depth: :rand.uniform(3)),
             do: receive_all(scan)

      4 ->
        {:ok, scan} = Scanner.scan(root, index: index, slab_entries: 5, active: :rand.uniform(6))
        Process.sleep(:rand.uniform(3))
        Scanner.cancel(scan, flush: true)
    end
  end

  defp mutate(root) do
    directory =
      Enum.random([
        root | Path.wildcard(root <> "/**", match_dot: true) |> Enum.filter(&directory?/1)
      ])

    path = directory <> "/" <> Enum.random(["a", "b", "c", "d", "e", ".f", "ü"])

    case :rand.uniform(5) do
      1 ->
        File.mkdir(path)

      2 ->
        unless directory?(path), do: File.write(path, String.duplicate("x", :rand.uniform(50)))

      3 ->
        Tree.remove!(path)

      4 ->
        File.ln_s("target", path)

      5 ->
        unless(File.exists?(path),
          do: File.rename(Enum.random(Path.wildcard(root <> "/**") ++ [path]), path)
        )
    end
  end

  defp pick_directory(root) do
    case root |> Path.join("**") |> Path.wildcard() |> Enum.filter(&directory?/1) do
      [] -> nil
      all -> Path.relative_to(Enum.random(all), root)
    end
  end

  defp directory?(path), do: match?({:ok, %{type: :directory}}, File.lstat(path))
end
