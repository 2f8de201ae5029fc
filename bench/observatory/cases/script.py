"""What cases share that are programs of their own: they print lines `bench: WHAT | WHO | VALUE | UNIT`, lower is better.
AETHER_BENCH_ROUND tells them which round it is, so that they can go through their contestants there and back."""

from ..race import Race
from ..sample import Sample, run
from ..say import say

LINE = "bench: "


def races(suite, title, command, cwd, env=None):
    """Runs the program once a round; every WHAT is a race among its WHOs, of which the first in round 1 is ours."""
    runs = []
    for number in range(suite.rounds + 1):
        say(f"{title}: round {number} of {suite.rounds}" if number else f"{title}: the round before")
        runs.append(run(command, output=True, cwd=cwd, env=dict(env or {}, AETHER_BENCH_ROUND=str(number))))
    found = {}
    for sample in runs[1:]:
        for line in sample.text.splitlines():
            if line.startswith(LINE):
                what, who, value, unit = (part.strip() for part in line[len(LINE) :].split("|"))
                race = found.setdefault(what, Race(title, what, unit, ours=who))
                one = Sample(sample.wall_ms, sample.cpu_ms, sample.peak_mb, sample.read_bytes, {}, float(value))
                race.samples.setdefault(who, []).append(one)
    for race in found.values():
        suite.add(race)
