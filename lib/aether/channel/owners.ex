defmodule Aether.Channel.Owners do
  @moduledoc false
  # Names of users and groups, from the system's files. A directory service such as LDAP is not queried.

  @doc "The name of a user in /etc/passwd, or `nil`."
  @spec user(non_neg_integer) :: String.t() | nil
  def user(uid), do: read("/etc/passwd", uid)

  @doc "The name of a group in /etc/group, or `nil`."
  @spec group(non_neg_integer) :: String.t() | nil
  def group(gid), do: read("/etc/group", gid)

  defp read(path, id) do
    case File.read(path) do
      {:ok, text} -> find(text, id)
      {:error, _reason} -> nil
    end
  end

  @doc """
  The name that belongs to a number in a text of the form of these files.

      iex> Aether.Channel.Owners.find("root:x:0:0:root:/root:/bin/sh\\nme:x:1000:100::/:\\n", 1000)
      "me"
  """
  @spec find(binary, non_neg_integer) :: String.t() | nil
  def find(text, id) do
    number = Integer.to_string(id)

    # The first counts, as for the system.
    Enum.find_value(:binary.split(text, "\n", [:global]), fn line ->
      case :binary.split(line, ":", [:global]) do
        [name, _password, ^number | _] when name != "" -> if String.valid?(name), do: name
        _other -> nil
      end
    end)
  end
end
