"""100 parallel scans: of one tree, at once and one after another, and tiny ones while a huge one runs."""

import shutil

from .. import beam, trees
from ..race import Contestant, Target
from ..places import TREES, folder

TITLE = "100 parallel scans"
QUICK = False

SCANS = 100


def run_case(suite):
    tree = "mixed-small"
    for flags in beam.FLAGS:
        options = {"path": trees.tree(tree), "scans": SCANS}
        once = lambda at_once: lambda: beam.work(beam.FLAGS[flags], "parallel", at_once=at_once, **options)
        contestants = [Contestant("aether", once(SCANS)), Contestant("one after the other", once(1), variant=True)]
        found = suite.race(TITLE, f"{tree}, all entries of all, {flags}", contestants)
        slowest = lambda sample: sample.fields["first_max_ms"]
        suite.add(found.part(f"{tree}, the slowest first entry, {flags}", "ms", slowest, who=["aether"]))
    beside(suite)


def beside(suite):
    options = {"huge": trees.tree("wide"), "path": tiny(), "scans": SCANS}
    once = lambda: beam.sample(beam.FLAGS["default flags"], "first_p99_ms", 1, "beside", **options)
    name = "100 tiny ones beside 1,000,000 files, p99 of the first entry"
    suite.race(TITLE, name, [Contestant("aether", once)], target=Target(20))


def tiny():
    """A directory with exactly ten files."""
    shutil.rmtree(TREES / "tiny", ignore_errors=True)
    path = folder(TREES / "tiny")
    for number in range(10):
        (path / f"file-{number}").touch()
    return str(path)
