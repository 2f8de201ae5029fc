defmodule Explorer.Names do
  @moduledoc """
  Names that are safe to show. They are bytes, and may be chosen to deceive.
  """

  # Control characters, invisible ones, those that change the writing direction, and line separators.
  @unsafe ~r/[\\\p{C}\p{Zl}\p{Zp}]/u

  @doc """
  A name on one line, with escapes for everything that is not plainly visible.

      iex> Explorer.Names.printable("a\\nb")
      ~S(a\\u{A}b)
      iex> Explorer.Names.printable("gpj\\u202Eexe")
      ~S(gpj\\u{202E}exe)
      iex> Explorer.Names.printable("ü" <> <<0xFF>> <> "b")
      ~S(ü\\xFFb)
      iex> Explorer.Names.printable(~S(a\\b))
      ~S(a\\\\b)
  """
  @spec printable(binary) :: String.t()
  def printable(name), do: name |> pieces() |> Enum.map_join(&piece/1)

  # Text, and bytes that are not.
  defp pieces(name) do
    case :unicode.characters_to_binary(name) do
      text when is_binary(text) -> [{:text, text}]
      {_problem, text, <<byte, rest::binary>>} -> [{:text, text}, {:byte, byte} | pieces(rest)]
    end
  end

  defp piece({:byte, byte}), do: "\\x" <> Base.encode16(<<byte>>)
  defp piece({:text, text}), do: Regex.replace(@unsafe, text, &escape/1)

  defp escape("\\"), do: "\\\\"
  defp escape(<<code::utf8>>), do: "\\u{" <> Integer.to_string(code, 16) <> "}"
end
