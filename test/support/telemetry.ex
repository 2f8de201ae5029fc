defmodule :telemetry do
  @moduledoc false
  # In the place of the package of this name: passes events to the processes that asked for them.

  @scope :aether_test_telemetry

  def execute(event, measurements, metadata) do
    for pid <- subscribers() do
      send(pid, {:telemetry, event, measurements, metadata, self()})
    end

    :ok
  end

  def subscribe do
    # Not linked to the test that happens to be the first.
    :pg.start(@scope)
    :pg.join(@scope, :subscribers, self())
  end

  defp subscribers do
    :pg.get_local_members(@scope, :subscribers)
  rescue
    # Nobody has subscribed yet.
    ArgumentError -> []
  end
end
