defmodule Aether.Index.CommandTest do
  # bin/aether with an index, from end to end: kept, asked by a person and by a program, while it is written and after.
  use ExUnit.Case, async: true

  alias Aether.{Find, JSON, Stored, Tree}

  @moduletag skip: !Stored.possible?() && "needs sqlite3"
  @command Path.expand("../../../bin/aether", __DIR__)
  # The first start compiles.
  @moduletag timeout: 600_000

  setup_all do
    {_, 0} = System.cmd(@command, ["--version"], stderr_to_stdout: true)
    :ok
  end

  setup do
    base = Tree.tmp!()
    root = base <> "/root"
    File.mkdir!(root)

    Tree.make!(root, [
      {"big/one", String.duplicate("1", 3000)},
      {"big/deep/two", "22"},
      {"small/three", "333"},
      "empty/",
      "new\nline/\e[31mred",
      <<"raw", 0xFF, "/in", 0xC0>>,
      {"link", {:link, "big"}}
    ])

    {:ok, base: base, root: root, index: base <> "/index.db"}
  end

  defp aether(words, opts \\ []),
    do: System.cmd(@command, words, [stderr_to_stdout: true] ++ opts)

  defp keep!(root, file, words \\ []) do
    {output, 0} = aether(["scan", root, "--index", file | words])
    output
  end

  defp json!(words) do
    {output, 0} = aether(words ++ ["--json"])
    output |> String.split("\n", trim: true) |> Enum.map(&JSON.decode!/1)
  end

  defp path(object), do: object["path"] || Base.decode64!(object["path_base64"])

  test "the index has what find sees, and the summary says where it is", %{
    root: root,
    index: file
  } do
    output = keep!(root, file)
    assert output =~ "complete"
    assert output =~ "kept in      #{file}"
    Stored.assert_equal!(file, root)

    # Entries go to the output as well, if they are asked for.
    {entries, 0} = aether(["scan", root, "--index", file, "--print0"])
    paths = entries |> :binary.split(<<0>>, [:global]) |> List.delete_at(-1)
    assert Enum.sort(paths) == Find.paths(root)
  end

  test "relative paths start from the user's directory, and one root has one name", context do
    for path <- ["root", "./root/", context.root <> "//."],
        do: assert({_, 0} = aether(["scan", path, "--index", "index.db"], cd: context.base))

    assert Stored.query!(context.index, "SELECT root, generation FROM sources;") == [
             [context.root, "3"]
           ]
  end

  test "ls drills down, and shows the freshness", %{root: root, index: file} do
    keep!(root, file)
    {text, 0} = aether(["ls", file])
    assert [head | lines] = String.split(text, "\n", trim: true)
    assert head =~ ~r/^#{Regex.escape(root)}: 6 files, .*, seen just now$/
    assert length(lines) == 6
    # Folders first, by name, nothing raw.
    assert Enum.map(lines, &(&1 |> String.split("  ") |> List.last())) ==
             ["big/", "empty/", "new\\nline/", "raw\\xFF/", "small/", "link@"]

    assert [answer | entries] = json!(["ls", file, "big"])

    assert %{"answer" => %{"file_count" => 2, "exhaustive" => true, "stale" => false} = answer} =
             answer

    assert is_integer(answer["age_ms"]) and answer["scanned_at"] =~ "T"

    assert [%{"path" => "big/deep", "kind" => "directory", "file_count" => 1, "bytes" => 2}, one] =
             entries

    assert %{"path" => "big/one", "kind" => "file", "bytes" => 3000} = one
    assert %File.Stat{mtime: mtime} = File.stat!(root <> "/big/one", time: :posix)
    assert div(one["mtime_ns"], 1_000_000_000) == mtime

    # The same by its full path; names that are no text; an order; a limit.
    assert [_ | ^entries] = json!(["ls", file, root <> "/big"])
    assert [_, %{"path_base64" => _} = raw] = json!(["ls", file, <<"raw", 0xFF>>])
    assert path(raw) == <<"raw", 0xFF, "/in", 0xC0>>

    assert [_, %{"path" => "big"}, %{"more" => true}] =
             json!(["ls", file, "--sort", "size", "--limit", "1"])

    assert {message, 1} = aether(["ls", file, "no/such"])
    assert message =~ "aether: " and message =~ "no/such"
  end

  test "several roots are distinguished", %{base: base, root: root, index: file} do
    keep!(root, file)
    Tree.make!(base, [{"other/file", "12"}])
    keep!(base <> "/other", file, ["--id", "other"])
    {text, 0} = aether(["ls", file])

    assert text =~ "#{root}: 6 files" and
             text =~ "#{base}/other: 1 files, 2 B, seen just now  (other, last scan complete)"

    assert [_, %{"path" => "file"}] = json!(["ls", file, "--source", "other"])
    assert [_, %{"path" => "file"}] = json!(["ls", file, base <> "/other"])
    assert [_ | _] = json!(["ls", file, "--source", root])
    assert {message, 1} = aether(["ls", file, "big"])
    assert message =~ "--source"
    assert {message, 1} = aether(["ls", file, "/nowhere"])
    assert message =~ "no root"
  end

  test "find finds, and says what it may have missed", %{root: root, index: file} do
    keep!(root, file)
    {text, 0} = aether(["find", file, "thre"])
    assert [found, tail] = String.split(text, "\n", trim: true)
    assert found == root <> "/small/three"
    assert tail =~ "1 of 1 matches, seen just now"
    assert [_, %{"path" => path, "bytes" => 3, "kind" => "file"}] = json!(["find", file, "*ree"])
    assert path == root <> "/small/three"
    assert {text, 1} = aether(["find", file, "no such thing"])
    assert text =~ "0 of 0 matches"
  end

  test "changes lists what the last scan found changed", %{root: root, index: file} do
    keep!(root, file)
    {text, 0} = aether(["changes", file])
    assert text =~ "the first scan is among them"
    File.write!(root <> "/small/three", String.duplicate("3", 2003))
    Tree.make!(root, ["small/four"])
    Tree.remove!(root <> "/big/deep")
    keep!(root, file)

    assert [%{"answer" => %{"from" => 1, "to" => 2}} | folders] = json!(["changes", file])

    assert [
             %{"path" => "small", "bytes" => 2000, "added" => 1, "changed" => 1, "removed" => 0}
             | rest
           ] = folders

    assert Enum.any?(rest, &(&1["path"] == "big/deep" and &1["gone"] and &1["bytes"] == -2))
    {text, 0} = aether(["changes", file, "--from", "1", "--to", "2"])
    assert text =~ ~r{\+2.0 KiB +\+1 files  \+1 -0 ~1 +small/}
    assert text =~ "big/deep/ (gone)"
  end

  test "check recounts, and reports inconsistencies", %{root: root, index: file} do
    keep!(root, file)
    {text, 0} = aether(["check", file, "--thorough"])
    assert text =~ "clean, " and text =~ "6 files"
    {_, 0} = System.cmd("sqlite3", [file, "UPDATE dirs SET file_count = 70 WHERE name = 'big'"])
    {text, 1} = aether(["check", file])
    assert text =~ ~s(file_count of "big": stored 70, counted 2)
    {text, 1} = aether(["check", file, "--json"])

    assert [answer | findings] =
             text |> String.split("\n", trim: true) |> Enum.map(&JSON.decode!/1)

    assert %{"answer" => %{"clean" => false}} = answer
    assert Enum.any?(findings, &match?(%{"path" => "big", "stored" => 70, "counted" => 2}, &1))
  end

  test "a file that is not an index is refused, and left alone", %{base: base, root: root} do
    for {name, content} <- [
          {"text", "hello"},
          {"empty", ""},
          {"zeros", String.duplicate(<<0>>, 4096)}
        ] do
      file = base <> "/" <> name
      File.write!(file, content)
      assert {message, 1} = aether(["ls", file])
      assert message =~ "aether: ", name
      if content != "", do: assert({_, 1} = aether(["scan", root, "--index", file]))
      if content != "", do: assert(File.read!(file) == content)
    end

    assert {message, 1} = aether(["ls", base <> "/none.db"])
    assert message =~ "enoent"
    refute File.exists?(base <> "/none.db")
    assert {_, 2} = aether(["ls"])
    assert {_, 2} = aether(["scan", root, "--index", base <> "/x.db", "--no-metadata"])
    refute File.exists?(base <> "/x.db")
  end

  test "an interrupted scan keeps its entries, and says so", %{base: base, index: file} do
    script =
      "mkdir many && cd many && for n in $(seq 200); do mkdir $n && (cd $n && seq 500 | xargs touch); done"

    {_, 0} = System.cmd("sh", ["-c", script], cd: base)

    script = """
    "$0" scan --index "$1" "$2" & pid=$!
    until [ -s "$1" ]; do sleep 0.01; done
    kill -INT $pid; wait $pid; echo "status $?"
    """

    {text, 0} =
      System.cmd("bash", ["-c", script, @command, file, base <> "/many"], stderr_to_stdout: true)

    assert text =~ ~r/status (130|0)/
    Stored.assert_sound!(file)
    {text, 0} = aether(["ls", file])
    if text =~ "at least", do: assert(text =~ "not known")
    keep!(base <> "/many", file)
    Stored.assert_equal!(file, base <> "/many")
  end

  test "another process sees totals grow while a scan writes", %{base: base, index: file} do
    script =
      "mkdir many && cd many && for n in $(seq 100); do mkdir $n && (cd $n && seq 1000 | xargs touch); done"

    {_, 0} = System.cmd("sh", ["-c", script], cd: base)
    scan = Task.async(fn -> keep!(base <> "/many", file, ["--threads", "1"]) end)
    seen = watch(file, scan, [])
    assert Task.yield(scan, 0) || Task.shutdown(scan)
    assert seen == Enum.sort(seen)

    assert [%{"answer" => %{"file_count" => 100_000, "scanning" => false}} | _] =
             json!(["ls", file])
  end

  defp watch(file, scan, seen) do
    case aether(["ls", file, "--json", "--limit", "1"]) do
      {text, 0} ->
        counts =
          for line <- String.split(text, "\n", trim: true),
              %{"answer" => %{"file_count" => count}} <- [JSON.decode!(line)],
              do: count

        if Process.alive?(scan.pid), do: watch(file, scan, seen ++ counts), else: seen ++ counts

      # Not made yet.
      {_message, 1} ->
        if Process.alive?(scan.pid), do: watch(file, scan, seen), else: seen
    end
  end
end
