defmodule Aether.Channel.Job do
  @moduledoc false
  # Runs what may take long in a process of its own, so that its owner stays responsive: opening a directory on a file system
  # that hangs, a search. A job ends with its owner, and what it waits for is then cancelled.

  @doc """
  Starts a job. Its result comes as a message that `result/1` reads.

  The result is the exit reason of the job's process, so that results and crashes come in one and the same way.
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

  # Unlinked before it ends: its end must reach the owner only once, as the monitor's message.
  defp run(fun, owner) do
    fun.()
  after
    Process.unlink(owner)
  end

  @doc "What a message says about a job: `{monitor, {:ok, result} | :error}`, or `nil` if no process ended."
  @spec result(any) :: {reference, {:ok, any} | :error} | nil
  def result({:DOWN, monitor, :process, _pid, {:shutdown, {__MODULE__, result}}}),
    do: {monitor, {:ok, result}}

  def result({:DOWN, monitor, :process, _pid, _reason}), do: {monitor, :error}
  def result(_message), do: nil
end
