#!/usr/bin/env bash
# Sessions with the explorer in a terminal that tmux keeps: keys, scans, signals, other processes. `bin/test` runs it.
#
#     sessions.sh AETHER
set -euo pipefail

aether=$(realpath "$1")
# In memory where that can be: it makes some 300,000 files.
work=$([ -w /dev/shm ] && mktemp -d -p /dev/shm || mktemp -d)
server=aether-$$
sessions=0
export XDG_STATE_HOME=$work/state LC_ALL=C.UTF-8 HOME=$work
tmux_() { tmux -L "$server" -f /dev/null "$@"; }
trap 'tmux_ kill-server 2>/dev/null || true; chmod -R u+rwX "$work" 2>/dev/null; rm -rf "$work" 2>/dev/null || true' EXIT

fail() { echo "FAILED: $*"; tmux_ capture-pane -p 2>/dev/null || true; exit 1; }
screen() { tmux_ capture-pane -p; }
# Until the screen has a text: half a minute at the most.
await() {
  for _ in $(seq 300); do
    screen 2>/dev/null | grep -qF -- "$1" && return
    sleep 0.1
  done
  fail "no '$1' on the screen"
}
await_gone() {
  for _ in $(seq 300); do
    screen 2>/dev/null | grep -qF -- "$1" || return 0
    sleep 0.1
  done
  fail "'$1' is still on the screen"
}
keys() { tmux_ send-keys "$@"; }
# A shell in a terminal of a size, with the program in it.
start() {
  tmux_ kill-server 2>/dev/null || true
  sessions=$((sessions + 1)); server=aether-$$-$sessions
  tmux_ new-session -d -x "${COLUMNS_:-100}" -y "${LINES_:-24}" "cd $work; exec bash --norc --noprofile"
  tmux_ send-keys "PS1='prompt> '; clear" Enter
  await "prompt>"
  keys "$aether explore $*; echo status=\$?" Enter
}

mkdir -p "$work/tree/alpha/deep" "$work/tree/beta"
head -c 500000 /dev/zero > "$work/tree/alpha/deep/large.bin"
head -c 1000 /dev/zero > "$work/tree/beta/small.txt"

# It scans what it does not know, shows it, goes down and back, finds, and ends with status 0.
start tree
await "alpha/"; await "ON DISK"; keys a; await "488.3 KiB"; keys a; await "ON DISK"
keys l; await "› alpha"; await "deep/"
keys h; await_gone "› alpha"
keys C-p; await "Find ·"; keys "large"; await "alpha/deep/large.bin"
keys Enter; await "› alpha › deep"
keys q; await "status=0"; screen | grep -qF "alpha/" && fail "the screen was not given back"

# The folder that one ends in, for a shell.
start tree --no-scan
await "alpha/"; keys q; await "status=0"
keys "clear; cd \"\$($aether explore tree --no-scan)\" && pwd" Enter
await "alpha/"; keys l; await "› alpha"; keys Q; await "$work/tree/alpha"; await_gone "? help"

# Another size while it runs.
start tree
await "alpha/"
tmux_ resize-window -x 40 -y 10; await_gone "AGE"; await "alpha/"
tmux_ resize-window -x 15 -y 4; await "too small"
tmux_ resize-window -x 120 -y 30; await "AGE"
keys q; await "status=0"

# Names that would command the terminal.
mkdir "$work/hostile"; touch "$work/hostile/"$'\e[2Jgone' "$work/hostile/"$'\e]0;title\a' "$work/hostile/"$'two\nlines'
start hostile
await '\e[2Jgone'; await 'two\nlines'; await "3 entries"
keys q; await "status=0"

# Suspended and resumed by the shell's own job control.
start tree
await "alpha/"; keys C-z; await "Stopped"; await "prompt>"
keys fg Enter; await "alpha/"; await "? help"
keys q; await "prompt>"

# The editor gets the terminal, the path as one argument, all that is typed from then on and its signals; then it is given back.
mkdir "$work/edit"; touch "$work/edit/a b;\$(touch pwned)"
cat > "$work/editor" <<'EOF'
#!/bin/sh
trap 'echo interrupted' INT
printf '%s|' $# "$@"; echo; stty -a | grep -q ' icanon' && echo cooked
until read -r line; do :; done; echo "read $line"; until read -r line; do :; done; exit 3
EOF
chmod +x "$work/editor"
export VISUAL="$work/editor -w"
start edit
await "a b;"; await_gone "Scan of"; keys E; await "2|-w|$work/edit/a b;\$(touch pwned)|"; await cooked; keys jjq Enter; await "read jjq"
keys C-z; await "Stopped"; await "prompt>"; keys fg Enter; keys x Enter; await "ended with status 3"; await "? help"
keys E; await cooked; keys C-c; await interrupted; keys x Enter; await "read x"; keys x Enter
await "? help"; screen | grep -qF "ended" && fail "who interrupts an editor is told of it"
keys q; await_gone "? help"
[ ! -e "$work/pwned" ] || fail "a name was run"

# ^C without a scan quits as SIGINT does; SIGTERM gives the terminal back.
start tree
await "alpha/"; await "? help"
pid=$(pgrep -f "^$aether explore tree" | head -1); kill -TERM "$pid"; await "status=143"
start tree
await "alpha/"; await_gone "Scan of"; keys C-c; await_gone "? help"; keys 'echo status=$?' Enter; await "status=130"

# Marked, asked about, into the trash; deleted; totals fall.
export XDG_DATA_HOME=$work/data
mkdir -p "$work/remove/folder/inner"; head -c 300000 /dev/zero > "$work/remove/large"; touch "$work/remove/folder/"$'\e[2Jgone'
start remove --allow-delete
await "large"; await_gone "Scan of"; keys Space; await "1 marked"; keys d; await "Move to the trash?"; await "[ no ]"
await_gone "counting"; keys Right Enter; await "moved to the trash"; await_gone "large"
[ -e "$work/data/Trash/files/large" ] && [ ! -e "$work/remove/large" ] || fail "it is not in the trash"
keys D; await "Delete for good?"; await_gone "counting"
# What comes deep within after the question is not answered for: it is asked again.
touch "$work/remove/folder/inner/new"; keys Right Enter; await "It has changed since the question"; await "2 files, "; await "[ no ]"
[ -e "$work/remove/folder/inner/new" ] || fail "it was deleted without being asked about"
keys Right Enter; await "4 entries deleted"; await "empty"
[ ! -e "$work/remove/folder" ] || fail "it is not deleted"
keys q; await "status=0"

# A terminal that cannot place text.
start tree --no-scan
await "alpha/"; keys q; await "status=0"
keys "clear; TERM=dumb $aether explore tree; echo status=\$?" Enter
await "cannot place text"; await "status=2"

# A folder of very many: the first, the last, by size.
mkdir "$work/many"; (cd "$work/many" && seq -f n%06.0f "${MANY:-300000}" | xargs touch && head -c 5000 /dev/zero > n000777)
"$aether" scan --keep -q "$work/many"
start many --no-scan
await "n000777"; keys n; await "n000001"; keys G; await "$(printf 'n%06d' "${MANY:-300000}")"
keys g; await "n000001"; keys s; await "n000777"; keys q; await "status=0"

# Esc stops a scan of ours, and what was found is kept; r goes on.
start many --threads 1
await "n000777"; keys R; keys Escape; await "? help"; keys q; await "status=0"

# Attached to what another process writes: held up so that it cannot end before it was seen, then let go.
attach() {
  rm -f "$work"/other.db*
  "$aether" scan --index "$work/other.db" --threads 1 -q "$work/many" & writer=$!
  until [ -s "$work/other.db-scan" ]; do kill -0 $writer || fail "the writer has ended"; done
  kill -STOP $writer
  start many --index other.db --allow-delete
  await "by another process"
}
attach
keys r; await "cannot scan"; keys D; await "cannot remove"; keys g
kill -CONT $writer; wait $writer || true
await_gone "[Scanning"; await "${FILES:-300,000} files"; await "n000777"
# With the lock of the other it may be written, when a key wants that.
await "[Read only]"; keys r; await_gone "[Read only]"; await "scanned: "
keys q; await "status=0"
attach
kill -KILL $writer; wait $writer 2>/dev/null || true
await "[Crashed]"
keys r; await_gone "[Crashed]"; await "scanned: "
keys q; await "status=0"
echo "sessions: all passed"
