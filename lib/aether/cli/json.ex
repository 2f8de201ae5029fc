defmodule Aether.CLI.JSON do
  @moduledoc false

  # Writes JSON: Elixir 1.14 has no writer. Objects are keyword lists, so that their members keep their order.

  @doc """
  A value as JSON on a line of its own.

      iex> IO.iodata_to_binary(Aether.CLI.JSON.line(a: [1, nil, true], b: [c: "\\"\\n"]))
      ~S|{"a":[1,null,true],"b":{"c":"\\"\\u000a"}}| <> "\\n"
  """
  @spec line(keyword) :: iodata
  def line(members), do: [value(members), ?\n]

  @doc """
  The member that names a path: `path`, or `path_base64` where it is not UTF-8.
  """
  @spec path(binary, atom) :: keyword
  def path(path, name \\ :path) do
    if String.valid?(path),
      do: [{name, path}],
      else: [{:"#{name}_base64", Base.encode64(path)}]
  end

  defp value(nil), do: "null"
  defp value(boolean) when is_boolean(boolean), do: Atom.to_string(boolean)
  defp value(atom) when is_atom(atom), do: string(Atom.to_string(atom))
  defp value(number) when is_integer(number), do: Integer.to_string(number)
  defp value(%DateTime{} = time), do: string(DateTime.to_iso8601(time))
  defp value(text) when is_binary(text), do: string(text)
  defp value([]), do: "[]"

  defp value([{_name, _value} | _] = members) do
    pairs = for {name, value} <- members, do: [string(Atom.to_string(name)), ?:, value(value)]
    [?{, Enum.intersperse(pairs, ?,), ?}]
  end

  defp value(list) when is_list(list),
    do: [?[, list |> Enum.map(&value/1) |> Enum.intersperse(?,), ?]]

  defp string(text), do: [?", for(<<char::utf8 <- text>>, do: char(char)), ?"]

  defp char(?"), do: "\\\""
  defp char(?\\), do: "\\\\"

  defp char(char) when char < 0x20 or char == 0x7F,
    do: [
      "\\u00",
      char |> Integer.to_string(16) |> String.downcase() |> String.pad_leading(2, "0")
    ]

  defp char(char), do: <<char::utf8>>
end
