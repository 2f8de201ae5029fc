"""What no noise touches: system calls, allocations and instructions for each entry of a walk with one thread.

Counted by strace and valgrind from outside, so that both revisions are counted alike and neither needs code for it. What a walk of an
empty directory takes is taken off. Callgrind sees the user part alone, about a twentieth of a walk's time; the kernel's part is in
the system calls.
"""

import os
import re
import subprocess
import tempfile

from . import trees
from .report import table
from .say import Failed, say

LIMIT = 1.10
# The least of so many: threads that meet or miss each other, and slabs that are sent because they are old, add a few.
TIMES = 3
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
    log = valgrind(command, "--tool=callgrind", "--callgrind-out-file=/dev/null")
    return int(re.search(r"Collected\s*:\s*(\d+)", log).group(1))


def valgrind(command, *options):
    with tempfile.NamedTemporaryFile("r") as log:
        traced(["valgrind", *options, f"--log-file={log.name}", *command])
        return log.read()


def traced(command):
    ended = subprocess.run(command, capture_output=True, env=dict(os.environ, LC_ALL="C"))
    if ended.returncode != 0:
        raise Failed(f"{' '.join(command)}: {ended.stderr.decode('utf-8', 'replace')[-1000:]}")


GUARDS = {"system calls": system_calls, "allocations": allocations, "instructions": instructions}
MODES = {"metadata": [], "names": ["--names"]}


def per_entry(count, program, mode):
    """One guard's figure for a revision."""
    walk = lambda tree: [program, "--threads", "1", *MODES[mode], trees.tree(tree)]
    least = lambda tree: min(count(walk(tree)) for _ in range(TIMES))
    return (least(TREE) - least("empty")) / trees.entries(TREE)


def check(this, base):
    """Prints the table; gives the names of the guards that were tripped."""
    rows, tripped = [], []
    for guard, count in GUARDS.items():
        for mode in MODES:
            say(f"guard: {guard}, {mode}")
            ours, before = (per_entry(count, revision.program("walk"), mode) for revision in (this, base))
            over = ours > before * LIMIT
            if over:
                tripped.append(f"{guard} for each entry, {mode}")
            row = {"for each entry": f"{guard}, {mode}", base.label: f"{before:.3f}", this.label: f"{ours:.3f}"}
            rows.append({**row, "ratio": f"{ours / before:.3f}" if before else "", "": "TRIPPED" if over else "ok"})
    print(f"\n### Guards (blocking over {LIMIT:g})\n\n{table(rows)}\n", flush=True)
    return tripped
