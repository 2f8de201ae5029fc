"""search: a keystroke in Go to File over 1,000,000 names derived from /usr; only by name or with --full."""

import re

from .. import builds
from ..race import Race, Target
from ..sample import Sample, run
from ..say import say

TITLE = "search"
QUICK = False

NAMES = 1_000_000
LINE = re.compile(r"^(\w+): median of medians ([\d.]+) ms, worst ([\d.]+) ms$", re.MULTILINE)


def run_case(suite):
    found = {}
    # Every run makes each query fifteen times, in turns.
    for number in range(suite.rounds):
        say(f"{TITLE}: round {number + 1} of {suite.rounds}")
        sample = run([builds.index("search"), str(NAMES)], output=True)
        for mode, middle, worst in LINE.findall(sample.text):
            for what, value in (("median query", middle), ("slowest query", worst)):
                one = Sample(sample.wall_ms, sample.cpu_ms, sample.peak_mb, sample.read_bytes, {}, float(value))
                found.setdefault(f"{NAMES:,} names, {mode.lower()}, {what}", []).append(one)
    for name, samples in found.items():
        suite.add(Race(TITLE, name, "ms", {"aether": samples}, Target(20)))
