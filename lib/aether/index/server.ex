defmodule Aether.Index.Server do
  @moduledoc false
  # The process that holds an index under a supervisor. It only hands the index out: calls do not go through it. It ends when
  # the index becomes unusable, so that the supervisor opens it again.

  use GenServer

  alias Aether.{Error, Index, Native}

  @impl true
  def init(opts) do
    # So that `terminate/2` closes the index before the supervisor starts a successor.
    Process.flag(:trap_exit, true)

    case Index.open(opts) do
      {:ok, index} -> {:ok, tap(index, &watch/1)}
      {:error, error} -> {:stop, error}
    end
  end

  # If it is killed it cannot close the index itself, and a restart would time out: every process that has called `get` holds
  # the file until its next garbage collection.
  defp watch(index) do
    server = self()

    spawn(fn ->
      monitor = Process.monitor(server)

      receive do
        {:DOWN, ^monitor, :process, ^server, _reason} -> Index.close(index)
      end
    end)
  end

  @impl true
  def handle_call(:get, _from, index) do
    # Checked here, so that an unusable index ends this process. The caller gets the error from the index.
    case Native.index_check_place(index.handle) do
      :ok -> {:reply, index, index}
      {:error, %Error{reason: :index_closed}} -> {:stop, :normal, index, index}
      {:error, error} -> {:stop, error, index, index}
    end
  end

  # The caller gets its reply after `terminate/2`, which must not wait a second time for a disk that hangs.
  def handle_call({:close, timeout}, _from, index),
    do: {:stop, :normal, Index.close(index, timeout: timeout), :closed}

  @impl true
  def terminate(_reason, :closed), do: :ok
  def terminate(_reason, index), do: Index.close(index)
end
