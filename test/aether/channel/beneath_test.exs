Code.require_file("../../support/phoenix_stand_in.exs", __DIR__)

defmodule Aether.Channel.BeneathTest do
  # A file's other names, what is large beneath a folder, and what lies beneath it in groups.
  use Aether.Case, async: true

  import Aether.SharedIndex
  alias Aether.{Browser, Index, Kept}

  setup :shared_index

  setup %{root: root, index: index} do
    File.ln!(root <> "/a/d", root <> "/x\xFFy/again")
    File.write!(root <> "/a/large.bin", String.duplicate("x", 50_000))
    Kept.scan!(root, Index.get(index), source_id: "s", attributes: [:owner])
    :ok
  end

  @refused %{reason: "bad_request"}

  describe "links" do
    test "are the other names of a file", %{root: root, index: index} do
      browser = join!(root, index, attributes: [:inode])
      {{:ok, links}, browser} = answer(browser, "links", %{"path" => "a/d"})
      assert %{more: false, nlink: 2, elsewhere: 0, stale: false, exhaustive: true} = links
      assert [%{path_base64: name}] = links.paths
      assert Base.decode64!(name) == "x\xFFy/again"
      {{:ok, links}, browser} = answer(browser, "links", %{"path" => "e", "limit" => 1})
      assert %{paths: [], nlink: 1} = links

      for path <- ["", "a", "no", "no/such"] do
        assert {{:ok, %{paths: nil, nlink: nil}}, _} = answer(browser, "links", %{"path" => path})
      end
    end

    test "are refused to clients that may not have inodes", %{root: root, index: index} do
      browser = join!(root, index, attributes: [:disk, :owner])
      {reply, _} = Browser.request(browser, "links", %{"root" => "r", "path" => "a/d"})
      assert reply == {:error, Map.merge(@refused, %{member: "links", group: "inode"})}
    end
  end

  describe "largest" do
    test "are those of the index, on disk if the client may have that", %{
      root: root,
      index: index
    } do
      browser = join!(root, index)
      {{:ok, largest}, browser} = answer(browser, "largest", %{"limit" => 1, "by" => "disk"})
      assert %{complete: true, exhaustive: true} = largest
      assert [%{path: "a/large.bin", bytes: 50_000, file_count: 1, disk: disk}] = largest.files
      assert disk == Kept.du(root <> "/a/large.bin")
      assert [%{path: "a", disk: disk, disk_exact: true}] = largest.folders
      assert disk == Kept.du(root <> "/a")
      path = %{"root" => "r", "path_base64" => Base.encode64("x\xFFy")}
      {{:ok, largest}, _} = Browser.later(browser, "largest", path)
      assert [%{path_base64: _}, %{path_base64: _}] = largest.files

      other = join!(root, index, attributes: [])
      {{:ok, largest}, other} = answer(other, "largest", %{"limit" => 1})
      assert [%{path: "a/large.bin"} = file] = largest.files

      for item <- [file, hd(largest.folders)],
          do: for(key <- [:disk, :disk_exact], do: refute(is_map_key(item, key)))

      request = %{"root" => "r", "path" => "", "by" => "disk"}
      {reply, _} = Browser.request(other, "largest", request)
      assert reply == {:error, Map.put(@refused, :member, "by")}
    end
  end

  describe "breakdown" do
    test "is that of the index, with what the client may have", %{root: root, index: index} do
      browser = join!(root, index, attributes: [:disk, :owner])
      {{:ok, found}, browser} = answer(browser, "breakdown", %{"limit" => 1})
      assert [%{key: "bin", files: 1, bytes: 50_000, disk: disk, newest_ms: time}] = found.groups
      assert disk == Kept.du(root <> "/a/large.bin")
      assert_in_delta time, File.stat!(root <> "/a/large.bin", time: :posix).mtime * 1000, 1000
      assert %{files: files, bytes: _} = found.others
      assert %{stale: false, exhaustive: true, disk_exact: true} = found

      {{:ok, found}, browser} = answer(browser, "breakdown", %{"by" => "owner"})
      uid = File.stat!(root).uid
      assert [%{key: ^uid, files: all}] = found.groups
      assert all == files + 1
      {{:ok, found}, _} = answer(browser, "breakdown", %{"by" => "age", "path" => "a"})
      assert [%{key: :day}] = found.groups

      other = join!(root, index, attributes: [])
      {{:ok, found}, other} = answer(other, "breakdown")
      refute is_map_key(hd(found.groups), :disk) or is_map_key(found, :disk_exact)
      request = %{"root" => "r", "path" => "", "by" => "owner"}
      {reply, _} = Browser.request(other, "breakdown", request)
      assert reply == {:error, Map.put(@refused, :member, "by")}
    end

    test "has an extension that is no text in base64", %{root: root, index: index} do
      File.write!(root <> "/a/odd.\xFF", "1")
      Kept.scan!(root, Index.get(index), source_id: "s")
      {{:ok, found}, _} = answer(join!(root, index), "breakdown", %{"path" => "a"})
      assert ["/w=="] = for(%{key_base64: key} <- found.groups, do: key)
    end
  end

  test "of what is no folder of the root are not found", %{root: root, index: index} do
    browser = join!(root, index)

    for event <- ["largest", "breakdown"], path <- ["no", "e", "..", "/etc", "a//b"] do
      {reply, _} = answer(browser, event, %{"path" => path})
      assert reply == {:error, %{reason: "not_found"}}, path
    end
  end
end
