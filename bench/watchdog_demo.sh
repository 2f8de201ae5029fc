#!/usr/bin/env bash
# Shows that the watchdog fails where it should, and passes where it should.
#   bench/watchdog_demo.sh [--quiet-runs N] [--extra N] [--loops N] [--quick]
# In a copy of HEAD, each compared with HEAD by `bin/bench --check`:
#   an extra system call for every Nth entry (--extra, default 3), and N rounds of a loop for every entry (--loops, default 1200):
#   both cost about 15 % of the time, and both must fail; then 20 runs (--quiet-runs) of a change without effect, which must pass.
# Takes 50 minutes without --quick, on a machine with nothing else to do. Exits with status 1 if anything else happens.
set -euo pipefail
cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/.."

runs=20 extra=3 loops=1200 quick=()
while [ $# -gt 0 ]; do
  case $1 in
    --quiet-runs) runs=$2; shift ;;
    --extra) extra=$2; shift ;;
    --loops) loops=$2; shift ;;
    --quick) quick=(--quick) ;;
    *) sed -n '2,8s/^# \{0,1\}//p' "$0" >&2; exit 2 ;;
  esac
  shift
done

cache=${AETHER_BENCH_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/aether-bench}
copy=$cache/demo
base=$(git rev-parse HEAD)
rm -rf "$copy"
git clone --quiet --local . "$copy"
git -C "$copy" checkout --quiet --detach "$base"
place=native/core/src/sys/linux.rs
stat='    retry_on_intr(|| statx(dir, name, flags, mask)).map(read_statx)'

# slow TEXT: inserts it before the one call that looks at an entry.
slow() {
  git -C "$copy" checkout --quiet -- .
  [[ $(grep -cF "$stat" "$copy/$place") == 1 ]] || { echo "watchdog_demo.sh: $place has changed: adapt the line to slow down" >&2; exit 1; }
  TEXT=$1 STAT=$stat perl -0pi -e 's/\Q$ENV{STAT}\E/$ENV{TEXT}\n$ENV{STAT}/' "$copy/$place"
}

failed=0
# expect STATUS TITLE: runs --check, which must end with STATUS.
expect() {
  local status=0
  printf '\n==> %s\n' "$2"
  "$copy/bin/bench" --check "$base" "${quick[@]}" || status=$?
  if [[ $status == "$1" ]]; then
    echo "As expected: status $status"
  else
    echo "NOT as expected: status $status instead of $1"
    failed=1
  fi
}

slow "    {
        static COUNT: std::sync::atomic::AtomicU32 = std::sync::atomic::AtomicU32::new(0);
        if COUNT.fetch_add(1, std::sync::atomic::Ordering::Relaxed) % $extra == 0 {
            let _ = std::hint::black_box(statx(dir, name, flags, mask));
        }
    }"
expect 1 "an extra system call for every ${extra}th entry"
slow "    for round in 0..$loops {
        std::hint::black_box(round);
    }"
expect 1 "$loops rounds of a loop for every entry"
slow '    // A change without effect.'
for ((run = 1; run <= runs; run++)); do
  expect 0 "no change, run $run of $runs"
done
exit $failed
