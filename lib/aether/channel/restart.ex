defmodule Aether.Channel.Restart do
  @moduledoc false
  # Named processes that a supervisor restarts: noticing their end, and waiting for their successor.

  alias Aether.Channel.Job

  # How often to look for the successor, in milliseconds.
  @poll 250

  @doc "Monitors a process; `nil` if there is none, as with an index that was opened without one."
  @spec monitor(any) :: reference | nil
  def monitor(server) do
    if pid = pid(server), do: Process.monitor(pid)
  end

  @doc "Removes the monitor, if there is one."
  @spec demonitor(reference | nil) :: any
  def demonitor(monitor), do: monitor && Process.demonitor(monitor, [:flush])

  @doc """
  Starts a job that waits for a process of this name and then calls the function. `nil` if `server` is not a name: no
  successor can be found then.
  """
  @spec await(any, (() -> any)) :: reference | nil
  def await(server, fun) do
    if name?(server), do: Job.start(fn -> wait(server, fun) end)
  end

  defp wait(server, fun) do
    if pid(server) do
      fun.()
    else
      Process.sleep(@poll)
      wait(server, fun)
    end
  end

  # A dead process will do: its monitor fires at once.
  defp pid(pid) when is_pid(pid), do: pid

  defp pid(server) do
    if name?(server), do: GenServer.whereis(server)
  end

  defp name?(name) when is_atom(name), do: name != nil
  defp name?({kind, _name}) when kind == :global, do: true
  defp name?({:via, _module, _name}), do: true
  defp name?(_other), do: false
end
