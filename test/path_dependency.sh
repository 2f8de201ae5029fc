#!/usr/bin/env bash
# Another Mix project uses Aether by `path:`, on a machine without Hex.
set -euo pipefail
root=$(readlink -f "$(dirname "${BASH_SOURCE[0]}")/..")
project=$(mktemp -d)
trap 'rm -rf "$project"' EXIT

mkdir "$project/lib" "$project/empty_home"
cat >"$project/mix.exs" <<EXS
defmodule User.MixProject do
  use Mix.Project
  def project, do: [app: :user, version: "0.0.1", deps: [{:aether, path: "$root"}]]
  def application, do: []
end
EXS
cat >"$project/lib/user.ex" <<EX
defmodule User do
  def names(path), do: path |> Aether.Scanner.list!() |> Enum.map(& &1.path) |> Enum.sort()
end
EX

# What was compiled before need not be compiled again: crates of others are the same.
if [[ -d $root/_build/test/aether_native ]]; then
  mkdir -p "$project/_build/dev"
  cp -al "$root/_build/test/aether_native" "$project/_build/dev/aether_native"
fi

cd "$project"
export MIX_ENV=dev MIX_HOME=$project/empty_home HEX_HOME=$project/empty_home
unset AETHER_NIF_PATH AETHER_DOCS
mix deps.get </dev/null
mix compile --warnings-as-errors </dev/null
mix run -e 'true = "lib/user.ex" in User.names("."); IO.puts("scanned through a path dependency")' </dev/null

[[ ! -e $root/priv ]] || { echo "a top-level priv/ has appeared" >&2; exit 1; }
