defmodule Aether.Index.SourceTest do
  # What a source is held to: its rules, its directory, its id.
  use Aether.Case, async: true
  import Aether.Kept
  alias Aether.{Index, Stored}

  @moduletag skip: !Stored.possible?() && "needs sqlite3"

  setup :beside_index

  test "rules are kept", %{root: root} = context do
    Tree.make!(root, [".hidden/file", "node_modules/x", "kept"])
    keep!(root, context.index, hidden: false, exclude: ["node_modules"])
    paths = fn -> for entry <- Stored.entries(context.database, root), do: entry.path end
    assert paths.() == ["kept"]

    # A scan that says nothing of rules takes the known ones.
    assert {_, %{status: :complete, files: 1}, _} = keep!(root, context.index)

    assert {:error, %{reason: :rules_changed}} =
             Scanner.scan(root, index: context.index, hidden: true)

    assert paths.() == ["kept"]

    assert {_, %{status: :complete}, _} =
             keep!(root, context.index, hidden: true, rules: :replace)

    Stored.assert_equal!(context.database, root)
  end

  test "git's rules, the user's and patterns are rules of a source", %{root: root} = context do
    Tree.make!(root, [{".gitignore", "*.o\n"}, "a.o", "b.o", "c"])
    ignore = ["!a.o", :git_user, :git]
    keep!(root, context.index, ignore: ignore, source_id: "s")
    assert {:ok, %{value: %{rules: rules}}} = Index.source(context.index, "s")
    assert rules.ignore == [:git, :git_user, "!a.o"]
    paths = fn -> for entry <- Stored.entries(context.database, root), do: entry.path end
    assert Enum.sort(paths.()) == [".gitignore", "a.o", "c"]

    # The same by another order, and those that are known.
    for opts <- [[ignore: [:git, "!a.o", :git_user]], []],
        do: assert({_, %{status: :complete}, _} = keep!(root, context.index, opts))

    assert Enum.sort(paths.()) == [".gitignore", "a.o", "c"]

    for other <- [:git, [:git, "!a.o"], ["!a.o"], [:git_user, "!a.o"], false] do
      assert {:error, %{reason: :rules_changed}} =
               Scanner.scan(root, index: context.index, ignore: other)
    end
  end

  test "another directory at the root is refused until it is accepted", %{root: root} = context do
    Tree.make!(root, ["old"])
    keep!(root, context.index)
    File.rename!(root, root <> "-before")
    Tree.make!(root, ["new"])

    assert {:error, %{reason: :root_changed} = error} = Scanner.scan(root, index: context.index)
    assert Exception.message(error) =~ "accept_root"
    assert [%{path: "old"}] = Stored.entries(context.database, root)
    assert {_, %{status: :complete}, _} = keep!(root, context.index, accept_root: true)
    Stored.assert_equal!(context.database, root)
  end

  test "a directory has one source, by whatever path it is scanned", context do
    %{base: base, root: root, index: index} = context
    Tree.make!(root, ["a/b", "x/y"])
    File.ln_s!(base, base <> "/base")
    File.ln_s!("root", base <> "/link")
    keep!(root, index, exclude: ["x"])

    # By the rules that were given once, too.
    for path <- ["/root/.", "/base/root/", "/link", "/a/../root"] do
      File.mkdir_p!(base <> "/a")
      assert {_, %{status: :complete, files: 1}, _} = keep!(base <> path, index)
      assert {:ok, answer} = Index.source_at(index, base <> path)
      assert answer.value.root == root
    end

    assert [[generation]] = Stored.query!(context.database, "SELECT generation FROM sources;")
    assert generation == "5"
    assert expand!(base <> "/link", "a", index).status == :complete

    # Relative to the VM's directory.
    keep!("lib", index, depth: 1)
    keep!("./lib/", index, depth: 1)
    keep!(Path.expand("lib"), index, depth: 1)
    assert {:ok, [_root, %{value: source}]} = Index.sources(index)
    assert source.root == Path.expand("lib")
    assert {:ok, %{value: ^source}} = Index.source_at(index, "lib")
    assert {:error, %{reason: :no_source}} = Index.source_at(index, base)
  end

  @tag skip: !Aether.Case.root?() && "needs root, to mount"
  test "a bind mount is the same source, by its rules", %{base: base, root: root} = context do
    Tree.make!(root, ["a/b", "x/y"])
    keep!(root, context.index, exclude: ["x"])
    File.mkdir!(base <> "/bound")
    {_, 0} = System.cmd("mount", ["--bind", root, base <> "/bound"])
    on_exit(fn -> System.cmd("umount", ["-l", base <> "/bound"]) end)
    # The index has to be told of it by the scan itself.
    assert {:error, %{reason: :no_source}} = Index.source_at(context.index, base <> "/bound")
    assert {_, %{status: :complete, files: 1}, _} = keep!(base <> "/bound", context.index)
    assert {:ok, answer} = Index.source_at(context.index, base <> "/bound")
    assert answer.value.root == root
  end

  test "a root that was moved is refused until it is accepted", %{root: root} = context do
    Tree.make!(root, ["a/b"])
    keep!(root, context.index, source_id: "demo")
    moved = root <> "-moved"
    File.rename!(root, moved)

    for opts <- [[], [source_id: "demo"]] do
      assert {:error, %{reason: :root_moved} = error} =
               Scanner.scan(moved, [index: context.index] ++ opts)

      assert error.path == moved
      assert error.detail =~ root and error.detail =~ moved
      assert Exception.message(error) =~ "accept_root: true"
    end

    keep!(moved, context.index, accept_root: true)
    assert {:ok, [%{value: %{root: ^moved, uuid: "demo"}}]} = Index.sources(context.index)
    Stored.assert_equal!(context.database, moved)
  end

  test "roots that lie within each other say so", %{root: root} = context do
    Tree.make!(root, ["a/b"])
    keep!(root <> "/a", context.index, source_id: "inner")
    keep!(root, context.index, source_id: "outer")

    assert {:ok, [%{value: %{within: "outer"}}, %{value: %{within: nil}}]} =
             Index.sources(context.index)
  end

  test "a full path leads to the source that has seen it last", context do
    %{root: root, index: index} = context
    Tree.make!(root, ["a/b/file", <<"a/", 0xFF>>])
    keep!(root <> "/a", index, source_id: "inner")
    at = fn source, path -> {:ok, %{source: source, path: path}} end
    assert Index.place(index, root <> "/a/b/file") == at.("inner", "b/file")
    assert Index.place(index, root <> "/a/./b/../" <> <<0xFF>>) == at.("inner", <<0xFF>>)
    assert {:error, %{reason: :no_source} = error} = Index.place(index, root)
    assert {error.path, error.operation} == {root, :read}

    Tree.remove!(root <> "/a/b/file")
    keep!(root, index, source_id: "outer")
    assert Index.place(index, root <> "/a/b/file") == at.("outer", "a/b/file")
    assert value!(Index.stat(index, "outer", "a/b/file")) == nil
    assert value!(Index.stat(index, "inner", "b/file")) != nil

    expand!(root <> "/a", "b", index)
    assert Index.place(index, root <> "/a/b/file") == at.("inner", "b/file")
    assert Index.place(index, root <> "/a") == at.("outer", "a")
    assert Index.place(index, root) == at.("outer", "")
    for bad <- ["", "a\0b"], do: assert(reason(Index.place(index, bad)) == :einval)
  end

  test "a source has the id that it was given", %{root: root} = context do
    keep!(root, context.index, source_id: "demo")
    assert [["demo"]] = Stored.query!(context.database, "SELECT uuid FROM sources;")
    File.mkdir!(context.base <> "/other")

    assert {:error, %Error{}} =
             Scanner.scan(context.base <> "/other", index: context.index, source_id: "demo")
  end
end
