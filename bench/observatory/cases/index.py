"""index: scans with and without an index, rescans, and other programs that keep a list of a tree: updatedb, gdu, sqlite3."""

import os
import subprocess

from .. import beam, builds, places, tools, trees
from ..race import Contestant, Race, Target
from ..sample import Sample, run
from ..say import say

TITLE = "index"
QUICK = False

INGESTED = 200_000


def run_case(suite):
    for tree in ["mixed"] if suite.quick else ["real", "wide"]:
        scans(suite, tree)
    deepest(suite, "chain-small" if suite.quick else "chain")
    expansions(suite)
    others(suite, "mixed" if suite.quick else "real")
    ingest(suite)


def remove(database):
    for end in ("", "-wal", "-shm", "-writer", "-journal"):
        database.with_name(database.name + end).unlink(missing_ok=True)


def scans(suite, tree):
    """In the BEAM, with active: 16, up to the summary, which follows the last commit."""
    first, kept = places.scratch(f"{tree}-first.db"), places.scratch(f"{tree}-kept.db")
    remove(kept)
    turn = iter(range(10**6))

    def kept_scan(database, **more):
        return beam.work(beam.FLAGS["+sbwt none"], "kept", path=trees.tree(tree), database=database, **more)

    def into_new():
        remove(first)
        return kept_scan(first)

    def changed():
        trees.touch(tree, 0.01, next(turn))
        return kept_scan(kept)

    # A contestant that follows the one with changes must find none, so each first updates the database, uncounted.
    def unchanged(**more):
        kept_scan(kept)
        return kept_scan(kept, **more)

    contestants = [
        Contestant("without an index", lambda: beam.work(beam.FLAGS["+sbwt none"], "kept", path=trees.tree(tree)), variant=True),
        Contestant("aether", into_new, "the first scan into a new index"),
        Contestant("unchanged since", unchanged, variant=True),
        Contestant("unchanged since, slabs: false", lambda: unchanged(slabs="false"), variant=True),
        Contestant("1 % of the files changed", changed, variant=True),
    ]
    found = suite.race(TITLE, f"{tree}, to the last commit", contestants, target=Target(2, "without an index"))
    closing = lambda sample: sample.fields["closing_ns"] / 1e6
    kept_ones = [contestant.name for contestant in contestants[1:]]
    suite.add(found.part(f"{tree}, the log written back afterwards", "ms", closing, who=kept_ones))


def deepest(suite, tree):
    """Directories within each other: the core alone, and with an index, each in a process of its own."""
    file = places.scratch("deepest.db")

    def once(*options):
        remove(file)
        return run([builds.index("walk_into"), *options, "--database", str(file), trees.tree(tree)])

    contestants = [
        Contestant("without an index", lambda: run([builds.core("walk"), "--threads", "2", trees.tree(tree)]), variant=True),
        Contestant("aether", lambda: once("--once"), "the first scan into a new index"),
    ]
    found = suite.race(TITLE, f"{tree}, a tree into a new file", contestants, target=Target(3, "without an index"))
    suite.add(found.part(f"{tree}, peak memory", "MB", lambda sample: sample.peak_mb))


def expansions(suite):
    """`totals` of the root before and after many expansions of folders, by their own clock."""
    count = 10_000 if suite.quick else 100_000
    samples = {"before them": [], "aether": []}
    for number in range(suite.rounds):
        say(f"{TITLE}: expansions, round {number + 1} of {suite.rounds}")
        sample = run([builds.index("expansions"), str(count)], output=True)
        for name, field in (("before them", "before_ms"), ("aether", "after_ms")):
            one = Sample(sample.wall_ms, sample.cpu_ms, sample.peak_mb, sample.read_bytes, {}, sample.fields[field])
            samples[name].append(one)
    suite.add(Race(TITLE, f"totals after {count:,} expansions", "ms", samples, Target(1)))


def others(suite, tree):
    """Whole processes, each into a new file, and the size of that file."""
    path, entries = trees.tree(tree), trees.entries(tree)
    able = [("aether", lambda file: [builds.index("walk_into"), "--once", "--database", file, path])]
    if tools.debian("updatedb", "plocate"):
        every = ["--prunefs", "", "--prunepaths", "", "--prunenames", "", "--prune-bind-mounts", "no"]
        able.append(("updatedb (names only)", lambda file: ["updatedb", "-U", path, "-o", file, "-l", "no", *every]))
    else:
        tools.left_out("updatedb", "Debian's package plocate cannot be installed")
    gdu = tools.debian("gdu", "gdu")
    if gdu and "--db" in subprocess.run([gdu, "--help"], capture_output=True, text=True).stdout:
        able.append(("gdu --db", lambda file: [gdu, "-n", "-p", "-l", "/dev/null", "--db", file + ".sqlite", path]))
    else:
        tools.left_out("gdu with its SQLite storage", "Debian's gdu has no --db; put a newer gdu into PATH")
    if tools.debian("sqlite3", "sqlite3"):
        able.append(("find into sqlite3 .import", lambda file: ["sh", "-c", IMPORT, "sh", path, file]))

    def contestant(number, name, command):
        file = places.scratch(f"{tree}-other-{number}.db")

        def once():
            remove(file)
            remove(file.with_name(file.name + ".sqlite"))
            sample = run(command(str(file)))
            written = file if file.exists() else file.with_name(file.name + ".sqlite")
            sample.fields["bytes"] = os.stat(written).st_size / entries
            return sample

        return Contestant(name, once)

    contestants = [contestant(number, *one) for number, one in enumerate(able)]
    found = suite.race(TITLE, f"{tree}, a tree into a new file", contestants)
    suite.add(found.part(f"{tree}, size of the file, an entry", "bytes", lambda sample: sample.fields["bytes"]))


# Names may contain tabs and newlines, so use ASCII's own separators.
IMPORT = r"""
find "$1" -mindepth 1 -printf '%P\037%y\037%s\037%T@\036' |
  sqlite3 "$2" 'PRAGMA synchronous = normal' 'CREATE TABLE entries (path, kind, size, mtime)' '.mode ascii' '.import /dev/stdin entries'
"""


def ingest(suite):
    """Generated listings, compared with the schema and statements of this project's predecessor, in ns per entry."""
    file = str(places.scratch("ingest.db"))

    def once(mode):
        def measure():
            sample = run([builds.index("ingest"), mode, "--entries", str(INGESTED), "--database", file], output=True)
            sample.value = 1e9 / sample.fields["per_second"]
            return sample

        return measure

    contestants = [Contestant("aether", once("ours")), Contestant("the original's schema", once("predecessor"))]
    found = suite.race(TITLE, f"{INGESTED:,} entries made up, an entry", contestants, unit="ns")
    suite.add(found.part(f"{INGESTED:,} entries made up, size, an entry", "bytes", lambda sample: sample.fields["bytes_per_entry"]))
