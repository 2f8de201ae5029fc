import Config

# Sessions contain nothing that must outlive the server, so its secrets are not kept either.
random = fn bytes -> Base.url_encode64(:crypto.strong_rand_bytes(bytes), padding: false) end

config :explorer, ExplorerWeb.Endpoint,
  secret_key_base: random.(48),
  live_view: [signing_salt: random.(16)]
