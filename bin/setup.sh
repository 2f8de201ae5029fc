# Sourced by what is run from a source tree: finds what they need, installs what is missing, builds.
# Nothing that is there already is changed. Everything said goes to stderr.

say() { printf 'aether: %s\n' "$*" >&2; }
die() { say "$@"; exit 1; }

# rustup puts its tools where a shell that is no login shell does not look.
[[ -d ${CARGO_HOME:-$HOME/.cargo}/bin ]] && PATH=$PATH:${CARGO_HOME:-$HOME/.cargo}/bin

# install WHY PACKAGE...: Debian's packages, those that are missing.
install() {
  local why=$1 missing=() root=()
  shift
  command -v dpkg-query >/dev/null && command -v apt-get >/dev/null ||
    die "needs $* ($why), and only knows how to install it on Debian and its kin: please do"
  for package; do
    [[ $(dpkg-query -W -f '${Status}' "$package" 2>/dev/null) == *' installed' ]] || missing+=("$package")
  done
  ((${#missing[@]})) || return 0
  local command="apt-get install -y --no-install-recommends ${missing[*]}"
  if ((EUID != 0)); then
    command -v sudo >/dev/null || die "needs ${missing[*]} ($why); please run as root: $command"
    root=(sudo)
  fi
  say "installing ${missing[*]}: $why"
  export DEBIAN_FRONTEND=noninteractive
  # Fresh machines and containers have no package lists at all, others often stale ones.
  # shellcheck disable=SC2086
  "${root[@]}" $command >&2 || { "${root[@]}" apt-get update >&2 && "${root[@]}" $command >&2; } ||
    die "could not install ${missing[*]}: $why"
}

# The newest Elixir on PATH from 1.14 on; Debian's if there is none. Sets ELIXIR (its ebin directory),
# MIX and ERL.
find_elixir() {
  local candidate ebin version best=''
  ELIXIR='' MIX=''
  while read -r candidate; do
    # Version managers put shims there, that have to be asked; elsewhere the library is beside it.
    ebin=$(dirname "$(readlink -f "$candidate")")/../lib/elixir/ebin
    [[ -f $ebin/elixir.app ]] ||
      ebin=$("$candidate" -e 'IO.write(:code.lib_dir(:elixir))' 2>/dev/null </dev/null)/ebin
    [[ -f $ebin/elixir.app && -x $(dirname "$candidate")/mix ]] || continue
    version=$(sed -n 's/.*{vsn, *"\([0-9.]*\).*/\1/p' "$ebin/elixir.app")
    if [[ $(printf '%s\n' 1.14 "$version" "$best" | sort -V | tail -n 1) == "$version" && $version != "$best" ]]; then
      best=$version ELIXIR=$(readlink -f "$ebin") MIX=$(dirname "$candidate")/mix
    fi
  done < <(type -a -p elixir | awk '!seen[$0]++')
  ERL=$(type -p erl)
  [[ $best && $ERL ]]
}

need_elixir() {
  find_elixir && return
  install 'Aether runs in the Erlang VM and is written in Elixir' elixir
  hash -r
  find_elixir || die 'needs Elixir 1.14 or newer: https://elixir-lang.org/install.html'
}

need_rust() {
  command -v cargo >/dev/null && command -v rustc >/dev/null ||
    die 'needs Rust 1.91 or newer (the one of Debian 12 is too old): https://rustup.rs'
  command -v cc >/dev/null || install 'Rust links with a C compiler' gcc libc6-dev
}

# vite and vitest need Node 22.12; Debian 12 has 18, which is enough to fetch a newer one with.
need_node() {
  local cache
  cache=$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/../.cache/node
  PATH=$cache/node_modules/node/bin:$PATH
  is_new_node && return
  command -v npm >/dev/null || install 'what runs in the browser is built with npm' npm
  say 'fetching Node 22, as the one here is older'
  npm install --silent --no-save --prefix "$cache" node@22 >&2
  hash -r
  is_new_node || die 'needs Node 22.12 or newer: https://nodejs.org'
}

is_new_node() {
  command -v npm >/dev/null && command -v node >/dev/null &&
    [[ $(printf '%s\n' 22.12.0 "$(node -p process.versions.node)" | sort -V | head -n 1) == 22.12.0 ]]
}

# +fnu: Elixir warns in a locale that is not UTF-8. +Bd: Ctrl+C ends it and asks nothing.
mix() { ELIXIR_ERL_OPTIONS="+fnu +Bd ${ELIXIR_ERL_OPTIONS:-}" "$MIX" "$@" </dev/null; }
