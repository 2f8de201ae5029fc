defmodule Aether.SocketServer.JSON do
  @moduledoc false
  # Writes JSON: neither Elixir 1.14 nor OTP 25 has a writer. Reading is in ../json.ex.

  @doc "A map with atoms or texts as keys, a list, a text, an atom, a number; as iodata."
  def encode(%{} = map) do
    pairs = for {key, value} <- map, do: [string(to_string(key)), ?:, encode(value)]
    [?{, Enum.intersperse(pairs, ?,), ?}]
  end

  def encode(list) when is_list(list),
    do: [?[, list |> Enum.map(&encode/1) |> Enum.intersperse(?,), ?]]

  def encode(nil), do: "null"
  def encode(boolean) when is_boolean(boolean), do: Atom.to_string(boolean)
  def encode(atom) when is_atom(atom), do: string(Atom.to_string(atom))
  def encode(text) when is_binary(text), do: string(text)
  def encode(number) when is_integer(number), do: Integer.to_string(number)
  def encode(number) when is_float(number), do: Float.to_string(number)

  defp string(text), do: [?", for(<<char::utf8 <- text>>, into: "", do: char(char)), ?"]

  defp char(?"), do: "\\\""
  defp char(?\\), do: "\\\\"

  defp char(char) when char < 0x20,
    do: "\\u" <> String.pad_leading(Integer.to_string(char, 16), 4, "0")

  defp char(char), do: <<char::utf8>>
end
