# Sourced by bin/explorer and test.sh, after bin/setup.sh: fetches and builds what the app needs.
# shellcheck shell=bash

explorer=$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")
export MIX_ENV=${MIX_ENV:-prod}

# Phoenix is available only from Hex. Fails if Hex cannot be used; `missing` says why.
fetch_deps() {
  need_elixir
  cd "$explorer"
  missing=''
  if ! mix local.hex --force --if-missing >/dev/null 2>&1; then
    missing="needs Phoenix from Hex, Elixir's package manager, which cannot be reached from here"
  elif [[ -z ${MIX_REBAR3-} ]] && ! mix local.rebar --force --if-missing >/dev/null 2>&1; then
    missing='needs rebar3, which builds a library of Phoenix, and it cannot be fetched from here'
  elif ! mix deps.get >/dev/null 2>&1; then
    missing='needs Phoenix, and Hex could not fetch it from here (mix deps.get says more)'
  fi
  [[ -z $missing ]]
}

# build [NPM OPTION...]
build() {
  need_rust
  need_node
  cd "$explorer"
  [[ node_modules/.package-lock.json -nt package-lock.json ]] ||
    npm ci --ignore-scripts --no-audit --no-fund "$@" >&2
  mix compile >&2
  [[ -f priv/static/page/explorer.js && -z $(find assets ../../assets/src package-lock.json vite.config.ts \
    deps/phoenix deps/phoenix_live_view -newer priv/static/page/explorer.js -print -quit 2>/dev/null) ]] ||
    mix page >&2
}
