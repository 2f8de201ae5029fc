defmodule Aether.Channel.Job do
  @moduledoc false
  # Runs aside what can take its time: opening a directory on a file system that hangs, a search. The channel goes on
  # meanwhile. A job ends with the channel, and what it waits for is cancelled then.

  @doc """
  Starts a job. Its result comes as a message that `result/1` reads.

  It is the reason for which the job's process ends, so that a result and a crash come in one and the same way.
  """
  @spec start((() -> any)) :: reference
  def start(fun) do
    owner = self()

    {_pid, monitor} =
      Process.spawn(
        fn ->
          result = run(fun, owner)
          exit({:shutdown, {__MODULE__, result}})
        end,
        [:link, :monitor]
      )

    monitor
  end

  # Unlinked before it ends: its end is to reach the owner once, as the monitor's message.
  defp run(fun, owner) do
    fun.()
  after
    Process.unlink(owner)
  end

  @doc "What a message says about a job: `{monitor, {:ok, result} | :error}`, or `nil` if it is none of a process' end."
  @spec result(any) :: {reference, {:ok, any} | :error} | nil
  def result({:DOWN, monitor, :process, _pid, {:shutdown, {__MODULE__, result}}}),
    do: {monitor, {:ok, result}}

  def result({:DOWN, monitor, :process, _pid, _reason}), do: {monitor, :error}
  def result(_message), do: nil
end
