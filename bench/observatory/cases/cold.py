"""cold: a tree of 81,000 entries on an ext4 on a loop device with direct I/O, with nothing of it in memory."""

from dataclasses import replace

from .. import mounts, places, stats, tools, trees
from ..race import Target
from . import latency

TITLE = "cold"
QUICK = False

POOLS = (1, 2, 4, 8, 16, 32)
FLOORS = (1, 8, 32)


def run_case(suite):
    missing = mounts.why_no_loop()
    if missing:
        tools.left_out(TITLE, missing)
        return
    with mounts.Ext4(places.scratch("cold.ext4"), megabytes=256) as disk:
        path, entries = made(disk)
        race(suite, disk, path, entries)


def made(disk):
    """The path of the tree, and its number of entries."""
    disk.mount("rw,noatime")
    path = trees.made("cold", disk.path)
    entries = trees.count("cold", disk.path)
    disk.unmount()
    return path, entries


def race(suite, disk, path, entries):
    contestants = [*latency.ours(path, entries, POOLS, disk.forget)]
    contestants += [latency.floor(path, count, disk.forget) for count in FLOORS]
    contestants += latency.programs(path, disk.forget)
    contestants = [replace(contestant, cold=True) for contestant in contestants]
    found = suite.race(TITLE, f"ext4 on a loop device, {entries:,} entries, metadata", contestants, show=False)
    pools = [name for name in found.samples if name.startswith("aether, ")]
    found.target = Target(1.1, min(pools, key=lambda name: stats.median(found.values(name))))
    suite.add(found)
