defmodule Aether.Slab.Checks do
  @moduledoc false

  # Checks the values in the columns of a slab. Each loop goes down one column, and is preempted like any
  # other code of the VM. What passes is gone through several values at a time, which saves a half; the
  # clauses for one value find out which of them does not.

  import Aether.Slab.Status, only: [is_status: 1]

  @doc """
  Throws `{:bad_slab, words}` at the first value that the format does not allow.
  """
  def run(slab) do
    check_ends(slab.target_ends, "target_end", slab.target_bytes)
    check_ends(slab.entries_ends, "dir_entries_end", slab.entries)
    check_ends(slab.path_ends, "dir_path_end", slab.path_bytes)
    check_ends(slab.name_ends, "name_end", slab.name_bytes)
    check_statuses(slab.statuses, 0)
    check_kinds(slab.kinds, 0, slab)
    check_targets(slab.target_ends, slab.kinds, slab.targets, 0, 0)
    check_paths(slab.path_ends, slab.paths, 0, 0)
    clean? = :binary.match(slab.names, "/") == :nomatch and no_nul?(slab.names)
    check_names(slab.name_ends, slab.names, clean?, 0, 0)
  end

  defp check_ends(ends, column, total), do: check_ends(ends, column, total, 0, 0)

  defp check_ends(<<a::little-32, b::little-32, rest::binary>>, column, total, before, index)
       when a >= before and b >= a,
       do: check_ends(rest, column, total, b, index + 2)

  defp check_ends(<<stop::little-32, rest::binary>>, column, total, before, index)
       when stop >= before,
       do: check_ends(rest, column, total, stop, index + 1)

  defp check_ends(<<>>, _column, total, total, _index), do: :ok

  defp check_ends(<<>>, column, total, stop, _index),
    do: bad("#{column}: ends at #{stop} instead of #{total}")

  defp check_ends(_rest, column, _total, _before, index),
    do: bad("#{column}: value #{index} is below the one before")

  defp check_statuses(<<status::little-32, rest::binary>>, index) when is_status(status),
    do: check_statuses(rest, index + 1)

  defp check_statuses(<<>>, _index), do: :ok

  defp check_statuses(<<status::little-32, _::binary>>, index),
    do: bad("record #{index}: status #{status} is not known")

  defp check_kinds(<<a, b, c, d, rest::binary>>, index, slab)
       when a <= 4 and b <= 4 and c <= 4 and d <= 4,
       do: check_kinds(rest, index + 4, slab)

  defp check_kinds(<<kind, rest::binary>>, index, slab) when kind <= 4,
    do: check_kinds(rest, index + 1, slab)

  defp check_kinds(<<>>, _index, _slab), do: :ok

  defp check_kinds(<<kind, rest::binary>>, index, %{metadata: true} = slab)
       when kind in 0x80..0x84 do
    at = 8 * index

    with <<_::binary-size(at), 0::64, _::binary>> <- slab.sizes,
         <<_::binary-size(at), 0::64, _::binary>> <- slab.mtimes,
         true <- Enum.all?(slab.attributes, &zero?(&1, index)) do
      check_kinds(rest, index + 1, slab)
    else
      _ -> bad("entry #{index}: metadata where none is known")
    end
  end

  defp check_kinds(<<kind, _::binary>>, index, _slab),
    do: bad("entry #{index}: kind #{kind} is not known")

  defp zero?({_name, width, column}, index) do
    at = width * index
    match?(<<_::binary-size(at), 0::size(width)-unit(8), _::binary>>, column)
  end

  # Most entries have none.
  defp check_targets(
         <<stop::little-32, ends::binary>>,
         <<_, kinds::binary>>,
         targets,
         stop,
         index
       ),
       do: check_targets(ends, kinds, targets, stop, index + 1)

  defp check_targets(
         <<stop::little-32, ends::binary>>,
         <<kind, kinds::binary>>,
         targets,
         start,
         index
       ) do
    if kind == 3 and no_nul?(binary_part(targets, start, stop - start)),
      do: check_targets(ends, kinds, targets, stop, index + 1),
      else: bad("entry #{index}: not a target of a symbolic link")
  end

  defp check_targets(<<>>, _kinds, _targets, _start, _index), do: :ok

  defp check_paths(<<stop::little-32, rest::binary>>, paths, start, index) do
    length = stop - start
    <<path::binary-size(length), paths::binary>> = paths

    if length == 0 or component?(path),
      do: check_paths(rest, paths, stop, index + 1),
      else: bad("record #{index}: not a relative path")
  end

  defp check_paths(<<>>, _paths, _start, _index), do: :ok

  # Byte by byte: paths are short, and splitting them costs more.
  defp component?(<<"/", _::binary>>), do: false
  defp component?(<<"./", _::binary>>), do: false
  defp component?(<<"../", _::binary>>), do: false
  defp component?(path) when path in ["", ".", ".."], do: false
  defp component?(path), do: rest?(path)

  defp rest?(<<"/", path::binary>>), do: component?(path)
  defp rest?(<<0, _::binary>>), do: false
  defp rest?(<<_, path::binary>>), do: rest?(path)
  defp rest?(<<>>), do: true

  # Only names of one or two bytes can be dots, and names in a clean table can have no other defect, so
  # nearly all names are skipped.
  defp check_names(<<stop::little-32, rest::binary>>, names, true, start, index)
       when stop > start + 2,
       do: check_names(rest, names, true, stop, index + 1)

  defp check_names(<<stop::little-32, rest::binary>>, names, clean?, start, index) do
    name = binary_part(names, start, stop - start)

    if name not in ["", ".", ".."] and
         (clean? or (:binary.match(name, "/") == :nomatch and no_nul?(name))),
       do: check_names(rest, names, clean?, stop, index + 1),
       else: bad("entry #{index}: not a file name")
  end

  defp check_names(<<>>, _names, _clean?, _start, _index), do: :ok

  defp no_nul?(bytes), do: :binary.match(bytes, <<0>>) == :nomatch

  defp bad(words), do: throw({:bad_slab, words})
end
