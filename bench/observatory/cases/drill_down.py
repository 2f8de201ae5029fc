"""drill-down: how long a page of children takes in an index of 1,000,000 entries, idle and while a scan writes."""

import re

from .. import builds, places
from ..race import Race, Target
from ..sample import Sample, run
from ..say import say

TITLE = "drill-down"
QUICK = False

ENTRIES = 1_000_000
PAGES = 2000

# name  p50 p99 max | p50 p99 max: as measured, and without waits for a processor.
LINE = re.compile(r"^(\S.*?)\s+([\d.]+)\s+([\d.]+)\s+([\d.]+)\s+\|\s+([\d.]+)\s+([\d.]+)\s+([\d.]+)")
BARS = {"idle": 1, "while a scan writes": 5}


def run_case(suite, entries=ENTRIES):
    folder = places.folder(places.CACHE / "scratch" / f"drill-down-{entries}")
    command = [builds.index("drill_down"), str(entries), str(folder), str(PAGES)]
    say(f"{TITLE}: {entries:,} entries (the index is made once)")
    run(command, output=True)
    rounds = []
    for number in range(suite.rounds):
        say(f"{TITLE}: round {number + 1} of {suite.rounds}")
        rounds.append(run(command, output=True))
    for (when, what, part), values in figures(rounds).items():
        samples = [Sample(s.wall_ms, s.cpu_ms, s.peak_mb, s.read_bytes, {}, value) for s, value in zip(rounds, values)]
        bar = 60 if " by " in what and "by name" not in what else BARS[when]
        target = Target(bar) if part == "p99" and what.startswith("200 by") else None
        suite.add(Race(TITLE, f"{entries:,} entries, {when}, {what}, {part}", "ms", {"aether": samples}, target))


def figures(rounds):
    """Every round's p50 and p99 without waits for a processor, by state and query."""
    found = {}
    for sample in rounds:
        when = "idle"
        for line in sample.text.splitlines():
            if line.startswith("while a scan"):
                when = "while a scan writes"
            match = LINE.match(line)
            if match:
                for part, group in (("p50", 5), ("p99", 6)):
                    found.setdefault((when, match.group(1), part), []).append(float(match.group(group)))
    return found
