"""hung: how soon a local scan opens after 40 scans of a mount that does not answer were cancelled."""

from .. import beam, builds, mounts, tools
from ..race import Contestant, Target
from . import slow

TITLE = "hung"
QUICK = False

SCANS = 40
WHERE = {"root": "whose roots hang", "within": "that hang on the way"}


def run_case(suite):
    missing = mounts.why_no_fuse()
    if missing:
        tools.left_out(TITLE, missing)
        return
    for where, what in WHERE.items():
        # The VM itself serves the mount: it cannot end before the requests that hang in it are
        # released.
        options = {"where": where, "scans": SCANS, "path": slow.few(), "server": builds.slowfs(), "mount": mounts.mount_point("slow")}
        once = lambda options=options: beam.sample(beam.FLAGS["default flags"], "open_max_ms", 1, "hung", **options)
        name = f"{SCANS} cancelled scans {what}, then a local scan, the slowest of 10 to open"
        found = suite.race(TITLE, name, [Contestant("aether", once)], target=Target(20))
        if where == "within":
            suite.add(found.part("the slowest cancel to its summary", "ms", lambda sample: sample.fields["cancel_max_ms"], Target(100)))
