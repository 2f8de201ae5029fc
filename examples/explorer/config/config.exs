import Config

# Directories to serve if the command line names none: absolute paths, or {path, label}.
config :explorer, roots: []

# The file of the index; nil is a file in the user's cache directory.
config :explorer, index: nil

config :explorer, ExplorerWeb.Endpoint,
  adapter: Bandit.PhoenixAdapter,
  url: [host: "localhost"],
  # Only this machine. `--listen` lets others in.
  http: [ip: {127, 0, 0, 1}, port: 4747],
  # The names of this server, in origins and in requests (ExplorerWeb.Host).
  check_origin: ["//localhost", "//127.0.0.1", "//[::1]"],
  pubsub_server: Explorer.PubSub,
  render_errors: [formats: [html: ExplorerWeb.ErrorHTML], layout: false]

config :phoenix, :json_library, Jason

config :logger, level: :warning
