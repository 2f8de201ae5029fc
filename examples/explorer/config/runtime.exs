import Config

# Sessions hold nothing that should outlive the server, so its secrets need not be kept either.
random = fn bytes -> Base.url_encode64(:crypto.strong_rand_bytes(bytes), padding: false) end

config :explorer, ExplorerWeb.Endpoint,
  secret_key_base: random.(48),
  live_view: [signing_salt: random.(16)]
