"""What no noise touches: system calls, allocations and instructions for each entry of a walk with one thread.

Counted by strace, valgrind and gauge/steps.c from outside, so that both revisions are counted alike and neither needs code for it. What
a walk of an empty directory takes is taken off. Instructions are those of the user part alone, about a twentieth of a walk's time; the
kernel's part is in the system calls. They are stepped through on the machine itself: valgrind has no openat2 (3.19, of Debian 12), and
under callgrind a walk goes another way than it does for users. Allocations are the same on both ways.
"""

import os
import re
import subprocess
import tempfile

from . import builds, trees
from .report import table
from .say import Failed, say

LIMIT = 1.10
# The least of so many: threads that meet or miss each other, and slabs that are sent because they are old, add a few. Of a walk that is
# stepped through nothing is left to chance but the clock, and that is less than one in a thousand.
TIMES = {"system calls": 3, "allocations": 3, "instructions": 1}
TREE = "mixed-small"

# How often these are made depends on how threads meet and begin, on the allocator and on the clock, not on entries.
NOT_COUNTED = {
    *("clone", "clone3", "rseq", "set_robust_list", "gettid", "prctl", "sched_getaffinity", "exit", "poll", "ppoll"),
    *("futex", "sched_yield", "nanosleep", "clock_nanosleep", "restart_syscall", "madvise", "mmap", "munmap"),
    *("mremap", "mprotect", "brk", "rt_sigprocmask", "rt_sigaction", "rt_sigreturn", "sigaltstack"),
}


def system_calls(command):
    with tempfile.NamedTemporaryFile("r") as report:
        traced(["strace", "-f", "-c", "-U", "calls,name", "-o", report.name, *command])
        calls = re.findall(r"^\s*(\d+)\s+(\w+)$", report.read(), re.MULTILINE)
    return sum(int(count) for count, name in calls if name != "total" and name not in NOT_COUNTED)


def allocations(command):
    log = valgrind(command, "--tool=memcheck", "--leak-check=no", "--undef-value-errors=no")
    return int(re.search(r"total heap usage: ([\d,]+) allocs", log).group(1).replace(",", ""))


def instructions(command):
    # Long copies would be a step for each byte.
    never = "=".join(("glibc.cpu.x86_rep_{}_threshold", "1073741824"))
    tunables = ":".join(never.format(copy) for copy in ("movsb", "stosb"))
    said = traced([builds.gauge("steps"), *command], GLIBC_TUNABLES=tunables)
    return int(re.search(r"^steps: (\d+)$", said, re.MULTILINE).group(1))


def valgrind(command, *options):
    with tempfile.NamedTemporaryFile("r") as log:
        traced(["valgrind", *options, f"--log-file={log.name}", *command])
        return log.read()


def traced(command, **environment):
    """What it said on standard error."""
    ended = subprocess.run(command, capture_output=True, env=dict(os.environ, LC_ALL="C", **environment))
    said = ended.stderr.decode("utf-8", "replace")
    if ended.returncode != 0:
        raise Failed(f"{' '.join(map(str, command))}: {said[-1000:]}")
    return said


GUARDS = {"system calls": system_calls, "allocations": allocations, "instructions": instructions}
MODES = {"metadata": [], "names": ["--names"]}


def per_entry(guard, program, mode):
    """One guard's figure for a revision."""
    walk = lambda tree: [program, "--threads", "1", *MODES[mode], trees.tree(tree)]
    least = lambda tree: min(GUARDS[guard](walk(tree)) for _ in range(TIMES[guard]))
    return (least(TREE) - least("empty")) / trees.entries(TREE)


def check(this, base):
    """Prints the table; gives the names of the guards that were tripped."""
    rows, tripped = [], []
    for guard in GUARDS:
        for mode in MODES:
            say(f"guard: {guard}, {mode}")
            ours, before = (per_entry(guard, revision.program("walk"), mode) for revision in (this, base))
            over = ours > before * LIMIT
            if over:
                tripped.append(f"{guard} for each entry, {mode}")
            row = {"for each entry": f"{guard}, {mode}", base.label: f"{before:.3f}", this.label: f"{ours:.3f}"}
            rows.append({**row, "ratio": f"{ours / before:.3f}" if before else "", "": "TRIPPED" if over else "ok"})
    print(f"\n### Guards (blocking over {LIMIT:g})\n\n{table(rows)}\n", flush=True)
    return tripped
