"""1,000,000 files: how much a VM grows during a scan, also over time."""

from .. import beam, trees
from ..race import Contestant, Target

TITLE = "1,000,000 files"
QUICK = False

# What the receiver does, and its name in bench/beam/memory.ex.
RECEIVERS = [
    ("aether", "active: 16"),
    ("active: true, read at once", "active: true"),
    ("active: true, read when all is there", "unread"),
    ("Aether.Scanner.list", "list"),
]


def run_case(suite):
    tree = "wide-small" if suite.quick else "wide"
    contestants = [Contestant(name, growth(tree, how), variant=how != "active: 16") for name, how in RECEIVERS]
    contestants[0].note = "active: 16; the others show what demand is for. Growth over time is in the history, as `series`"
    found = suite.race(TITLE, f"{tree}, growth of memory", contestants, unit="MB", target=Target(64))
    for name, samples in found.samples.items():
        print(f"{name}, MB over time: {series(samples)}")


def growth(tree, how):
    options = {"path": trees.tree(tree), "empty": trees.tree("empty"), "how": how}
    return lambda: beam.sample(beam.FLAGS["default flags"], "growth_mb", 1, "memory", **options)


def series(samples):
    """The series of the median run."""
    middle = sorted(samples, key=lambda sample: sample.value)[len(samples) // 2]
    return next((word[len("series=") :] for word in middle.text.split() if word.startswith("series=")), "")
