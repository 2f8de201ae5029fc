"""first entry: from the call to the first slab with an entry in the mailbox, in a VM that has never scanned and in one that has.

*Cold* means the process, not the cache: each round is a new VM, whose first scan loads the library and starts the threads.
"""

from .. import beam, trees
from ..race import Contestant, Target
from .honest_race import program

TITLE = "first entry"
QUICK = True


def run_case(suite):
    for tree in ["mixed"] if suite.quick else ["real", "flat", "wide"]:
        for flags in list(beam.FLAGS)[: 1 if suite.quick else None]:
            cold(suite, tree, flags)
        running(suite, tree)


def cold(suite, tree, flags):
    path = trees.tree(tree)
    contestants = [Contestant("aether", first(flags, path, who="aether"))]
    contestants.append(Contestant("File.ls, then lstat", first(flags, path, who="File")))
    for who in ("find", "fd"):
        found = program(who)
        if found:
            contestants.append(Contestant(f"Port to {who}", first(flags, path, who=who, program=found)))
    suite.race(TITLE, f"{tree}, cold process, {flags}", contestants, target=Target(100))


def first(flags, path, **options):
    return lambda: beam.sample(beam.FLAGS[flags], "first_ns", 1e-6, "first", path=path, **options)


def running(suite, tree):
    """A hundred scans per round; the median and the 99th percentile of each round."""
    once = lambda: beam.sample(beam.FLAGS["default flags"], "first_p50_ms", 1, "firsts", path=trees.tree(tree), times=100)
    found = suite.race(TITLE, f"{tree}, running VM, median of 100", [Contestant("aether", once)], target=Target(1))
    suite.add(found.part(f"{tree}, running VM, p99 of 100", "ms", lambda sample: sample.fields["first_p99_ms"]))
