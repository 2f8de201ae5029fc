defmodule Aether.Options.Values do
  @moduledoc false
  # What each option of a scan takes.

  alias Aether.Attributes

  @doc "An option's value as it is used, or `:error`."
  @spec check(atom(), term()) :: {:ok, term()} | :error
  # The native side counts levels in 32 bits; no path has that many.
  def check(:depth, depth) when is_integer(depth) and depth > 0xFFFFFFFF, do: {:ok, :infinity}
  def check(:depth, depth), do: ok_if(positive?(depth) or depth == :infinity, depth)
  def check(:active, active) when is_boolean(active), do: {:ok, active}
  def check(:active, active), do: ok_if(active in 1..65535, active)
  def check(:to, to), do: ok_if(is_pid(to) and node(to) == node(), to)
  def check(:tag, tag), do: ok_if(tag in 0..0xFFFFFFFF, tag)
  def check(:metadata, metadata) when is_boolean(metadata), do: {:ok, metadata}

  def check(:metadata, groups),
    do: ok_if(groups != [] and all?(groups, &(&1 in Attributes.groups())), groups)

  def check(:ignore, ignore) when ignore in [false, :git], do: {:ok, ignore}

  def check(:ignore, list),
    do: ok_if(all?(list, &(is_binary(&1) or &1 in [:git, :git_user])), list)

  def check(:exclude, names), do: ok_if(all?(names, &name?/1), names)
  def check(:slab_entries, entries), do: ok_if(entries in 1..1_000_000, entries)
  def check(:threads, threads), do: ok_if(threads in 1..1024, threads)
  def check(:open_timeout, :infinity), do: {:ok, :infinity}
  # The maximum of `receive ... after`.
  def check(:open_timeout, time), do: ok_if(time in 1..0xFFFFFFFF, time)
  def check(:on_summary, fun), do: ok_if(is_function(fun, 1), fun)

  def check(:index, %Aether.Index{} = index), do: {:ok, index}
  def check(:index, index), do: ok_if(server?(index), index)

  def check(:source_id, id),
    do:
      ok_if(
        is_binary(id) and byte_size(id) in 1..255 and String.valid?(id) and
          not (id =~ ~r/[[:cntrl:]]/u),
        id
      )

  def check(:attributes, list), do: ok_if(all?(list, &(&1 == :owner)), list)
  def check(:rules, rules), do: ok_if(rules in [:keep, :replace], rules)

  def check(name, value)
      when name in [:hidden, :same_file_system, :progress, :slabs, :accept_root],
      do: ok_if(is_boolean(value), value)

  defp server?(nil), do: false
  defp server?({:via, module, _name}), do: is_atom(module)
  defp server?({:global, _name}), do: true
  defp server?(server), do: is_pid(server) or is_atom(server)

  defp ok_if(true, value), do: {:ok, value}
  defp ok_if(false, _value), do: :error

  defp positive?(number), do: is_integer(number) and number > 0

  defp all?([], _fun), do: true
  defp all?([first | rest], fun), do: fun.(first) and all?(rest, fun)
  defp all?(_not_a_list, _fun), do: false

  defp name?(name),
    do: is_binary(name) and name != "" and :binary.match(name, ["/", <<0>>]) == :nomatch
end
