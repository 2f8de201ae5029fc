"""bin/bench --check: is this tree slower than a base revision? Both run alternately, A B B A, on the same trees, within minutes.

At most six named cases block. The rule is in stats.slower; bench/README.md explains it.
"""

import fcntl

from . import beam, guards, places, revisions, stats, tools, trees
from .report import figure, table
from .sample import run
from .say import Failed, say

FIRST = 7
SECOND = 31
SUSPECT = 1.05


def walk(tree, threads, *options):
    def once(revision):
        return run([revision.program("walk"), "--threads", str(threads), *options, trees.tree(tree)]).wall_ms

    return once


def index(tree):
    """A scan without an index, one into a new index, and one that changes nothing."""

    def once(revision):
        database = places.scratch("check.db")
        return run([revision.program("walk_into"), "--rounds", "1", "--database", str(database), trees.tree(tree)]).wall_ms

    return once


def through_the_beam(tree):
    def once(revision):
        words = [f"path={trees.tree(tree)}", "active=16"]
        command = beam.vm(beam.FLAGS["+sbwt none"], revision.aether(), "scan", words)
        return run(command, output=True).fields["work_ns"] / 1e6

    return once


CASES = {
    "walk, real, metadata, 1 thread": walk("real", 1),
    "walk, real, metadata, 2 threads": walk("real", 2),
    "walk, wide, names, 2 threads": walk("wide", 2, "--names"),
    "walk, flat, metadata, 2 threads": walk("flat", 2),
    "into an index, real": index("real"),
    "through the BEAM, real": through_the_beam("real"),
}
# For CI: trees that are made in seconds, and are the same everywhere.
QUICK = {
    "walk, mixed, metadata, 1 thread": walk("mixed", 1),
    "into an index, mixed": index("mixed"),
    "through the BEAM, mixed": through_the_beam("mixed"),
}


def pairs(case, this, base, count):
    """Ratios of this tree to the base."""
    found = []
    for turn in range(count):
        if turn % 2:
            ours = case(this)
            found.append(ours / case(base))
        else:
            before = case(base)
            found.append(case(this) / before)
    return found


def judge(measure):
    """`measure(count)` returns ratios. The first pass only decides whether a case is measured again, and its ratios are not
    reused: they would bias the second pass."""
    first = measure(FIRST)
    if stats.median(first) <= SUSPECT:
        return first, False
    second = measure(SECOND)
    return second, stats.slower(second)


def wall(this, base, cases):
    """Prints the table; returns the names of the cases that are slower."""
    rows, slower = [], []
    for name, case in cases.items():
        say(f"check: {name}")
        case(this)
        try:
            case(base)
        except Failed as failure:
            tools.left_out(f"check: {name}", f"the base cannot run it: {str(failure).splitlines()[0]}")
            continue
        found, is_slower = judge(lambda count: pairs(case, this, base, count))
        if is_slower:
            slower.append(name)
        row = {"case": name, "pairs": str(len(found)), "this / base": figure(stats.median(found)), "± MAD": figure(stats.mad(found))}
        bound = figure(stats.bound(found, 0.999))
        rows.append({**row, "99.9 % above": bound, "": "SLOWER" if is_slower else "ok"})
    if rows:
        print(f"\n### This tree beside {base.label}\n\n{table(rows)}\n", flush=True)
    return slower


def check(given, quick, guards_only):
    """Runs the guards and the timed cases; returns the exit status."""
    revision, why = revisions.base_of(given)
    if not revision:
        print("Nothing to compare with: there is no other commit.")
        return 0
    say(f"base: {revision[:12]}, {why}")
    if not revisions.changed(revision):
        print(f"Nothing to compare: {', '.join(revisions.SOURCES)} are the same as in {revision[:12]}.")
        return 0
    tools.apt("system calls are counted by strace, allocations by valgrind", "strace", "valgrind")
    # Two at once would overwrite each other's builds and disturb each other's times.
    lock = open(places.folder(revisions.CHECK) / "lock", "w")
    fcntl.flock(lock, fcntl.LOCK_EX)
    base, this = revisions.base(revision), revisions.this()
    tripped = guards.check(this, base)
    slower = [] if guards_only else wall(this, base, QUICK if quick else CASES)
    for name in tripped + slower:
        print(f"FAILED: {name}: more than {guards.LIMIT - 1:.0%} over {base.label}")
    return 1 if tripped or slower else 0
