#!/bin/bash
# Makes the trees that the benches walk. Idempotent: a finished tree is left as it is.
#   bench/trees.sh [--dir DIR] [--small] [flat|wide|real|deep|mixed|cold|large|flat1m|flat500k|wide500k|empty ...]   (default: flat wide real deep empty)
# --small makes flat, wide, deep, mixed and flat1m a tenth as large, under a name that ends in -small.
set -euo pipefail
export LC_ALL=C

cache=${AETHER_BENCH_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/aether-bench}
dir=${AETHER_BENCH_TREES:-$cache/trees}
tenth=0
trees=()
while [ $# -gt 0 ]; do
  case $1 in
    --dir) dir=${2:?--dir needs a directory}; shift ;;
    --small) tenth=1 ;;
    flat|wide|real|deep|mixed|cold|large|flat1m|flat500k|wide500k|empty) trees+=("$1") ;;
    -h|--help) sed -n '2,4s/^# *//p' "$0"; exit 0 ;;
    *) echo "trees.sh: what is '$1'? It takes: --dir DIR, --small, flat, wide, real, deep, mixed, cold, large, flat1m, flat500k, wide500k, empty" >&2; exit 2 ;;
  esac
  shift
done
[ ${#trees[@]} -gt 0 ] || trees=(flat wide real deep empty)
mkdir -p "$dir"

# flat ROOT COUNT: one directory of COUNT empty files.
flat() {
  mkdir -p "$1"
  (cd "$1" && seq -f 'file-%07.0f.dat' "$2" | xargs -n 4000 touch)
}

# large ROOT: eight directories of 4,000 files and 1,000 empty directories each.
large() {
  for top in $(seq 8); do
    flat "$1/d$top" 4000
    (cd "$1/d$top" && seq -f 'directory-%04.0f' 1000 | xargs mkdir)
  done
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

# deep ROOT CHAINS: chains of 300 directories, each with a file. No path is longer than a path may be: most walkers use paths.
deep() {
  perl -e '
    my ($root, $chains) = @ARGV;
    mkdir $root;
    for my $chain (1 .. $chains) {
      my $path = "$root/c$chain";
      for my $level (1 .. 300) {
        mkdir $path or die "$path: $!";
        open my $file, ">", "$path/file" or die "$path/file: $!";
        $path .= "/d";
      }
    }' "$1" "$2"
}

# mixed ROOT FOLDERS: the same on every machine, for comparisons between machines and for guards. Folders of 0 to 60 files with
# names of all lengths, nested a few levels, one large one among them, and some links; a linear congruence instead of chance.
mixed() {
  perl -e '
    my ($root, $count) = @ARGV;
    my $state = 42;
    sub any { $state = ($state * 1103515245 + 12345) % 2147483648; return int($state / 65536) % $_[0] }
    mkdir $root;
    my @folders = ($root);
    for my $number (1 .. $count) {
      my $parent = $folders[any(scalar @folders)];
      $parent = $folders[0] if length($parent) > length($root) + 120;
      my $path = sprintf "%s/folder-%05d", $parent, $number;
      mkdir $path or die "$path: $!";
      push @folders, $path;
      my $files = $number == 7 ? 2 * $count : any(60) * any(2);
      for my $file (1 .. $files) {
        my $name = sprintf "%s/%s-%05d.%s", $path, "name" x (1 + any(8)), $file, ("txt", "c", "jpeg")[any(3)];
        if (any(50) == 0) { symlink "elsewhere", $name or die "$name: $!"; next }
        open my $handle, ">", $name or die "$name: $!";
        truncate $handle, any(100000);
      }
    }' "$1" "$2"
}

names=()
for n in $(seq -w 00 99); do names+=("entry-$n.txt"); done

for tree in "${trees[@]}"; do
  suffix=
  case $tree in flat|wide|deep|mixed|flat1m) [ $tenth = 0 ] || suffix=-small ;; esac
  root=$dir/$tree$suffix
  if [ -f "$root.done" ]; then
    echo "$root: $(cat "$root.done") entries, as it was"
    continue
  fi
  rm -rf "$root"
  case $tree in
    flat) flat "$root" $((tenth ? 30000 : 300000)) ;;
    deep) deep "$root" $((tenth ? 10 : 100)) ;;
    mixed) mixed "$root" $((tenth ? 300 : 3000)) ;;
    large) large "$root" ;;
    cold) mixed "$root" 4485 ;;
    flat1m) flat "$root" $((tenth ? 100000 : 1000000)) ;;
    flat500k) flat "$root" 500000 ;;
    wide) wide "$root" $((tenth ? 1 : 10)) ;;
    wide500k) wide "$root" 5 ;;
    real) real "$root" ;;
    empty) mkdir "$root" ;;
  esac
  find "$root" -mindepth 1 -printf x | wc -c > "$root.done"
  echo "$root: $(cat "$root.done") entries"
done
