defmodule Aether.CommandTest do
  # bin/aether from end to end: a real VM, real descriptors, real signals. It builds MIX_ENV=prod first.
  use ExUnit.Case, async: true

  import Aether.Case, only: [root?: 0]
  alias Aether.{Find, JSON, Tree}

  @command Path.expand("../../bin/aether", __DIR__)
  # The first start compiles.
  @moduletag timeout: 600_000

  setup_all do
    {text, 0} = System.cmd(@command, ["--version"])
    assert text == "aether #{Mix.Project.config()[:version]}\n"
    :ok
  end

  setup do
    {:ok, root: Tree.tmp!()}
  end

  defp aether(words, opts \\ []), do: System.cmd(@command, words, opts)

  # A script gets the command as $0 and words as $1, $2 ...
  defp bash(script, words, opts \\ []) do
    System.cmd("bash", ["-c", script, @command | words], [stderr_to_stdout: true] ++ opts)
  end

  defp hostile!(root) do
    Tree.make!(root, [
      "plain",
      {"sized", "12345"},
      "dir/sub/deep",
      ".dot/file",
      "new\nline/\e[31mred",
      <<"raw", 0xFF, 0xFE, "/in", 0xC0>>,
      {"link", {:link, "plain"}},
      {"pipe", :fifo}
    ])
  end

  test "--print0 is what find prints", %{root: root} do
    hostile!(root)
    {output, 0} = aether(["scan", "--print0", root])
    paths = output |> :binary.split(<<0>>, [:global]) |> List.delete_at(-1)
    assert Enum.sort(paths) == Find.paths(root)
  end

  test "--json has every entry", %{root: root} do
    hostile!(root)
    {output, 0} = aether(["scan", "--json", root])

    found =
      for line <- output |> String.split("\n") |> List.delete_at(-1),
          object = JSON.decode!(line) do
        path = object["path"] || Base.decode64!(object["path_base64"])
        {path, String.to_atom(object["kind"]), object["size"], object["mtime_ns"]}
      end

    expected =
      for entry <- Find.entries(root), do: {entry.path, entry.kind, entry.size, entry.mtime}

    assert Enum.sort(found) == Enum.sort(expected)

    {output, 0} = aether(["scan", "--json", "--no-metadata", "--depth", "1", root])

    assert output |> String.split("\n", trim: true) |> length() ==
             length(Find.paths(root, ~w(-maxdepth 1)))

    refute output =~ ~r/"size":\d/
  end

  test "only the summary if there is no terminal", %{root: root} do
    Tree.make!(root, ["a/b/c", {"d", "12345"}, {"l", {:link, "d"}}])
    {output, 0} = bash(~s("$0" scan "$1"), [root])

    assert [
             "complete",
             "files 2",
             "directories 2",
             "symlinks 1",
             "others 0",
             "bytes 5 B",
             "errors 0",
             "first entry " <> _,
             "duration " <> _,
             "rate " <> _
           ] =
             output
             |> String.replace_prefix("#{root}: ", "")
             |> String.split("\n", trim: true)
             |> Enum.map(&(&1 |> String.trim() |> String.replace(~r/  +/, " ")))

    refute output =~ "\e"
  end

  test "options reach the scan", %{root: root} do
    Tree.make!(root, ["a/b/c", "x/y", {".gitignore", "*.o\n"}, "a/z.o", ".git/config"])
    print0 = fn words -> ["scan", "--print0" | words] ++ [root] end

    sorted = fn words ->
      print0.(words) |> aether() |> elem(0) |> String.split(<<0>>, trim: true) |> Enum.sort()
    end

    assert sorted.(["--depth", "1"]) == ~w(.git .gitignore a x)
    assert sorted.(["--git-ignore"]) == ~w(.gitignore a a/b a/b/c x x/y)

    assert sorted.(~w(--exclude x --exclude .git --one-file-system --threads 1)) ==
             ~w(.gitignore a a/b a/b/c a/z.o)
  end

  test "paths that are not UTF-8, given, relative, and as the current directory", %{root: root} do
    name = <<"raw", 0xFF, 0xFE>>
    Tree.make!(root, [name <> "/sub/file"])
    assert {"sub\0sub/file\0", 0} = aether(["scan", "--print0", root <> "/" <> name])
    assert {"sub\0sub/file\0", 0} = aether(["scan", "--print0", name], cd: root)

    for locale <- ["C", "C.UTF-8"] do
      assert {"file\0", 0} =
               bash(~s(cd "$1" && "$0" scan --print0 sub), [root <> "/" <> name],
                 env: [{"LC_ALL", locale}]
               )
    end
  end

  test "through a link, from anywhere", %{root: root} do
    File.ln_s!(@command, root <> "/link")
    Tree.make!(root, ["tree/file"])
    assert {"file\0", 0} = bash(~s("./link" scan --print0 tree), [], cd: root)
  end

  test "closed descriptors are not reused by the VM", %{root: root} do
    assert {"", 0} = bash(~s("$0" scan "$1" >&-), [root])
    assert {"", 0} = bash(~s("$0" scan "$1" <&- 2>&- >/dev/null), [root])
  end

  describe "exit status" do
    test "1 for a root that cannot be read, with a message", %{root: root} do
      assert {text, 1} = aether(["scan", root <> "/absent"], stderr_to_stdout: true)
      assert text =~ "enoent"
      assert {text, 1} = aether(["scan", ""], stderr_to_stdout: true)
      assert text =~ "einval"
    end

    test "2 for wrong usage", %{root: root} do
      for words <- [[], ["scan"], ["scan", "--nonsense", root], ["scna", root]] do
        assert {text, 2} = aether(words, stderr_to_stdout: true)
        assert text =~ "--help"
      end
    end

    if root?() do
      test "1 for a directory that cannot be read, named on stderr with --json", %{root: root} do
        Tree.make!(root, ["open/file", "closed/file"])
        File.chmod!(root, 0o755)
        File.chmod!(root <> "/closed", 0o000)
        nobody = ~s(exec setpriv --reuid=65534 --regid=65534 --clear-groups "$0" scan )

        assert {text, 1} = bash(nobody <> ~s("$1"), [root], env: [{"HOME", root}])
        assert text =~ "partial" and text =~ "(eacces): 1\n    open closed\n"

        assert {errors, 1} =
                 bash(nobody <> ~s(--json "$1" 2>&1 >/dev/null), [root], env: [{"HOME", root}])

        assert errors == "aether: open closed: permission denied (eacces)\n"
      end
    end

    test "that of SIGPIPE for a closed pipe, without a message", %{root: root} do
      long!(root)
      script = ~s("$0" scan --FORMAT "$1" | head -c 1 >/dev/null; echo "${PIPESTATUS[0]}")

      for format <- ["json", "print0"] do
        assert {"141\n", 0} = bash(String.replace(script, "FORMAT", format), [root])
      end
    end

    test "1 for a full disk", %{root: root} do
      Tree.make!(root, ["file"])

      for words <- ["", "--json"] do
        assert {text, 1} = bash(~s("$0" scan #{words} "$1" >/dev/full), [root])
        assert text =~ "no space left on device"
      end
    end

    test "that of the signal, however little of the output is read", %{root: root} do
      long!(root)

      # Job control: without it bash starts what is in the background deaf to SIGINT.
      script = """
      set -m
      mkfifo "$1.pipe"
      trap 'rm "$1.pipe"' EXIT
      "$0" scan --print0 "$1" >"$1.pipe" & pid=$!
      exec 3<"$1.pipe"
      read -r -d '' first <&3
      kill -s "$2" "$pid"
      wait "$pid" 2>/dev/null
      echo "$?"
      """

      for {signal, status} <- [INT: 130, TERM: 143, HUP: 129] do
        {output, 0} = bash(script, [root, to_string(signal)])
        assert output |> String.split("\n", trim: true) |> Enum.member?("#{status}")
        refute output =~ "aether:"
      end
    end
  end

  # More than a pipe holds, so that writing stops when nobody reads.
  defp long!(root), do: Tree.files!(root, 2000, String.duplicate("n", 200))
end
