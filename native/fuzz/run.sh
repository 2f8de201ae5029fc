#!/usr/bin/env bash
# Builds the fuzz targets with libFuzzer and AddressSanitizer, and runs all of them, or those named, for SECONDS each.
# Stops at the first crash, and says how to run it again.
#     native/fuzz/run.sh SECONDS [TARGET...]
set -euo pipefail
cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")"

# shellcheck source=../../bin/setup.sh
. ../../bin/setup.sh
[[ ${1-} =~ ^[1-9][0-9]*$ ]] || die 'usage: native/fuzz/run.sh SECONDS [TARGET...]'
seconds=$1
shift
targets=("$@")
(($#)) || targets=(slab_decode rules cursor cache)
need_rust
command -v c++ >/dev/null || install 'libFuzzer is C++' g++

# libFuzzer needs an LLVM pass and a sanitizer that only a nightly compiler offers; RUSTC_BOOTSTRAP makes the stable one
# accept them. --target keeps all of this from build scripts.
host=$(rustc -vV | sed -n 's/^host: //p')
flags=(-Zsanitizer=address -Cpasses=sancov-module -Ccodegen-units=1)
for option in level=4 inline-8bit-counters pc-table trace-compares; do
  flags+=("-Cllvm-args=-sanitizer-coverage-$option")
done
work=${CARGO_TARGET_DIR:-$(cd .. && pwd)/target}/fuzz
# Temporary files of the targets are deleted with this directory.
mkdir -p "$work"
TMPDIR=$(mktemp -d "$work/tmp.XXXXXX")
export TMPDIR
trap 'rm -rf "$TMPDIR"' EXIT

printf '==> building the fuzz targets\n'
RUSTC_BOOTSTRAP=1 RUSTFLAGS=${flags[*]} cargo build --release --locked --target "$host" --target-dir "$work"

seeds() {
  printf '%s\n' "seeds/$1"
  case $1 in
    slab_decode) printf '%s\n' ../../test/fixtures/slabs ../../test/fixtures/slabs/damaged ;;
  esac
}

for target in "${targets[@]}"; do
  mkdir -p "$work/corpus/$target" "$work/artifacts/$target"
  mapfile -t given < <(seeds "$target")
  options=(-max_total_time="$seconds" -timeout=60 -max_len=4096 -print_final_stats=1 -verbosity=0)
  # What 4 KB unpack to at most, twice for a vector that grows, and zstd's window: a target that asks for more at once
  # has trusted a length from the file.
  options+=(-malloc_limit_mb=16 -rss_limit_mb=1024)
  [[ -f dictionaries/$target ]] && options+=(-dict="dictionaries/$target")
  printf '\n==> fuzzing %s for %s seconds\n' "$target" "$seconds"
  "$work/$host/release/$target" "${options[@]}" -artifact_prefix="$work/artifacts/$target/" "$work/corpus/$target" "${given[@]}" ||
    die "$target failed: the input is in $work/artifacts/$target, and $work/$host/release/$target FILE runs it again"
done
