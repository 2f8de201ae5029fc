"""Guards, which noise does not affect: system calls, allocations and instructions per entry of a walk with one thread.

strace, valgrind and gauge/steps.c count them from outside, so that both revisions are counted alike and need no code for it. The count
of a walk of an empty directory is subtracted. Only user instructions count, about a twentieth of a walk's time; system calls stand for
the kernel's part. They are single-stepped on the machine itself: Debian 12's valgrind (3.19) does not support openat2, so that under
callgrind a walk takes another path than for users. Allocations are the same on both paths.
"""

import os
import re
import subprocess
import tempfile

from . import builds, trees
from .report import table
from .say import Failed, say

LIMIT = 1.10
# Number of runs whose minimum counts: the timing of threads, and slabs sent because of their age, add a few. In a
# single-stepped walk only the clock varies, which changes less than one in a thousand.
TIMES = {"system calls": 3, "allocations": 3, "instructions": 1}
TREE = "mixed-small"

# Their number depends on the timing and start of threads, on the allocator and on the clock, not on entries.
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
    # A long copy would take a step for each byte.
    never = "=".join(("glibc.cpu.x86_rep_{}_threshold", "1073741824"))
    tunables = ":".join(never.format(copy) for copy in ("movsb", "stosb"))
    output = traced([builds.gauge("steps"), *command], GLIBC_TUNABLES=tunables)
    return int(re.search(r"^steps: (\d+)$", output, re.MULTILINE).group(1))


def valgrind(command, *options):
    with tempfile.NamedTemporaryFile("r") as log:
        traced(["valgrind", *options, f"--log-file={log.name}", *command])
        return log.read()


def traced(command, **environment):
    """Its standard error."""
    ended = subprocess.run(command, capture_output=True, env=dict(os.environ, LC_ALL="C", **environment))
    output = ended.stderr.decode("utf-8", "replace")
    if ended.returncode != 0:
        raise Failed(f"{' '.join(map(str, command))}: {output[-1000:]}")
    return output


GUARDS = {"system calls": system_calls, "allocations": allocations, "instructions": instructions}
MODES = {"metadata": [], "names": ["--names"]}


def per_entry(guard, program, mode):
    """One guard's count for a revision."""
    walk = lambda tree: [program, "--threads", "1", *MODES[mode], trees.tree(tree)]
    lowest = lambda tree: min(GUARDS[guard](walk(tree)) for _ in range(TIMES[guard]))
    return (lowest(TREE) - lowest("empty")) / trees.entries(TREE)


def check(this, base):
    """Prints the table; returns the names of the guards that failed."""
    rows, tripped = [], []
    for guard in GUARDS:
        for mode in MODES:
            say(f"guard: {guard}, {mode}")
            ours, before = (per_entry(guard, revision.program("walk"), mode) for revision in (this, base))
            over = ours > before * LIMIT
            if over:
                tripped.append(f"{guard} per entry, {mode}")
            row = {"per entry": f"{guard}, {mode}", base.label: f"{before:.3f}", this.label: f"{ours:.3f}"}
            rows.append({**row, "ratio": f"{ours / before:.3f}" if before else "", "": "FAILED" if over else "ok"})
    print(f"\n### Guards (blocking over {LIMIT:g})\n\n{table(rows)}\n", flush=True)
    return tripped
