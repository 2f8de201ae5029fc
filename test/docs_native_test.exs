defmodule Aether.DocsNativeTest do
  # Holds what is written of slabs and of the core against the Rust code.
  use ExUnit.Case, async: true

  import Aether.Pages
  alias Aether.Markdown

  @root root()

  describe "the slab format" do
    test "has the example that is in the golden file" do
      [block] =
        Markdown.blocks(read("guides/slab-format.md"), "text") |> Enum.filter(&(&1 =~ "ASLB"))

      bytes =
        for [_, offset, hex] <-
              Regex.scan(~r/^ *(\d+)  ((?:[0-9a-f]{2} {1,2})*[0-9a-f]{2})(?=\s{2}|$)/m, block),
            reduce: "" do
          bytes ->
            assert byte_size(bytes) == String.to_integer(offset)
            bytes <> (hex |> String.replace(" ", "") |> Base.decode16!(case: :lower))
        end

      assert bytes == File.read!(Path.join(@root, "test/fixtures/slabs/slab-v1.bin"))
    end

    test "has the numbers of statuses and kinds of the code" do
      guide = read("guides/slab-format.md")
      [rust] = sources("native/core/src/slab.rs")

      statuses = for [_, number] <- Regex.scan(~r/pub const \w+: u32 = (\d+);/, rust), do: number
      rows = for [number, _] <- Markdown.table(guide, "`dir_status`"), do: number
      assert rows == statuses ++ ["256 + n"]

      kinds = for [_, number] <- Regex.scan(~r/^    \w+ = (\d),$/m, rust), do: number
      assert for([number, _] <- Markdown.table(guide, "value"), do: number) == kinds
    end
  end

  describe "native/core/README.md" do
    test "has a row for each file" do
      text = read("native/core/README.md")

      rows =
        for [files, _] <- Markdown.table(text, "file"), file <- Markdown.spans(files), do: file

      src = Path.join(@root, "native/core/src")
      files = for path <- Path.wildcard(src <> "/**/*.rs"), do: Path.relative_to(path, src)
      assert Enum.sort(rows) == Enum.sort(files)
    end

    test "has the limits of the code" do
      rows = Markdown.table(read("native/core/README.md"), "constant")
      assert length(rows) > 10

      for [name, value, file | _] <- rows,
          [name] = Markdown.spans(name),
          [file] = Markdown.spans(file) do
        [source] = sources("native/core/src/" <> file)
        assert [_, code] = Regex.run(~r/const #{name}: \w+ = (.*);/, source), "#{name} in #{file}"
        assert constant(code) == value, name
      end
    end
  end

  defp constant("Duration::from_millis(" <> rest), do: "#{elem(Integer.parse(rest), 0)} ms"
  defp constant("Duration::from_secs(24 * 3600)"), do: "1 day"
  defp constant("Duration::from_secs(" <> rest), do: "#{elem(Integer.parse(rest), 0)} s"
  # Of the 64 that another row has.
  defp constant("POOL_MAX_STUCK / " <> divisor), do: "#{div(64, String.to_integer(divisor))}"
  defp constant("256 * 1024"), do: "256 KiB"
  defp constant("1 << 20"), do: "1 MiB"
  defp constant("4 << 20"), do: "4 MiB"
  defp constant(number), do: number
end
