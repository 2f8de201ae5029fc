"""Rounds: every contestant runs once in each, in rotating order, after one round that is not counted.

A contestant returns one Sample per run. The result is a Race: samples by contestant, from which everything else is computed.
"""

import os
from dataclasses import dataclass, field
from typing import Callable, Optional

from . import stats
from .sample import Sample

OURS = "aether"

# Share of all processors used by other processes from which a warning is given.
BUSY = 0.10


@dataclass
class Contestant:
    """`variant`: ours with other options, not a rival: it neither wins nor loses. `cold`: it is meant to read from the disk."""

    name: str
    run: Callable[[], Sample]
    note: str = ""
    variant: bool = False
    cold: bool = False


@dataclass
class Target:
    """A bound for ours: a number in the race's unit, or a multiple of another contestant's median."""

    limit: float
    of: Optional[str] = None

    def value(self, race):
        if self.of is None:
            return self.limit
        return self.limit * stats.median(race.values(self.of)) if self.of in race.samples else None

    def text(self, unit):
        return f"{self.limit:g} × {self.of}" if self.of else f"{self.limit:g} {unit}"


@dataclass
class Race:
    """`ours` is the contestant that the others are compared with, round by round."""

    case: str
    name: str
    unit: str
    samples: dict = field(default_factory=dict)
    target: Optional[Target] = None
    ours: str = OURS
    notes: dict = field(default_factory=dict)
    busy: float = 0.0
    variants: frozenset = frozenset()
    cold: bool = False

    def values(self, name):
        return [sample.value for sample in self.samples[name]]

    def compared(self, name):
        if name == self.ours or self.ours not in self.samples:
            return None
        return stats.compare(self.values(name), self.values(self.ours))

    def met(self):
        """Whether ours meets the target, pair by pair if that is a multiple; None if that cannot be said."""
        if not self.target or self.ours not in self.samples:
            return None
        if self.target.of is None:
            return stats.median(self.values(self.ours)) <= self.target.limit
        compared = self.compared(self.target.of) if self.target.of in self.samples else None
        return 1 / compared["ratio"] <= self.target.limit if compared else None

    def part(self, name, unit, pick, target=None, who=None):
        """A race of another figure from the same runs; only of the contestants in `who`, if given."""
        samples = {
            name: [Sample(s.wall_ms, s.cpu_ms, s.peak_mb, s.read_bytes, s.fields, pick(s), s.text) for s in runs]
            for name, runs in self.samples.items()
            if who is None or name in who
        }
        return Race(self.case, name, unit, samples, target, self.ours, self.notes, self.busy, self.variants, self.cold)

    def warnings(self):
        found = []
        read = {name: max(s.read_bytes for s in runs) for name, runs in self.samples.items()}
        cold = [f"{name} {amount:,} bytes" for name, amount in read.items() if amount]
        if cold and not self.cold:
            found.append(f"not warm, the disk was read: {', '.join(cold)}")
        warm = [name for name, runs in self.samples.items() if not min(s.read_bytes for s in runs)]
        if warm and self.cold:
            found.append(f"not cold, the disk was not read: {', '.join(warm)}")
        wild = [name for name in self.samples if len(self.samples[name]) > 2 and stats.noisy(self.values(name))]
        if wild:
            found.append(f"too noisy to say much: {', '.join(wild)} (MAD over {stats.NOISY:.0%} of the median)")
        if self.busy > BUSY:
            found.append(f"other processes used {self.busy:.0%} of the processors")
        return found


def _processors():
    """Busy and total processor time of the machine so far, in seconds, and that of this process and its reaped children."""
    with open("/proc/stat") as file:
        ticks = [int(word) for word in file.readline().split()[1:9]]
    hertz = os.sysconf("SC_CLK_TCK")
    idle = ticks[3] + ticks[4]
    own = sum(os.times()[:4])
    return (sum(ticks) - idle) / hertz, sum(ticks) / hertz, own


def warm_run(contestant):
    """Repeats a run that read from the disk: kernels may reclaim memory that was not used for a few seconds (DAMON), so that the
    first run after others is not warm."""
    sample = contestant.run()
    return contestant.run() if sample.read_bytes and not contestant.cold else sample


def rounds(count, contestants, warm=True):
    """Samples by name, and the share of processor time used by other processes."""
    if warm:
        for contestant in contestants:
            contestant.run()
    busy, total, own = _processors()
    samples = {contestant.name: [] for contestant in contestants}
    for turn in range(count):
        at = turn // 2 % len(contestants)
        order = contestants[at:] + contestants[:at]
        # In both orders, A B B A: a drift of the machine affects both alike.
        for contestant in order if turn % 2 == 0 else reversed(order):
            samples[contestant.name].append(warm_run(contestant))
    busy_after, total_after, own_after = _processors()
    elapsed = total_after - total
    others = (busy_after - busy) - (own_after - own)
    return samples, max(0.0, others / elapsed) if elapsed else 0.0
