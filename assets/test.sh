#!/usr/bin/env bash
# Sets up what the client's tests need and runs all of them; stops at the first failure.
set -euo pipefail
cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")"

# shellcheck source=../bin/setup.sh
. ../bin/setup.sh

run() {
  printf '\n==> assets: %s\n' "$*"
  "$@"
}

need_node
if [[ -z ${CHROMIUM-} ]]; then
  command -v chromium >/dev/null || install 'components are tested in a real browser' chromium
  CHROMIUM=$(command -v chromium)
fi
export CHROMIUM

# Only if the lock file is newer than the installation.
[[ node_modules/.package-lock.json -nt package-lock.json ]] ||
  run npm ci --ignore-scripts --no-audit --no-fund
run npm run --silent check
run npm run --silent build
# The package works under its own name.
run node --input-type=module -e 'import { decodeSlab, TreeStore } from "aether-client"; new TreeStore(); decodeSlab'
run npm test --silent
run npm run --silent test:browser

# Browser, socket, channel and scanner together: test/support/socket is the server.
need_rust
need_elixir
export MIX MIX_ENV=test
install 'the server of the tests over a real socket speaks WebSocket' erlang-cowlib
compile() { (cd .. && mix compile); }
run compile
run npm run --silent test:socket
