"""One run of the suite: its options, and the races so far. Cases get one of these, and call `race` and `add`."""

from . import race as racing
from . import report, tools
from .say import Failed, say

ROUNDS = 7


class Suite:
    def __init__(self, rounds=ROUNDS, quick=False, full=False):
        self.rounds = rounds
        self.quick = quick
        self.full = full
        self.races = []

    def race(self, case, name, contestants, unit="ms", target=None, ours=racing.OURS, rounds=None, warm=True, show=True):
        """Runs the rounds, keeps and prints the race. A contestant that fails its uncounted first run is skipped."""
        say(f"{case}: {name}")
        able = []
        for contestant in contestants:
            try:
                if warm:
                    contestant.run()
                able.append(contestant)
            except Failed as failure:
                if contestant.name == ours:
                    raise
                tools.left_out(f"{contestant.name} ({case}, {name})", str(failure).splitlines()[0])
        samples, busy = racing.rounds(rounds or self.rounds, able, warm=False)
        notes = {contestant.name: contestant.note for contestant in able if contestant.note}
        variants = frozenset(contestant.name for contestant in able if contestant.variant)
        cold = any(contestant.cold for contestant in able)
        found = racing.Race(case, name, unit, samples, target, ours, notes, busy, variants, cold)
        return self.add(found) if show else found

    def add(self, race):
        self.races.append(race)
        report.show(race)
        return race
