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
  The most threads that the pool grows to.

  The native side heeds this and `max_scans/0` at the first scan, when it makes the pool.
  """
  @spec threads() :: pos_integer
  def threads, do: config(:threads, 32, 1024)

  @doc """
  The most scans that there may be at once.
  """
  @spec max_scans() :: pos_integer
  def max_scans, do: config(:max_scans, 1024, 1_000_000)

  defp config(name, default, most) do
    case Application.get_env(:aether, name) do
      nil ->
        default

      number when number in 1..most ->
        number

      other ->
        raise ArgumentError,
              "config :aether, #{inspect(name)} takes an integer from 1 to #{most}, " <>
                "got: #{inspect(other)}"
    end
  end
end
