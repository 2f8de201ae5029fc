#!/bin/bash
# Times the core against the floor program and other people's walkers, side by side on the same trees.
#   bench/peers.sh [--rounds N] [--trees "real wide flat"] [--modes "metadata names"] [--threads "1 2"]
#                  [--only REGEX] [--dir DIR] [--no-install] [--raw FILE]
# Rounds are interleaved: each runs every contestant once, in an order that turns. One round before them warms the
# cache and checks that every contestant finds the same number of entries. Ratios are medians of the rounds' ratios.
# What a peer needs (published packages of Debian, crates.io and PyPI) is installed into a cache, unless --no-install;
# a peer that cannot be had is named and left out.
set -uo pipefail
export LC_ALL=C

here=$(cd "$(dirname "$0")" && pwd)
cache=${AETHER_BENCH_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/aether-bench}
dir=${TMPDIR:-/tmp}/aether-bench
rounds=7 trees="real wide flat" modes="metadata names" threads="1 2" only=. install=1 raw=
while [ $# -gt 0 ]; do
  case $1 in
    --rounds) rounds=$2; shift ;;
    --trees) trees=$2; shift ;;
    --modes) modes=$2; shift ;;
    --threads) threads=$2; shift ;;
    --only) only=$2; shift ;;
    --dir) dir=$2; shift ;;
    --raw) raw=$2; shift ;;
    --no-install) install=0 ;;
    -h|--help) sed -n '2,9s/^# \{0,1\}//p' "$0"; exit 0 ;;
    *) echo "peers.sh: what is '$1'? See --help" >&2; exit 2 ;;
  esac
  shift
done
mkdir -p "$cache"
log=$cache/peers.log
: > "$log"
export TIMEFORMAT=%R

without() { echo "Left out: $1: $2 (see $log)" >&2; }

# --- What takes part. Each is a function that runs one contestant on $1 with $2 threads in mode $3. ---

target=${CARGO_TARGET_DIR:-$here/../native/target}
build_core() {
  for example in floor walk; do
    (cd "$here/../native" && cargo build --release --locked -p aether_core --example $example) >> "$log" 2>&1 \
      && available+=" $example" || without $example "it does not build"
  done
}

build_crates() {
  local with=() python=${PYTHON:-python3}
  if [ $install = 1 ] && [ ! -x "$cache/zig/ziglang/zig" ]; then
    echo "Installing Zig from PyPI into $cache/zig, to build zlob" >&2
    "$python" -m pip --version >> "$log" 2>&1 || apt-get install -y python3-pip >> "$log" 2>&1
    "$python" -m pip install -q --target "$cache/zig" 'ziglang==0.16.*' >> "$log" 2>&1
  fi
  if [ $install = 1 ] && ! ls /usr/lib/llvm-*/lib/libclang*.so.1 > /dev/null 2>&1; then
    echo "Installing Debian's libclang, to build zlob" >&2
    apt-get install -y --no-install-recommends libclang1 >> "$log" 2>&1
  fi
  export ZIG=$cache/zig/ziglang/zig
  local build=(cargo build --release --locked --manifest-path "$here/peers/Cargo.toml" --target-dir "$cache/peers")
  if "${build[@]}" --features zlob >> "$log" 2>&1; then
    available+=" zlob ignore jwalk walkdir"
  elif "${build[@]}" >> "$log" 2>&1; then
    without zlob "it needs Zig 0.16 and libclang"
    available+=" ignore jwalk walkdir"
  else
    without "zlob, ignore, jwalk, walkdir" "bench/peers does not build"
  fi
}

find_programs() {
  available+=" find"
  fd=$(command -v "$cache/fd/bin/fd" || command -v fd || command -v fdfind)
  if [ -z "$fd" ] && [ $install = 1 ]; then
    echo "Installing fd from crates.io into $cache/fd" >&2
    cargo install -q --locked --root "$cache/fd" fd-find >> "$log" 2>&1 && fd=$cache/fd/bin/fd
  fi
  [ -n "$fd" ] && available+=" fd" || without fd "it is not installed"
  if ! command -v bfs > /dev/null && [ $install = 1 ]; then
    echo "Installing bfs from Debian" >&2
    apt-get install -y --no-install-recommends bfs >> "$log" 2>&1
  fi
  command -v bfs > /dev/null && available+=" bfs" || without bfs "it is not installed"
}

names_only() { [ "$1" = names ] && echo --names; }
run_floor() { "$target/release/examples/floor" --threads "$2" $(names_only "$3") "$1"; }
run_walk() { "$target/release/examples/walk" --threads "$2" $(names_only "$3") "$1"; }
run_zlob() { "$cache/peers/release/peers" zlob --threads "$2" $(names_only "$3") "$1"; }
run_ignore() { "$cache/peers/release/peers" ignore --threads "$2" $(names_only "$3") "$1"; }
run_jwalk() { "$cache/peers/release/peers" jwalk --threads "$2" $(names_only "$3") "$1"; }
run_walkdir() { "$cache/peers/release/peers" walkdir $(names_only "$3") "$1"; }

format() { [ "$1" = names ] && echo '%P\0' || echo '%y %s %T@ %P\0'; }
run_find() { find "$1" -mindepth 1 -printf "$(format "$3")"; }
run_bfs() {
  local jobs=
  [ "$bfs_threads" = 1 ] && jobs=-j$2
  bfs $jobs "$1" -mindepth 1 -printf "$(format "$3")"
}
# fd has no way to print size and time; a filter on size makes it ask for them, of files alone.
run_fd() {
  local filter=
  [ "$3" = metadata ] && filter='--type f --size +0b'
  "$fd" -HI --no-ignore -0 -j "$2" $filter . "$1"
}

# Those that time themselves print a line of name=value; the others print entries, NUL-terminated, into a drained pipe.
times_itself() { case $1 in floor|walk|zlob|ignore|jwalk|walkdir) true ;; *) false ;; esac; }
threaded() { case $1 in walkdir|find) false ;; bfs) [ "$bfs_threads" = 1 ] ;; *) true ;; esac; }
field() { local rest=${2##*"$1"=}; echo "${rest%% *}"; }

# once NAME TREE THREADS MODE → "walk_us" (of the wall clock for those that do not time themselves)
once() {
  if times_itself "$1"; then
    local line
    line=$("run_$1" "$dir/$2" "$3" "$4") || return
    echo $(($(field walk_ns "$line") / 1000))
  else
    local from=${EPOCHREALTIME/./}
    "run_$1" "$dir/$2" "$3" "$4" | cat > /dev/null
    echo $((${EPOCHREALTIME/./} - from))
  fi
}

# entries NAME TREE THREADS MODE → how many it found
entries() {
  if times_itself "$1"; then
    field entries "$("run_$1" "$dir/$2" "$3" "$4")"
  else
    "run_$1" "$dir/$2" "$3" "$4" | tr -cd '\0' | wc -c
  fi
}

available=
build_core
build_crates
find_programs
bfs_threads=0
bfs -j2 "$here" -maxdepth 0 > /dev/null 2>&1 && bfs_threads=1
# shellcheck disable=SC2086
"$here/trees.sh" --dir "$dir" $trees empty >&2 || exit

raw=${raw:-$(mktemp)}
: > "$raw"
for tree in $trees; do
  for mode in $modes; do
    contestants=()
    for name in $available; do
      [[ $name =~ $only || $name = floor ]] || continue
      first=1
      for n in $threads; do
        threaded "$name" || [ $first = 1 ] || continue
        first=0
        threaded "$name" || n=1
        expected=$(cat "$dir/$tree.done")
        [ "$name $mode" != "fd metadata" ] || expected=$(find "$dir/$tree" -type f -printf x | wc -c)
        got=$(entries "$name" "$tree" "$n" "$mode")
        if [ "$got" != "$expected" ]; then
          without "$name, $n threads, $tree, $mode" "it found $got entries of $expected"
          continue
        fi
        contestants+=("$name $n")
      done
    done
    count=${#contestants[@]}
    for ((round = 0; round < rounds; round++)); do
      for ((i = 0; i < count; i++)); do
        read -r name n <<< "${contestants[$(((i + round) % count))]}"
        start=0
        times_itself "$name" || start=$(once "$name" empty "$n" "$mode")
        took=$(once "$name" "$tree" "$n" "$mode") && echo "$tree $mode $name $n $round $took $start" >> "$raw"
      done
    done
    echo
    echo "### $tree ($(cat "$dir/$tree.done") entries), $mode, $rounds rounds, ms"
    echo
    awk -v tree="$tree" -v mode="$mode" '
      function median(text, list, n, i, j, t) {
        n = split(text, list, " ")
        for (i = 2; i <= n; i++) { t = list[i] + 0; for (j = i - 1; j > 0 && list[j] + 0 > t; j--) list[j + 1] = list[j]; list[j + 1] = t }
        return n ? (list[int((n + 1) / 2)] + list[int(n / 2) + 1]) / 2 : 0
      }
      function smallest(text, list, n, i, least) {
        n = split(text, list, " "); least = list[1] + 0
        for (i = 2; i <= n; i++) if (list[i] + 0 < least) least = list[i] + 0
        return least
      }
      $1 == tree && $2 == mode {
        key = $3 " " $4; if (!(key in seen)) { seen[key] = 1; order[++keys] = key }
        walk[key, $5] = $6 - $7; took[key] = took[key] " " ($6 - $7); start[key] = start[key] " " $7
        if ($5 > last) last = $5
      }
      function ratio(key, other, threads, text, r) {
        other = other " " threads
        for (r = 0; r <= last; r++)
          if ((key, r) in walk && (other, r) in walk && walk[other, r] > 0) text = text " " walk[key, r] / walk[other, r]
        return text == "" ? "" : sprintf("%.2f", median(text))
      }
      END {
        print "| | threads | median | least | start apart | × floor | × zlob |\n|---|---|---|---|---|---|---|"
        for (k = 1; k <= keys; k++) {
          split(order[k], part, " ")
          begin = median(start[order[k]])
          printf "| %s | %s | %.1f | %.1f | %s | %s | %s |\n", part[1], part[2], median(took[order[k]]) / 1000,
            smallest(took[order[k]]) / 1000, begin ? sprintf("%.1f", begin / 1000) : "", ratio(order[k], "floor", part[2]), ratio(order[k], "zlob", part[2])
        }
      }' "$raw"
  done
done
