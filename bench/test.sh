#!/usr/bin/env bash
# Tests the benchmarks' own machinery, and runs the guards against the base revision. --no-check   skip the guards and
# the comparison with the base, as bin/test does --check      only those, as CI does
set -euo pipefail
cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")"

# shellcheck source=../bin/setup.sh
. ../bin/setup.sh
command -v python3 >/dev/null || install 'the runner of the benchmarks is written in it' python3
if [[ -z ${CHROMIUM-} ]]; then
  command -v chromium >/dev/null || install 'the dashboard is tested in a real browser' chromium
  CHROMIUM=$(command -v chromium)
fi
export CHROMIUM
need_rust

run() {
  printf '\n==> bench: %s\n' "$*"
  "$@"
}

if [[ ${1-} != --check ]]; then
  PYTHONPATH=$PWD PYTHONDONTWRITEBYTECODE=1 run python3 -m unittest discover --start-directory test
  for crate in floor peers; do
    run cargo fmt --check --manifest-path "$crate/Cargo.toml"
  done
  run cargo clippy --quiet --locked --manifest-path floor/Cargo.toml --target-dir "${AETHER_BENCH_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/aether-bench}/target/floor" -- -D warnings
fi

[[ ${1-} == --no-check ]] && exit
git rev-parse --git-dir >/dev/null 2>&1 || { echo 'bench: no git history here, so there is no base to compare with'; exit; }
# The guards block, and so does the quick comparison of times; neither runs if nothing measured has changed.
run ../bin/bench --check --quick
