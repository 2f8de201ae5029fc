defmodule Aether.Application do
  @moduledoc false
  # Starts what observes scans for telemetry, and reads the configuration. Scans themselves need no
  # process of this application: they live on the threads of the native side.

  use Application

  @impl true
  def start(_type, _args) do
    Supervisor.start_link([Aether.Telemetry], strategy: :one_for_one, name: Aether.Supervisor)
  end

  @doc """
  How many threads the pool gets: as configured, or twice the number of cores and 4 at the least.

  The native side heeds it at the first scan, when it makes the pool.
  """
  @spec threads() :: pos_integer
  def threads do
    case Application.get_env(:aether, :threads) do
      nil ->
        max(4, 2 * System.schedulers_online())

      threads when threads in 1..1024 ->
        threads

      other ->
        raise ArgumentError,
              "config :aether, :threads takes an integer from 1 to 1024, got: #{inspect(other)}"
    end
  end
end
