defmodule Aether.Application do
  @moduledoc false
  # Starts the telemetry process, and reads the configuration. Scans need no process of this
  # application: they run on threads of the native side.

  use Application

  @impl true
  def start(_type, _args) do
    Supervisor.start_link([Aether.Telemetry], strategy: :one_for_one, name: Aether.Supervisor)
  end

  @doc """
  Maximum number of threads in the pool.

  The native side reads this and `max_scans/0` at the first scan, when it creates the pool.
  """
  @spec threads() :: pos_integer
  def threads, do: config(:threads, 32, 1024)

  @doc """
  Maximum number of scans at once.
  """
  @spec max_scans() :: pos_integer
  def max_scans, do: config(:max_scans, 1024, 1_000_000)

  defp config(name, default, max) do
    case Application.get_env(:aether, name) do
      nil ->
        default

      number when number in 1..max ->
        number

      other ->
        raise ArgumentError,
              "config :aether, #{inspect(name)} takes an integer from 1 to #{max}, " <>
                "got: #{inspect(other)}"
    end
  end
end
