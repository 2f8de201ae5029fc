"""What cases share that run separate programs: those print lines `bench: WHAT | WHO | VALUE | UNIT`, where lower is better.
AETHER_BENCH_ROUND is the number of the round, so that they can alternate the order of their contestants."""

from ..race import Race
from ..sample import Sample, run
from ..say import say

LINE = "bench: "


def races(suite, title, command, cwd, env=None):
    """Runs the program once per round. Every WHAT is a race among its WHOs; the first WHO in round 1 is ours."""
    runs = []
    for number in range(suite.rounds + 1):
        say(f"{title}: round {number} of {suite.rounds}" if number else f"{title}: uncounted round")
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
