#!/usr/bin/env bash
# Runs the explorer's tests, in Chromium against the running app. Skipped if Hex cannot be reached.
set -euo pipefail
cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")"

# shellcheck source=../../bin/setup.sh
. ../../bin/setup.sh
# Unlike the library's own tests.
MIX_ENV=prod
# shellcheck source=setup.sh
. ./setup.sh

run() {
  printf '\n==> explorer: %s\n' "$*"
  "$@"
}

if ! fetch_deps; then
  printf '\n==> explorer: skipped: it %s\n' "$missing"
  exit 0
fi
build
if [[ -z ${CHROMIUM-} ]]; then
  command -v chromium >/dev/null || install 'pages are tested in a real browser' chromium
  CHROMIUM=$(command -v chromium)
fi
export CHROMIUM MIX

run mix format --check-formatted
run mix compile --force --warnings-as-errors
run mix test --no-start
run npm run --silent check
run npm test --silent
