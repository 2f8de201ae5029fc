defmodule Aether.Printable do
  @moduledoc false
  # Makes names safe to show to a person. Anybody may have chosen them: they can contain escape
  # sequences, line breaks, direction overrides, invisible characters.
  # Only for people: programs get the raw bytes, or JSON.

  @doc """
  Escapes everything that is not plainly visible. The result is valid UTF-8 on one line, and unambiguous.

      iex> Aether.Printable.escape("a\\e[31m\\xFF")
      "a\\\\e[31m\\\\xFF"
  """
  @spec escape(binary) :: String.t()
  def escape(bytes) when is_binary(bytes), do: escape(bytes, [])

  # Soft hyphen, Arabic letter mark, fillers, Mongolian selectors, zero-width and direction
  # marks, line and paragraph separators, embeddings and overrides, invisible operators and
  # isolates, variation selectors, byte order mark, annotations, tags.
  @invisible [
    {0xAD, 0xAD},
    {0x61C, 0x61C},
    {0x115F, 0x1160},
    {0x180B, 0x180F},
    {0x200B, 0x200F},
    {0x2028, 0x202E},
    {0x2060, 0x206F},
    {0x3164, 0x3164},
    {0xFEFF, 0xFEFF},
    {0xFFA0, 0xFFA0},
    {0xFFF0, 0xFFFB},
    {0xFFFE, 0xFFFF},
    {0xE0000, 0xE0FFF}
  ]

  defp escape(<<>>, out), do: out |> Enum.reverse() |> IO.iodata_to_binary()
  defp escape(<<?\\, rest::binary>>, out), do: escape(rest, ["\\\\" | out])
  defp escape(<<?\n, rest::binary>>, out), do: escape(rest, ["\\n" | out])
  defp escape(<<?\r, rest::binary>>, out), do: escape(rest, ["\\r" | out])
  defp escape(<<?\t, rest::binary>>, out), do: escape(rest, ["\\t" | out])
  defp escape(<<?\e, rest::binary>>, out), do: escape(rest, ["\\e" | out])

  defp escape(<<byte, rest::binary>>, out) when byte in 0x20..0x7E,
    do: escape(rest, [byte | out])

  defp escape(<<byte, rest::binary>>, out) when byte < 0x80,
    do: escape(rest, ["\\x" <> hex(byte, 2) | out])

  defp escape(<<char::utf8, rest::binary>>, out) do
    if char < 0xA0 or invisible?(char) do
      escape(rest, ["\\u{" <> hex(char, 1) <> "}" | out])
    else
      escape(rest, [<<char::utf8>> | out])
    end
  end

  defp escape(<<byte, rest::binary>>, out), do: escape(rest, ["\\x" <> hex(byte, 2) | out])

  for {first, last} <- @invisible do
    defp invisible?(char) when char in unquote(first)..unquote(last), do: true
  end

  defp invisible?(_char), do: false

  defp hex(number, digits),
    do: number |> Integer.to_string(16) |> String.pad_leading(digits, "0")
end
