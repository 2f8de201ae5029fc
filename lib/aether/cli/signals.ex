defmodule Aether.CLI.Signals do
  @moduledoc false

  # Turns signals into messages, {:signal, exit_status}. SIGINT is not among them, the VM cannot
  # handle it: bin/aether traps it and sends SIGUSR1. In place of OTP's handler in erl_signal_server.

  @behaviour :gen_event

  @statuses %{sighup: 129, sigusr1: 130, sigterm: 143}

  # A scan answers a cancel within 100 ms; whoever presses Ctrl+C is not to wait for anything else.
  @patience 1000

  @doc """
  From now on signals go to the caller. If it does not end the VM in time, this does.
  """
  @spec handle() :: :ok
  def handle do
    :ok =
      :gen_event.swap_handler(
        :erl_signal_server,
        {:erl_signal_handler, []},
        {__MODULE__, self()}
      )

    Enum.each(Map.keys(@statuses), &:os.set_signal(&1, :handle))
  end

  @impl true
  def init({receiver, _of_the_old_handler}), do: {:ok, receiver}

  @impl true
  def handle_event(signal, receiver) do
    with {:ok, status} <- Map.fetch(@statuses, signal) do
      send(receiver, {:signal, status})
      Process.send_after(self(), {:halt, status}, @patience)
    end

    {:ok, receiver}
  end

  @impl true
  def handle_info({:halt, status}, _receiver), do: :erlang.halt(status, flush: false)
  def handle_info(_other, receiver), do: {:ok, receiver}

  @impl true
  def handle_call(_request, receiver), do: {:ok, :ok, receiver}
end
