"""slow: mounts where every lookup takes some ms, as over a network, with many at a time; local scans beside scans of one."""

from .. import beam, mounts, peers, places, tools
from ..race import Contestant, Target
from . import latency

TITLE = "slow"
QUICK = False

DELAY_MS = 3
# What is scanned, its slowfs.c options, its number of entries, and the target in ms.
SHAPES = [
    ("one directory", ["--files", 700], 700, 300),
    ("a tree", ["--tree", 3900], 3900, 600),
]
POOLS = (4, 16, 32)

BESIDE_MS = 4
SCANS = 50


def run_case(suite):
    missing = mounts.why_no_fuse()
    if missing:
        tools.left_out(TITLE, missing)
        return
    for what, shape, entries, bar in SHAPES:
        with mounts.slow(DELAY_MS, *shape) as path:
            name = f"{DELAY_MS} ms a lookup, {what} of {entries:,} entries, metadata"
            suite.race(TITLE, name, contestants(path, entries), target=Target(bar))
    # One directory, with so many files that none of the four scans ends.
    with mounts.slow(BESIDE_MS, "--files", 1_000_000) as path:
        beside(suite, path)


def contestants(path, entries):
    *scandir, _ = peers.scandir().command(peers.Walk(path, 1, True))
    pooled = latency.walked("os.scandir, 16 threads", [*scandir, "--threads", "16", path])
    return [*latency.ours(path, entries, POOLS), latency.floor(path, 32), pooled, *latency.programs(path)]


def beside(suite, path):
    """Local scans of five files, one at a time, while four scans of the slow mount run."""
    once = lambda: beam.sample(beam.FLAGS["default flags"], "first_p99_ms", 1, "beside_slow", slow=path, path=few(), scans=SCANS)
    name = f"{SCANS} scans of 5 local files beside four of a mount of {BESIDE_MS} ms a lookup, p99 of the first entry"
    suite.race(TITLE, name, [Contestant("aether", once)], target=Target(20))


def few():
    """Five files."""
    path = places.folder(places.TREES / "few")
    for number in range(5):
        (path / f"file-{number}").touch()
    return path
