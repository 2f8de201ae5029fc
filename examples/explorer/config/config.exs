import Config

# Directories to serve when none are named on the command line: absolute paths, or {path, label}.
config :explorer, roots: []

# Where the index is kept; nil is a file in the user's cache directory.
config :explorer, index: nil

config :explorer, ExplorerWeb.Endpoint,
  adapter: Bandit.PhoenixAdapter,
  url: [host: "localhost"],
  # This machine alone. `--listen` has others in, and says to whom.
  http: [ip: {127, 0, 0, 1}, port: 4747],
  # The names that it goes by, to pages and to who asks for them.
  check_origin: ["//localhost", "//127.0.0.1", "//[::1]"],
  pubsub_server: Explorer.PubSub,
  render_errors: [formats: [html: ExplorerWeb.ErrorHTML], layout: false]

config :phoenix, :json_library, Jason

config :logger, level: :warning
