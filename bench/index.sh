#!/bin/bash
# What an index costs, beside what it is compared with, side by side.
#   bench/index.sh [--rounds N] [--entries N] [--database FILE] [--trees "real wide"] [--only ingest|walk]
# ingest: made-up listings into an index, and the same files by the schema and the statements that this project grew from (a table
#   row for each file with its whole path, an upsert for each segment of each path). Ratios of rows a second, by the clock and by
#   processor time, are medians of the rounds' ratios; bytes are the database's for each entry.
# walk: a scan without an index, the first one into an index, and a rescan, by native/index/examples/walk_into.rs.
# Rounds are interleaved. A database on a tmpfs (--database /dev/shm/x.db) leaves the disk out of it.
set -euo pipefail
export LC_ALL=C

here=$(cd "$(dirname "$0")" && pwd)
dir=${TMPDIR:-/tmp}/aether-bench
rounds=3 entries=1000000 database=${TMPDIR:-/tmp}/aether-bench-index.db trees="real wide" only=
while [ $# -gt 0 ]; do
  case $1 in
    --rounds) rounds=$2; shift ;;
    --entries) entries=$2; shift ;;
    --database) database=$2; shift ;;
    --trees) trees=$2; shift ;;
    --only) only=$2; shift ;;
    *) sed -n '2,9s/^# \{0,1\}//p' "$0" >&2; exit 2 ;;
  esac
  shift
done

cd "$here/../native"
cargo build --quiet --release --locked -p aether_index --example ingest --example walk_into
examples=${CARGO_TARGET_DIR:-target}/release/examples

median() { sort -g | awk '{ a[NR] = $1 } END { print NR % 2 ? a[(NR + 1) / 2] : (a[NR / 2] + a[NR / 2 + 1]) / 2 }'; }
field() { sed -n "s/.* $1=\([0-9.]*\).*/\1/p"; }

if [ "$only" != walk ]; then
  clock=() processor=()
  for _ in $(seq "$rounds"); do
    ours=$("$examples/ingest" ours --entries "$entries" --database "$database")
    theirs=$("$examples/ingest" original --entries "$entries" --database "$database")
    printf '%s\n%s\n' "$ours" "$theirs"
    clock+=("$(awk "BEGIN { print $(field per_second <<<"$ours") / $(field per_second <<<"$theirs") }")")
    processor+=("$(awk "BEGIN { print $(field per_cpu_second <<<"$ours") / $(field per_cpu_second <<<"$theirs") }")")
  done
  echo "ours / original: $(printf '%s\n' "${clock[@]}" | median) by the clock, $(printf '%s\n' "${processor[@]}" | median) by processor time"
  "$examples/ingest" rescan --entries "$entries" --database "$database"
fi
if [ "$only" != ingest ]; then
  "$here/trees.sh" $trees
  for tree in $trees; do
    echo "$tree:"
    "$examples/walk_into" --rounds "$rounds" --rescans 3 --database "$database" "$dir/$tree"
  done
fi
