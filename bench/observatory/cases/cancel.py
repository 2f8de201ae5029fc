"""cancel latency: from cancel to the summary, from a receiver's death to idle walkers, and whether scans block a scheduler."""

from .. import beam, builds, trees
from ..race import Contestant, Target

TITLE = "cancel latency"
QUICK = False

TIMES = 15


def run_case(suite):
    for tree in ["wide-small"] if suite.quick else ["wide", "flat"]:
        for flags in beam.FLAGS:
            latency(suite, tree, flags)
    held(suite)


def latency(suite, tree, flags):
    options = {"path": trees.tree(tree), "times": TIMES}
    once = lambda: beam.sample(beam.FLAGS[flags], "cancel_p50_ms", 1, "cancel", **options)
    found = suite.race(TITLE, f"{tree}, to the summary, median of {TIMES}, {flags}", [Contestant("aether", once)], target=Target(100))
    parts = [
        ("to the summary, slowest", "cancel_max_ms", Target(100)),
        ("receiver killed to idle, median", "kill_p50_ms", Target(5)),
        ("receiver killed to idle, slowest", "kill_max_ms", None),
    ]
    for name, field, target in parts:
        pick = lambda sample, field=field: sample.fields[field]
        suite.add(found.part(f"{tree}, {name} of {TIMES}, {flags}", "ms", pick, target))


def held(suite):
    """Compared with a VM that runs the floor program as a separate process: a busy machine delays schedulers even without a scan."""
    path = trees.tree("wide-small")
    once = lambda **more: lambda: beam.sample(beam.FLAGS["default flags"], "events", 1, "held", path=path, seconds=2, **more)
    control = "no scan: the floor program, outside"
    contestants = [Contestant("aether", once()), Contestant(control, once(program=str(builds.floor())))]
    suite.race(TITLE, "schedulers held for 10 ms and more, times in 2 s", contestants, unit="events")
