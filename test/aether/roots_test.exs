defmodule Aether.RootsTest do
  # What can be given as a path, and what becomes of it.
  use Aether.Case, async: true

  setup do
    root = Tree.tmp!()

    Tree.make!(root, [
      {"dir/sub/file", "12345"},
      {"dir/other", ""},
      {"file", "x"},
      {"link", {:link, "dir"}},
      {"link2", {:link, "link"}},
      {"dangling", {:link, "nowhere"}},
      {"loop", {:link, "loop"}},
      {"ping", {:link, "pong"}},
      {"pong", {:link, "ping"}},
      {"fifo", :fifo},
      "newline\n/inside"
    ])

    {:ok, root: root}
  end

  # The same answer by every call that takes a path.
  defp reasons(path) do
    results = [Scanner.scan(path), Scanner.list(path), Scanner.scan_subdir(path, "")]

    raised =
      for raising <- [&Scanner.list!/1, &Enum.to_list(Scanner.stream!(&1))] do
        {:error, assert_raise(Error, fn -> raising.(path) end)}
      end

    [one] = (results ++ raised) |> Enum.map(&reason/1) |> Enum.uniq()
    one
  end

  test "paths that no directory can have" do
    for path <- ["", "\0", "/tmp\0", "/tmp\0/x"], do: assert(reasons(path) == :einval)
  end

  test "paths that are not directories", %{root: root} do
    for {name, reason} <- [
          {"absent", :enoent},
          {"absent/", :enoent},
          {"absent/deeper", :enoent},
          {"file", :enotdir},
          {"file/", :enotdir},
          {"file/deeper", :enotdir},
          {"dangling", :enoent},
          {"loop", :eloop},
          {"ping", :eloop},
          {"fifo", :enotdir},
          # Nothing is trimmed.
          {"newline", :enoent},
          {"dir\n", :enoent},
          {" dir", :enoent},
          {"dir ", :enoent}
        ] do
      assert {name, reasons(root <> "/" <> name)} == {name, reason}
    end
  end

  test "a socket", %{root: root} do
    path = root <> "/socket"
    {:ok, socket} = :gen_tcp.listen(0, ifaddr: {:local, path})
    assert reasons(path) == :enotdir
    :gen_tcp.close(socket)
  end

  test "the error has the path as given, and its message is safe to print", %{root: root} do
    path = root <> "/" <> <<0xFF, "\e[31m\n">>
    assert {:error, %Error{path: ^path, operation: :open} = error} = Scanner.scan(path)
    assert Exception.message(error) =~ ~S"\xFF\e[31m\n"
  end

  test "a path of 4,095 bytes is opened, a longer one is not", %{root: root} do
    pad = fn length -> root <> String.duplicate("/", length - byte_size(root) - 3) <> "dir" end
    assert byte_size(pad.(4095)) == 4095
    assert paths(pad.(4095)) == ["other", "sub", "sub/file"]
    assert reasons(pad.(4096)) == :enametoolong
    assert reasons(root <> "/" <> String.duplicate("x", 256)) == :enametoolong
    assert reasons("/" <> String.duplicate("x/", 100_000)) == :enametoolong
  end

  test "other ways to write a path give the same entries", %{root: root} do
    expected = Find.entries(root <> "/dir")

    for path <- ["/dir", "/dir/", "/dir//", "//dir", "/./dir", "/dir/.", "/dir/sub/..", "/link/"] do
      assert Enum.sort(Scanner.list!(root <> path)) == expected
    end
  end

  test "a relative path starts from the current directory of the VM" do
    expected = Find.entries("lib")

    for path <- ["lib", "./lib", "lib/", "test/../lib", "lib/aether/.."] do
      assert Enum.sort(Scanner.list!(path)) == expected
    end
  end

  test "a root that is a link is followed, and only that one", %{root: root} do
    for link <- ["link", "link2"] do
      assert paths(root <> "/" <> link) == ["other", "sub", "sub/file"]
      {:ok, scan} = Scanner.scan(root <> "/" <> link)
      assert scan.root == root <> "/" <> link
      assert {_, %{status: :complete}} = receive_entries(scan)
    end
  end

  test "a name with a newline works like any other", %{root: root} do
    assert paths(root <> "/newline\n") == ["inside"]
  end

  test "names of arbitrary bytes as roots", %{root: root} do
    for name <- [<<0xFF, 0xFE>>, "-x", "--", "*", "[x]", "\\", "'\"", "...", "..a", "\e[1m"] do
      Tree.make!(root, [name <> "/in"])
      assert paths(root <> "/" <> name) == ["in"]
    end
  end

  test "a directory deleted while it is scanned", %{root: root} do
    path = root <> "/dir"
    {:ok, scan} = Scanner.scan(path, active: false)
    Tree.remove!(path)
    :ok = Scanner.ask(scan, 1000)
    {_slabs, summary, _} = receive_all(scan)
    assert %{status: :failed, error: %Error{reason: :enoent, path: ^path}} = summary
    assert Exception.message(summary.error) =~ "deleted during the scan (enoent)"
  end

  test "a scan that could not start leaves nothing behind", %{root: root} do
    {:error, _} = Scanner.scan(root <> "/absent")
    {:error, _} = Scanner.scan(root <> "/absent", active: false, progress: true)
    {:error, _} = Scanner.list(root <> "/absent")
    assert mailbox() == []
  end

  describe "as a user who may not read" do
    @describetag skip: !Aether.Case.root?() && "needs root, to become somebody else"

    # A VM of its own, as nobody, with a copy of the compiled application that nobody may read.
    defp as_nobody(root, code) do
      app = Tree.tmp!() <> "/aether"
      {_, 0} = System.cmd("cp", ["-rL", Application.app_dir(:aether), app])
      {_, 0} = System.cmd("chmod", ["-R", "a+rX", Path.dirname(app)])
      ids = ["--reuid=65534", "--regid=65534", "--clear-groups"]
      args = ids ++ ["elixir", "-pa", app <> "/ebin", "-e", code]
      env = [{"HOME", app}, {"ROOT", root}]
      {output, 0} = System.cmd("setpriv", args, cd: "/", env: env, stderr_to_stdout: true)
      output
    end

    test "a closed root is an error, a closed directory beneath one makes it partial",
         %{root: root} do
      Tree.make!(root, ["tree/closed/x", "tree/names/y", "tree/open/z"])
      {_, 0} = System.cmd("chmod", ["-R", "a+rX", root])
      File.chmod!(root <> "/tree/closed", 0o000)
      # Names can be listed, metadata cannot be had.
      File.chmod!(root <> "/tree/names", 0o744)

      output =
        as_nobody(root <> "/tree", ~S"""
        root = System.fetch_env!("ROOT")
        {:error, error} = Aether.Scanner.scan(root <> "/closed")
        IO.puts(Exception.message(error))
        {:ok, entries, summary} = Aether.Scanner.list(root)
        for entry <- Enum.sort_by(entries, & &1.path),
            do: IO.inspect({entry.path, entry.kind, entry.size && 1})
        IO.inspect({summary.status, summary.errors.count, summary.errors.by_reason})
        for error <- Enum.sort_by(summary.errors.first, & &1.path),
          do: IO.inspect({error.path, error.reason, error.operation})
        """)

      assert String.split(output, "\n", trim: true) == [
               "cannot open \"#{root}/tree/closed\": permission denied (eacces). " <>
                 "Run as a user who may read it, or leave it out with `exclude`.",
               ~S({"closed", :directory, 1}),
               ~S({"names", :directory, 1}),
               ~S({"names/y", :file, nil}),
               ~S({"open", :directory, 1}),
               ~S({"open/z", :file, 1}),
               "{:partial, 2, %{eacces: 2}}",
               ~S({"closed", :eacces, :open}),
               ~S({"names/y", :eacces, :stat})
             ]
    end
  end
end
