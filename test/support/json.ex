defmodule Aether.JSON do
  @moduledoc false

  # Reads JSON, for tests: neither Elixir 1.14 nor OTP 25 has a reader, and Hex is not to be had.
  # Objects become maps with string keys, numbers are exact. Raises on anything that is not JSON.

  def decode!(text) do
    {value, rest} = value(skip(text))
    "" = skip(rest)
    value
  end

  defp skip(<<space, rest::binary>>) when space in ' \n\r\t', do: skip(rest)
  defp skip(rest), do: rest

  defp value("{" <> rest), do: object(skip(rest), %{})
  defp value("[" <> rest), do: array(skip(rest), [])
  defp value("\"" <> rest), do: string(rest, [])
  defp value("true" <> rest), do: {true, rest}
  defp value("false" <> rest), do: {false, rest}
  defp value("null" <> rest), do: {nil, rest}

  defp value(text) do
    [number] = Regex.run(~r/\A-?(?:0|[1-9]\d*)(?:\.\d+(?:[eE][+-]?\d+)?)?/, text)
    rest = binary_part(text, byte_size(number), byte_size(text) - byte_size(number))
    {if(number =~ ".", do: String.to_float(number), else: String.to_integer(number)), rest}
  end

  defp object("}" <> rest, map) when map == %{}, do: {map, rest}

  defp object("\"" <> rest, map) do
    {key, rest} = string(rest, [])
    ":" <> rest = skip(rest)
    {value, rest} = value(skip(rest))
    map = Map.put(map, key, value)

    case skip(rest) do
      "," <> rest -> object(skip(rest), map)
      "}" <> rest -> {map, rest}
    end
  end

  defp array("]" <> rest, []), do: {[], rest}

  defp array(text, list) do
    {value, rest} = value(text)

    case skip(rest) do
      "," <> rest -> array(skip(rest), [value | list])
      "]" <> rest -> {Enum.reverse(list, [value]), rest}
    end
  end

  defp string("\"" <> rest, out), do: {IO.iodata_to_binary(Enum.reverse(out)), rest}

  defp string("\\u" <> <<hex::binary-size(4), rest::binary>>, out) do
    case {String.to_integer(hex, 16), rest} do
      {high, "\\u" <> <<hex::binary-size(4), rest::binary>>} when high in 0xD800..0xDBFF ->
        low = String.to_integer(hex, 16)
        <<char::utf16>> = <<high::16, low::16>>
        string(rest, [<<char::utf8>> | out])

      {char, rest} ->
        string(rest, [<<char::utf8>> | out])
    end
  end

  for {escape, char} <- [{?n, ?\n}, {?r, ?\r}, {?t, ?\t}, {?b, ?\b}, {?f, ?\f}] do
    defp string(<<?\\, unquote(escape), rest::binary>>, out),
      do: string(rest, [unquote(char) | out])
  end

  defp string(<<?\\, char, rest::binary>>, out) when char in '"\\/',
    do: string(rest, [char | out])

  defp string(<<char::utf8, rest::binary>>, out) when char >= 0x20 and char != ?\\,
    do: string(rest, [<<char::utf8>> | out])
end
