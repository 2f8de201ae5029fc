Code.require_file("../../support/phoenix_stand_in.exs", __DIR__)

defmodule Aether.Channel.ChildrenTest do
  # The pages of a folder's children.
  use Aether.Case, async: true

  import Aether.SharedIndex
  alias Aether.{Browser, Index, Kept}
  alias Aether.Channel.Wire

  setup :shared_index

  describe "children" do
    setup %{root: root, index: index} do
      Kept.scan!(root, Index.get(index), source_id: "s")
      :ok
    end

    test "come page by page, with their freshness", %{root: root, index: index} do
      browser = join!(root, index)
      {{:ok, page}, browser} = answer(browser, "children", %{"limit" => 2})

      assert [%{name: "a", kind: :directory, file_count: 2, bytes: 4}, %{name: "n"}] =
               page.entries

      assert %{moved: false, stale: false, scanning: false, exhaustive: true} = page
      assert %{unreadable: 0, imported: false, rolled_back: false} = page
      assert %{unreadable_at_least: false, totals: %{}} = page
      assert is_integer(page.age_ms)

      {{:ok, page}, browser} = answer(browser, "children", %{"after" => page.next})
      assert [%{name_base64: name}, %{name: "e", kind: :file} = file] = page.entries
      assert Base.decode64!(name) == "x\xFFy"
      assert page.next == nil
      refute is_map_key(page, :totals)

      assert file.mtime_ms ==
               div(File.stat!(root <> "/e", time: :posix).mtime, 1) * 1000 +
                 rem(file.mtime_ms, 1000)

      {{:ok, page}, browser} =
        answer(browser, "children", %{"sort" => "size", "order" => "asc", "path" => "a"})

      assert for(entry <- page.entries, do: entry.name) == ["b", "d"]

      {{:ok, page}, _} =
        Browser.later(browser, "children", %{
          "root" => "r",
          "path_base64" => Base.encode64("x\xFFy")
        })

      assert [%{name: "z"}] = page.entries
    end

    test "have what they take up on disk, if the client may have that", %{
      root: root,
      index: index
    } do
      browser = join!(root, index)
      {{:ok, page}, browser} = answer(browser, "children", %{"sort" => "disk"})
      assert %{disk: disk, disk_unshared: _} = Enum.find(page.entries, &(&1[:name] == "a"))
      assert disk == Kept.du(root <> "/a")

      assert Enum.map(page.entries, & &1.disk) ==
               page.entries |> Enum.map(& &1.disk) |> Enum.sort(:desc)

      for entry <- page.entries, do: refute(is_map_key(entry, :nlink))
      browser = Browser.quiet(browser)
      request = %{"root" => "r", "path" => ""}
      {%{}, browser} = Browser.request!(browser, "watch", request)
      {news, _} = Browser.await(browser, "folders", &(&1.path == ""))
      assert %{disk: ^disk, disk_exact: true} = hd(news.folders)

      other = join!(root, index, attributes: [:inode])
      {{:ok, page}, other} = answer(other, "children")
      assert %{nlink: 1} = Enum.find(page.entries, &(&1[:name] == "e"))
      for entry <- page.entries, do: refute(is_map_key(entry, :disk))
      {reply, other} = Browser.request(other, "children", Map.put(request, "sort", "disk"))
      assert reply == {:error, %{reason: "bad_request", member: "sort"}}
      {%{}, other} = Browser.request!(other, "watch", request)
      {news, _} = Browser.await(other, "folders", &(&1.path == ""))
      for key <- [:disk, :disk_exact], do: refute(is_map_key(hd(news.folders), key))
    end

    test "come with what the folder holds itself", %{root: root, index: index} do
      File.write!(root <> "/n/sized", "12345")
      Kept.scan!(root, Index.get(index))
      browser = join!(root, index)
      find = fn args -> elem(System.cmd("find", args), 0) end

      for path <- ["", "n"] do
        folder = root <> "/" <> path
        {{:ok, page}, _} = answer(browser, "children", %{"path" => path, "limit" => 1})
        sizes = find.([folder, "-type", "f", "-printf", "%s\n"]) |> String.split()

        assert %{file_count: files, bytes: bytes, disk: disk} = page.totals
        assert files == length(sizes)
        assert bytes == sizes |> Enum.map(&String.to_integer/1) |> Enum.sum()
        assert disk == Kept.du(folder)
        assert %{status: :complete, unknown_below: 0, disk_exact: true} = page.totals
        refute is_map_key(page, :errors)
      end

      {{:ok, page}, _} = answer(join!(root, index, attributes: []), "children")
      refute is_map_key(page.totals, :disk)
    end

    test "name what could not be read, if asked", %{root: root, index: index} do
      unreadable = [{"n/shut", "eacces"}, {"x\xFFy/shut", "eacces"}]
      for {path, _} <- unreadable, do: File.mkdir!(root <> "/" <> path)
      for {path, _} <- unreadable, do: File.chmod!(root <> "/" <> path, 0)
      on_exit(fn -> for {path, _} <- unreadable, do: File.chmod(root <> "/" <> path, 0o755) end)
      Kept.scan!(root, Index.get(index))
      browser = join!(root, index)
      {{:ok, page}, _} = answer(browser, "children", %{"limit" => 1, "errors" => true})

      # Nothing is shut to root.
      if match?({:ok, _}, File.ls(root <> "/n/shut")) do
        assert page.errors == []
      else
        assert [%{path: "n/shut", reason: "eacces"}, %{path_base64: other, reason: "eacces"}] =
                 Enum.sort_by(page.errors, &is_map_key(&1, :path_base64))

        assert Base.decode64!(other) == "x\xFFy/shut"
        {{:ok, page}, _} = answer(browser, "children", %{"path" => "n", "errors" => true})
        assert [%{path: "n/shut"}] = page.errors
      end
    end

    test "name why, and nothing that was read since" do
      errors = [
        {"a", {:error, :eacces}},
        {"b", :complete},
        {"\xFF", :unmounted},
        {"c", {:error, 512}}
      ]

      assert Wire.folder(nil, errors, []) == %{
               errors: [
                 %{path: "a", reason: "eacces"},
                 %{path_base64: "/w==", reason: :unmounted},
                 %{path: "c", reason: "512"}
               ]
             }
    end

    test "have their owners, if they are kept and the client may have them", %{
      root: root,
      index: index
    } do
      client = &join!(root, index, attributes: &1)
      entry = fn browser -> hd(elem(elem(answer(browser, "children"), 0), 1).entries) end

      for key <- [:mode, :uid, :gid],
          do: refute(is_map_key(entry.(client.([:owner, :mode])), key))

      Kept.scan!(root, Index.get(index), attributes: [:owner])
      %{mode: mode, uid: uid, gid: gid} = File.stat!(root <> "/a")
      assert %{name: "a", mode: ^mode, uid: ^uid, gid: ^gid} = entry.(client.([:owner, :mode]))
      assert %{mode: ^mode} = only = entry.(client.([:mode]))
      for key <- [:uid, :gid, :owner], do: refute(is_map_key(only, key))
      assert %{uid: ^uid, gid: ^gid} = only = entry.(client.([:owner]))
      refute is_map_key(only, :mode)
      for key <- [:mode, :uid, :gid], do: refute(is_map_key(entry.(client.([:disk])), key))
      assert %{disk_exact: true} = entry.(client.([:disk]))
    end

    test "of a missing or forbidden folder are not found, whatever the reason", %{
      root: root,
      index: index
    } do
      browser = join!(root, index)

      for path <- ["no", "e", "..", "/etc", "a//b", "a\0"] do
        {reply, _} = answer(browser, "children", %{"path" => path})
        assert reply == {:error, %{reason: "not_found"}}, path
      end

      # A root that the app gives, and the index does not know.
      {reply, _} = answer(browser, "children", %{"root" => "other"})
      assert reply == {:error, %{reason: "not_found"}}
      {reply, _} = answer(browser, "children", %{"after" => Base.encode64("cursor")})
      assert reply == {:error, %{reason: "bad_request"}}
    end

    test "are limited in the number of queries at once", %{root: root, index: index} do
      browser = join!(root, index)
      payload = %{"root" => "r", "path" => ""}

      {replies, browser} =
        Enum.map_reduce(1..10, browser, fn _, browser ->
          Browser.request(browser, "children", payload)
        end)

      refused = {:error, %{reason: "too_many_requests"}}
      assert replies == List.duplicate(:noreply, 8) ++ [refused, refused]
      assert {{:ok, _}, _} = answer(Browser.quiet(browser), "children")
    end

    test "are not available while the index is closed", %{root: root, index: index} do
      browser = join!(root, index)
      :ok = stop_supervised(index)
      {reply, browser} = answer(browser, "children")
      assert reply == {:error, %{reason: "index_closed"}}
      watch = %{"root" => "r", "path" => ""}
      assert {{:error, %{reason: "index_closed"}}, _} = Browser.request(browser, "watch", watch)
    end
  end
end
