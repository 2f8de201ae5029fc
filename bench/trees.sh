#!/bin/bash
# Makes the trees that the benches walk. Idempotent: a finished tree is left as it is.
#   bench/trees.sh [--dir DIR] [--small] [flat|wide|real|flat1m|flat100k|empty ...]   (default: flat wide real empty)
# --small makes `wide`, `flat`, `flat1m` and `flat100k` a tenth as large, for a first look.
set -euo pipefail
export LC_ALL=C

dir=${TMPDIR:-/tmp}/aether-bench
tenth=0
trees=()
while [ $# -gt 0 ]; do
  case $1 in
    --dir) dir=${2:?--dir needs a directory}; shift ;;
    --small) tenth=1 ;;
    flat|wide|real|flat1m|flat100k|empty) trees+=("$1") ;;
    -h|--help) sed -n '2,4s/^# *//p' "$0"; exit 0 ;;
    *) echo "trees.sh: what is '$1'? It takes: --dir DIR, --small, flat, wide, real, flat1m, flat100k, empty" >&2; exit 2 ;;
  esac
  shift
done
[ ${#trees[@]} -gt 0 ] || trees=(flat wide real empty)
mkdir -p "$dir"

# flat ROOT COUNT: one directory of COUNT empty files.
flat() {
  mkdir -p "$1"
  (cd "$1" && seq -f 'file-%07.0f.dat' "$2" | xargs -n 4000 touch)
}

# wide ROOT TOPS: TOPS directories of ten, each of these with a hundred, each of those with a hundred files.
wide() {
  mkdir -p "$1"
  (
    cd "$1"
    for top in $(seq -w 0 $(($2 - 1))); do
      seq -f "d$top/%01.0f" 0 9 | xargs mkdir -p
      for middle in $(seq 0 9); do seq -f "d$top/$middle/leaf-%03.0f" 0 99; done | xargs mkdir
      for middle in $(seq 0 9); do
        for leaf in $(seq -w 000 099); do
          printf "d$top/$middle/leaf-$leaf/%s\n" "${names[@]}"
        done
      done | xargs -n 4000 touch
    done
  )
}

# real ROOT: the names, sizes (sparse), modes and links of /usr, as often as it takes to have 150,000 entries.
# Always a copy: /usr itself changes under a bench when a package is installed.
real() {
  local per copies
  per=$(find /usr -xdev 2>/dev/null | wc -l)
  copies=$(((150000 + per - 1) / per))
  mkdir -p "$1"
  for copy in $(seq "$copies"); do
    mkdir -p "$1/usr$copy"
    cp -a -x --attributes-only /usr/. "$1/usr$copy/"
    (
      cd /usr
      find . -xdev -type f -printf '%s\t%T@\t%P\0'
    ) | (
      cd "$1/usr$copy"
      perl -0ne 'chomp; my ($size, $mtime, $path) = split /\t/, $_, 3; truncate $path, $size; utime $mtime, $mtime, $path'
    )
  done
}

names=()
for n in $(seq -w 00 99); do names+=("entry-$n.txt"); done

for tree in "${trees[@]}"; do
  suffix=
  case $tree in flat|wide|flat1m|flat100k) [ $tenth = 0 ] || suffix=-small ;; esac
  root=$dir/$tree$suffix
  if [ -f "$root.done" ]; then
    echo "$root: $(cat "$root.done") entries, as it was"
    continue
  fi
  rm -rf "$root"
  case $tree in
    flat) flat "$root" $((tenth ? 30000 : 300000)) ;;
    flat100k) flat "$root" $((tenth ? 10000 : 100000)) ;;
    flat1m) flat "$root" $((tenth ? 100000 : 1000000)) ;;
    wide) wide "$root" $((tenth ? 1 : 10)) ;;
    real) real "$root" ;;
    empty) mkdir "$root" ;;
  esac
  find "$root" -mindepth 1 -printf x | wc -c > "$root.done"
  echo "$root: $(cat "$root.done") entries"
done
