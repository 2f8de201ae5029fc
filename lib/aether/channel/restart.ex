defmodule Aether.Channel.Restart do
  @moduledoc false
  # Processes that a supervisor starts anew: noticing their end, and waiting for who comes in their place.

  alias Aether.Channel.Job

  # Between two looks for it, in milliseconds.
  @pause 250

  @doc "Monitors a process; `nil` if it is none, as an index that was opened without one."
  @spec monitor(any) :: reference | nil
  def monitor(server) do
    if pid = pid(server), do: Process.monitor(pid)
  end

  @doc "Ends that."
  @spec demonitor(reference | nil) :: any
  def demonitor(monitor), do: monitor && Process.demonitor(monitor, [:flush])

  @doc "Starts a job that waits for a process by this name, and then calls the function. `nil` without a name: none will come."
  @spec await(any, (() -> any)) :: reference | nil
  def await(server, fun) do
    if name?(server), do: Job.start(fn -> wait(server, fun) end)
  end

  defp wait(server, fun) do
    if pid(server) do
      fun.()
    else
      Process.sleep(@pause)
      wait(server, fun)
    end
  end

  # Also of one that is no more, whose monitor tells so at once.
  defp pid(pid) when is_pid(pid), do: pid

  defp pid(server) do
    if name?(server), do: GenServer.whereis(server)
  end

  defp name?(name) when is_atom(name), do: name != nil
  defp name?({kind, _name}) when kind == :global, do: true
  defp name?({:via, _module, _name}), do: true
  defp name?(_other), do: false
end
