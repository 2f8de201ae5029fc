"""parked: what 200 scans cost whose receivers ask for nothing more: processor time, memory, descriptors."""

from .. import beam, mounts, tools, trees
from ..race import Contestant, Target

TITLE = "parked"
QUICK = False

SCANS = 200
SECONDS = 5

# Maximum number of descriptors of all: none or, where scans are parked in the middle of large directories, the VM's
# budget.
TREES = {"wide-small": 0, "large": 256}


def run_case(suite):
    for tree, descriptors in TREES.items():
        name = f"{SCANS} scans of {tree}"
        found = race(suite, f"{name}, share of a core", tree)
        suite.add(found.part(f"{name}, memory of each besides an unsent slab", "KB", lambda sample: sample.fields["kb_each"], Target(16)))
        suite.add(found.part(f"{name}, the unsent slab of each", "KB", lambda sample: sample.fields["slab_kb_each"]))
        suite.add(found.part(f"{name}, descriptors of all", "open", lambda sample: sample.fields["descriptors"], Target(descriptors)))
    missing = mounts.why_no_fuse()
    if missing:
        tools.left_out(f"{TITLE}, beside a slow scan", missing)
        return
    with mounts.slow(50, "--tree", 100_000) as path:
        race(suite, f"{SCANS} scans of large beside a slow one, share of a core", "large", slow=path)


def race(suite, name, tree, **more):
    options = {"path": trees.tree(tree), "scans": SCANS, "seconds": SECONDS, **more}
    # Idle schedulers that spin would be counted.
    once = lambda: beam.sample(beam.FLAGS["+sbwt none"], "cpu_percent", 1, "parked", **options)
    return suite.race(TITLE, name, [Contestant("aether", once)], unit="%", target=Target(1))
