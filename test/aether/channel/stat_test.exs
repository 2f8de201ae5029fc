Code.require_file("../../support/phoenix_stand_in.exs", __DIR__)

defmodule Aether.Channel.StatTest do
  # Attributes in a channel: which groups a client may have, in slabs and of one entry.
  use Aether.Case, async: true

  alias Aether.{Attributes, Browser}
  alias Aether.Channel.{Config, Owners, Wire}

  doctest Owners

  setup do
    root = Tree.tmp!()

    Tree.make!(root, [
      {"a/file", "12345"},
      {"a/link", {:link, "no/such"}},
      {<<"to-", 0xFF>>, {:link, <<0xFF>>}},
      ".hidden",
      "x.o"
    ])

    %{root: root}
  end

  defp join!(root, opts \\ []) do
    roots = fn
      "r", _socket -> {:ok, root}
      "strict", _socket -> {:ok, root, hidden: false, ignore: ["*.o"], threads: 1, depth: 3}
      "bare", _socket -> {:ok, root, metadata: false}
      "gone", _socket -> {:ok, root <> "/no/such"}
      _key, _socket -> :error
    end

    {_limits, browser} = Browser.join!([roots: roots] ++ opts, [root])
    browser
  end

  defp stat(browser, path, root \\ "r"),
    do: Browser.request!(browser, "stat", %{"root" => root, "path" => path})

  defp refused(browser, path, root \\ "r") do
    {{:error, %{reason: reason}}, _} =
      Browser.later(browser, "stat", %{"root" => root, "path" => path})

    reason
  end

  defp told(format, path) do
    {text, 0} = System.cmd("stat", ["-c", format, "--", path])
    String.trim_trailing(text, "\n")
  end

  test "one entry has its size, time and disk use, unless the app allows more", %{root: root} do
    {reply, _} = stat(join!(root), "a/file")
    assert Enum.sort(Map.keys(reply)) == [:disk, :kind, :mtime_ms, :size]
    assert %{kind: :file, size: 5} = reply
    assert reply.disk == 512 * String.to_integer(told("%b", root <> "/a/file"))
    assert div(reply.mtime_ms, 1000) == String.to_integer(told("%Y", root <> "/a/file"))

    {reply, _} = stat(join!(root, attributes: []), "a/file")
    assert Enum.sort(Map.keys(reply)) == [:kind, :mtime_ms, :size]
  end

  test "with all groups it has all that stat tells, names of the owner too", %{root: root} do
    browser = join!(root, attributes: Attributes.groups())
    {reply, browser} = stat(browser, "a/file")
    at = root <> "/a/file"

    assert "#{reply.inode} #{reply.nlink} #{reply.uid} #{reply.gid} #{reply.owner} #{reply.group}" ==
             told("%i %h %u %g %U %G", at)

    assert Integer.to_string(reply.mode, 16) == String.upcase(told("%f", at))
    assert div(reply.ctime_ms, 1000) == String.to_integer(told("%Z", at))
    assert div(reply.btime_ms || 0, 1000) == String.to_integer(told("%W", at))
    assert is_integer(reply.device) and reply.target == nil

    {reply, browser} = stat(browser, "a/link")
    assert %{kind: :symlink, target: "no/such"} = reply

    base64 = %{"root" => "r", "path_base64" => Base.encode64(<<"to-", 0xFF>>)}
    {reply, browser} = Browser.request!(browser, "stat", base64)
    assert reply.target_base64 == Base.encode64(<<0xFF>>)
    refute is_map_key(reply, :target)

    {reply, browser} = stat(browser, "")
    assert %{kind: :directory, target: nil} = reply
    assert reply.inode == told("%i", root)
    assert Browser.quiet(browser).socket.assigns.aether.details.jobs == %{}
  end

  test "what a client may not see, or what is not there, is not found", %{root: root} do
    browser = join!(root)

    for path <- ["no", "..", "/etc/passwd", "a/link/x"],
        do: assert(refused(browser, path) == "not_found")

    assert refused(browser, "", "gone") == "not_found"

    assert {{:error, %{reason: "not_found"}}, _} =
             Browser.request(browser, "stat", %{"root" => "other", "path" => ""})

    for path <- [".hidden", "x.o"], do: assert(refused(browser, path, "strict") == "not_found")
    {%{kind: :file}, browser} = stat(browser, ".hidden")
    {%{kind: :file}, browser} = stat(browser, "a/file", "strict")
    {reply, _} = stat(browser, "a/file", "bare")
    assert %{kind: :file, size: nil, mtime_ms: nil, disk: nil} = reply
  end

  test "goes by the options of the last scan of the root", %{root: root} do
    options = %{"root" => "r", "hidden" => false, "depth" => 1, "progress" => false}
    {%{tag: tag}, browser} = Browser.request!(join!(root), "scan", options)
    {_, _, browser} = Browser.scanned(browser, tag)
    assert refused(browser, ".hidden") == "not_found"
  end

  test "no more than eight looks are under way", %{root: root} do
    payload = %{"root" => "r", "path" => ""}

    browser =
      for _ <- 1..8, reduce: join!(root) do
        browser ->
          {:noreply, browser} = Browser.request(browser, "stat", payload)
          browser
      end

    assert {{:error, %{reason: "too_many_requests"}}, _} =
             Browser.request(browser, "stat", payload)
  end

  test "slabs have the groups that a client asks for and may have", %{root: root} do
    request = %{"root" => "r", "metadata" => ["mode", "disk"]}
    browser = join!(root, attributes: [:disk, :mode])
    {%{tag: tag}, browser} = Browser.request!(browser, "scan", request)
    {slabs, last, browser} = Browser.scanned(browser, tag)
    assert groups(slabs) == [[:disk, :mode]]
    assert is_integer(last.disk) and last.disk_exact

    # Expanded folders have the same.
    {%{tag: tag}, browser} =
      Browser.request!(browser, "scan_subdir", %{"root" => "r", "path" => "a"})

    {slabs, _, browser} = Browser.scanned(browser, tag)
    assert groups(slabs) == [[:disk, :mode]]

    for {group, shown} <- [
          {"owner", "owner"},
          {"xattr", "xattr"},
          {String.duplicate("x", 256), nil}
        ] do
      refused = %{"root" => "r", "metadata" => ["disk", group]}
      reply = {:error, %{reason: "bad_request", member: "metadata", group: shown}}
      assert {^reply, _} = Browser.request(browser, "scan", refused)
    end

    for metadata <- [[], [1], ["disk" | "mode"], %{}, "disk"] do
      refused = %{"root" => "r", "metadata" => metadata}
      reply = {:error, %{reason: "bad_request", member: "metadata"}}
      assert {^reply, _} = Browser.request(browser, "scan", refused)
    end
  end

  defp groups(slabs) do
    Enum.uniq(
      for slab <- slabs do
        {:ok, slab} = Slab.decode(slab)
        slab.groups
      end
    )
  end

  test "the app's option is a list of groups" do
    roots = fn _key, _socket -> :error end
    assert Config.new(roots: roots).attributes == [:disk]
    assert Config.new(roots: roots, attributes: [:owner]).attributes == [:owner]

    for attributes <- [nil, :disk, [:size], [:disk | :mode]] do
      assert_raise ArgumentError,
                   ~r/option :attributes of Aether.Channel takes a list of groups.* `:disk`, `:inode`, .*`:owner`, got/,
                   fn ->
                     Config.new(roots: roots, attributes: attributes)
                   end
    end
  end

  test "names of owners that are no text, or missing, are none" do
    text = "a:x:1:2\n\n:x:3:\nb:x\n" <> <<0xFF>> <> ":x:4:\nfirst:x:5:\nsecond:x:5:\n"

    assert for(id <- [1, 2, 3, 4, 5, 6], do: Owners.find(text, id)) == [
             "a",
             nil,
             nil,
             nil,
             "first",
             nil
           ]

    entry = %Entry{kind: :file, attributes: %Attributes{uid: 7, gid: 8}}
    reply = Wire.entry(entry, [:owner], fn _, _ -> nil end)
    assert %{uid: 7, gid: 8, owner: nil, group: nil} = reply
  end

  test "nothing is known of an entry without metadata" do
    reply = Wire.entry(%Entry{kind: :other}, Attributes.groups(), fn _, _ -> flunk("no id") end)
    assert reply |> Map.delete(:kind) |> Map.values() |> Enum.uniq() == [nil]
  end
end
