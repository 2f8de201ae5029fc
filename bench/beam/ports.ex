defmodule Bench.Ports do
  @moduledoc "A Port to `find -printf`, which prints sizes and times, or to `fd`, which only prints names. Their output is parsed into entries."

  def walk(%{"path" => root, "program" => program, "who" => who}) do
    {count, figures} =
      Bench.Measure.region(fn ->
        program |> open(args(who, root)) |> read(who, "", []) |> length()
      end)

    [{:entries, count} | figures]
  end

  def args("find", root), do: [root, "-mindepth", "1", "-printf", ~S(%y %s %T@ %P\0)]
  def args("fd", root), do: ["-HI", "--no-ignore", "-0", ".", root]

  def open(program, args),
    do: Port.open({:spawn_executable, program}, [:binary, :exit_status, args: args])

  defp read(port, who, rest, found) do
    receive do
      {^port, {:data, data}} ->
        {rest, found} = lines(:binary.split(rest <> data, <<0>>, [:global]), who, found)
        read(port, who, rest, found)

      {^port, {:exit_status, 0}} ->
        found
    end
  end

  # The last one is incomplete.
  defp lines([rest], _who, found), do: {rest, found}
  defp lines([line | lines], who, found), do: lines(lines, who, [entry(who, line) | found])

  # Copy: a part of a large binary keeps all of it alive.
  defp entry("fd", path), do: :binary.copy(path)

  defp entry("find", <<kind, " ", rest::binary>>) do
    [size, time, path] = :binary.split(rest, " ", [:global]) |> rejoin()
    [seconds | _] = :binary.split(time, ".")
    {:binary.copy(path), kind, String.to_integer(size), String.to_integer(seconds)}
  end

  defp rejoin([_, _, _] = three), do: three
  defp rejoin([size, time | path]), do: [size, time, Enum.join(path, " ")]
end
