defmodule Aether.Index.Server do
  @moduledoc false
  # The process that holds an index under a supervisor. It only hands the index out: calls do not go through it. It ends when
  # the index becomes unusable, so that the supervisor opens it again.

  use GenServer

  alias Aether.{Error, Index, Native}

  # How long an index that is found unusable is still handed out, to one caller, in ms.
  @grace 100

  @impl true
  def init(opts) do
    # So that `terminate/2` closes the index before the supervisor starts a successor.
    Process.flag(:trap_exit, true)

    case Index.open(opts) do
      {:ok, index} -> {:ok, {tap(index, &watch/1), nil}}
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
  def handle_call(:get, _from, {index, {:over, reason}}), do: {:stop, reason, index, {index, nil}}

  def handle_call(:get, _from, {index, checking}),
    do: {:reply, index, {index, check(index, checking)}}

  # The caller gets its reply after `terminate/2`, which must not wait a second time for a disk that hangs.
  def handle_call({:close, timeout}, _from, {index, _checking}),
    do: {:stop, :normal, Index.close(index, timeout: timeout), :closed}

  # Whether the index is still usable: if not, this process ends. Nobody waits for that; callers get the error from the index.
  defp check(index, nil) do
    ref = make_ref()

    with {:ok, _cancel} <- Native.index_read(ref, index.handle, :check_place),
         do: ref,
         else: (_no_thread -> nil)
  end

  defp check(_index, checking), do: checking

  # A caller that is about to ask gets the index, and the error from it, rather than an exit.
  defp over(reason) do
    Process.send_after(self(), :over, @grace)
    {:over, reason}
  end

  @impl true
  def handle_info({:index_answer, ref, answer}, {index, ref}) do
    case answer do
      :ok -> {:noreply, {index, nil}}
      {:error, %Error{reason: :index_busy}} -> {:noreply, {index, nil}}
      {:error, %Error{reason: :index_closed}} -> {:noreply, {index, over(:normal)}}
      {:error, error} -> {:noreply, {index, over(error)}}
    end
  end

  def handle_info(:over, {index, {:over, reason}}), do: {:stop, reason, {index, nil}}
  def handle_info(_message, state), do: {:noreply, state}

  @impl true
  def terminate(_reason, :closed), do: :ok
  def terminate(_reason, {index, _checking}), do: Index.close(index)
end
