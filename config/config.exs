# For work on Aether itself. A library does not own its user's config: none of this reaches them.
import Config

if config_env() == :test do
  # Enough threads to see races on any machine.
  config :aether, threads: 8
end
