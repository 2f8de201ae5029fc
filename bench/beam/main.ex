defmodule Bench.Main do
  @moduledoc """
  One contestant in a VM of its own: `erl … -s Elixir.Bench.Main main -extra WHAT NAME=VALUE…`.

  Runs it, prints `name=value` words about it on standard output, and ends the VM. The runner measures the process from outside;
  here is measured what only the VM knows.
  """

  @contestants %{
    "scan" => {Bench.Scans, :scan},
    "list" => {Bench.Scans, :list},
    "calls" => {Bench.Scans, :calls},
    "pure" => {Bench.PureElixir, :walk},
    "file" => {Bench.FileModule, :walk},
    "port" => {Bench.Ports, :walk},
    "first" => {Bench.FirstEntry, :first},
    "firsts" => {Bench.FirstEntry, :firsts},
    "parallel" => {Bench.Parallel, :many},
    "beside" => {Bench.Parallel, :beside},
    "memory" => {Bench.Memory, :growth},
    "cancel" => {Bench.Cancel, :cancel},
    "held" => {Bench.Cancel, :held},
    "kept" => {Bench.Kept, :scan},
    "beside_slow" => {Bench.Slow, :beside},
    "hung" => {Bench.Slow, :hung},
    "slow_rules" => {Bench.Slow, :slow_rules},
    "parked" => {Bench.Slow, :parked}
  }

  def main do
    [what | words] = Enum.map(:init.get_plain_arguments(), &List.to_string/1)
    {module, function} = Map.fetch!(@contestants, what)

    options =
      Map.new(words, fn word -> word |> String.split("=", parts: 2) |> List.to_tuple() end)

    {:ok, _} = Application.ensure_all_started(:aether)

    apply(module, function, [options])
    |> Enum.map_join(" ", fn {name, value} -> "#{name}=#{value}" end)
    |> IO.puts()

    System.halt(0)
  catch
    kind, reason ->
      IO.puts(:stderr, Exception.format(kind, reason, __STACKTRACE__))
      System.halt(1)
  end
end
