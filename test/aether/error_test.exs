defmodule Aether.ErrorTest do
  use ExUnit.Case, async: true

  alias Aether.{Error, Printable}

  doctest Aether.Error
  doctest Aether.Printable
  doctest Aether.Summary

  test "every documented reason says what happened and what to do" do
    texts =
      for reason <- Error.reasons() do
        message = Exception.message(%Error{reason: reason, path: "p", operation: :open})
        assert "cannot open \"p\": " <> rest = message
        assert [what, todo] = String.split(rest, " (#{reason}). ")
        assert String.length(what) > 10
        assert String.length(todo) > 10
        assert String.ends_with?(todo, ".")
        assert String.printable?(message)
        rest
      end

    assert texts == Enum.uniq(texts)
  end

  test "every reason of the library's own is documented" do
    # POSIX names aside, which come from the system.
    for reason <-
          ~w(noproc not_local outside_root root_changed root_moved panic bad_pattern bad_slab nif_not_loaded
             etimedout einval eagain too_many_scans unknown_errno)a do
      assert reason in Error.reasons()
    end
  end

  test "the documentation lists every reason" do
    {:docs_v1, _, _, _, %{"en" => text}, _, _} = Code.fetch_docs(Error)
    for reason <- Error.reasons(), do: assert(text =~ "`:#{reason}` - ")
  end

  test "reasons without an entry get the system's text, or a generic one" do
    assert Exception.message(%Error{reason: :exdev, path: "a", operation: :read}) =~
             "cannot read \"a\": cross-domain link (exdev). "

    assert Exception.message(%Error{reason: :ewhatever}) =~
             "the system reported an error (ewhatever). "
  end

  test "each operation has a text, with and without a path" do
    for operation <-
          ~w(start open read stat ignore walk decode load index scan write checkpoint import search maintain other)a,
        path <- ["", "a"] do
      message = Exception.message(%Error{reason: :eio, operation: operation, path: path})
      assert message =~ ~r/^cannot [a-z ]+( "a")?: the device failed/
      refute message =~ "  "
    end
  end

  test "its message is short, whatever was given" do
    for size <- [402, 100_000, 1_000_000], byte <- ["a", "ä", <<0xFF>>, "\e"] do
      long = String.duplicate(byte, div(size, byte_size(byte)))

      message =
        Exception.message(%Error{
          reason: :query_too_long,
          path: long,
          operation: :search,
          detail: long
        })

      assert String.length(message) < 4000
      assert message =~ "…"
      assert_visible(message)
    end

    exact = String.duplicate("a", 400)
    assert Exception.message(%Error{reason: :eio, path: exact}) =~ "\"" <> exact <> "\""
  end

  test "the detail stands in the brackets" do
    assert Exception.message(%Error{reason: :bad_pattern, path: "[", detail: "unclosed class"}) =~
             "(bad_pattern: unclosed class)"
  end

  test "it is an exception that can be raised" do
    assert_raise Error, ~r/permission denied/, fn -> raise Error, reason: :eacces, path: "x" end
  end

  test "hostile bytes in path and detail are never printed raw" do
    for bytes <- hostile() do
      message = Exception.message(%Error{reason: :enoent, path: bytes, detail: bytes})
      assert message =~ "\"#{Printable.escape(bytes)}\""
      assert_visible(message)
    end
  end

  describe "escaping" do
    test "leaves plain text alone, whatever the language" do
      for text <- ["", "a b", "größe", "日本語", "имя", "~$%&'\"", "e\u0301"] do
        assert Printable.escape(text) == text
      end
    end

    test "of invisible characters" do
      for {bytes, shown} <- [
            {"\n", "\\n"},
            {"\r", "\\r"},
            {"\t", "\\t"},
            {"\e[31m", "\\e[31m"},
            {"\0", "\\x00"},
            {"\x7F", "\\x7F"},
            {"\\n", "\\\\n"},
            {<<0xFF, 0xFE>>, "\\xFF\\xFE"},
            # Overlong, surrogate, above U+10FFFF, cut short.
            {<<0xC0, 0x80>>, "\\xC0\\x80"},
            {<<0xED, 0xA0, 0x80>>, "\\xED\\xA0\\x80"},
            {<<0xF4, 0x90, 0x80, 0x80>>, "\\xF4\\x90\\x80\\x80"},
            {<<0xE6, 0x97>>, "\\xE6\\x97"},
            {"\u0085", "\\u{85}"},
            {"\u202Eexe", "\\u{202E}exe"},
            {"\u200B", "\\u{200B}"},
            {"\u2066", "\\u{2066}"},
            {"\uFEFF", "\\u{FEFF}"},
            {"\u{E0041}", "\\u{E0041}"}
          ] do
        assert Printable.escape(bytes) == shown
      end
    end

    test "is unambiguous: different bytes look different" do
      all =
        for a <- 0..255, b <- [nil | Enum.to_list(0..255)], do: if(b, do: <<a, b>>, else: <<a>>)

      shown = Enum.map(all, &Printable.escape/1)
      assert length(Enum.uniq(shown)) == length(all)
      Enum.each(shown, &assert_visible/1)
    end
  end

  defp hostile do
    singles = for byte <- 0..255, do: <<byte>>
    ["\e]0;title\a", "\u202Etxt.exe", "a\nb", <<0xFF, 0x80>>, "\u2028", "\u{E0020}" | singles]
  end

  defp assert_visible(text) do
    assert String.valid?(text)

    refute text =~
             ~r/[\x{00}-\x{1F}\x{7F}-\x{9F}\x{200B}-\x{200F}\x{2028}-\x{202E}\x{2060}-\x{206F}]/u
  end
end
