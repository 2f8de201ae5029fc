defmodule Aether.Index.Server do
  @moduledoc false
  # The process that holds an index beneath a supervisor. It only hands it out: calls do not go through it. An index that is of
  # no use any more ends it, so that the supervisor opens another one.

  use GenServer

  alias Aether.{Error, Index, Native}

  @impl true
  def init(opts) do
    # So that it closes the index when the supervisor ends it, before another one is started.
    Process.flag(:trap_exit, true)

    case Index.open(opts) do
      {:ok, index} -> {:ok, tap(index, &watch/1)}
      {:error, error} -> {:stop, error}
    end
  end

  # Killed, it cannot close: whoever else has seen the index would hold the file until it collects its garbage, and a
  # restart would wait in vain.
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
    # Who asks now learns from the index what is wrong with it.
    case Native.index_check_place(index.handle) do
      :ok -> {:reply, index, index}
      {:error, %Error{reason: :index_closed}} -> {:stop, :normal, index, index}
      {:error, error} -> {:stop, error, index, index}
    end
  end

  def handle_call(:close, _from, index), do: {:stop, :normal, Index.close(index), index}

  @impl true
  def terminate(_reason, index), do: Index.close(index)
end
