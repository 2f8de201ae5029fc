"""terminal: the terminal program beside ncdu and gdu, each in a pty: start, first rows, keys, memory, a whole scan, rest.

Keys are pressed one after another, each when the frame of the one before is over. `wide` has a million entries, `flat` is one folder
of 300,000.
"""

import os
import re
import subprocess
import tempfile

from .. import builds, places, stats, tools, trees
from ..race import Contestant, Target
from ..sample import Sample, run
from ..say import say
from ..screen import Screen, shown

TITLE = "terminal"
QUICK = False

KEYS = 100
REST = 10
# A row of a folder, and not the folder that a panel names: after an age, or after a bar.
OURS = rb"\d+ (?:s|m|h|d|y) +d\d/"
THEIRS = rb"\] +/d\d"
FILE = rb"file-\d{7}"
# What our panel says when a scan is over.
SCANNED = rb"scanned: ([\d,]+) entries"
# Our help, and what is beneath it.
HELP, BENEATH = rb" Keys ", rb"SHARE|d\d/"


def program():
    target = os.environ.get("AETHER_CLI_TARGET") or places.ROOT / "native" / "cli" / "target"
    say("building the terminal program")
    manifest = places.ROOT / "native" / "cli" / "Cargo.toml"
    command = ["cargo", "build", "--quiet", "--release", "--locked", "--manifest-path", manifest, "--target-dir", target]
    builds.do(command, "native/cli", cwd=places.ROOT / "native" / "cli")
    return os.path.join(target, "release", "aether")


def run_case(suite):
    aether = program()
    rivals = {name: tools.debian(name, name) for name in ("ncdu", "gdu")}
    for name in [name for name, found in rivals.items() if not found]:
        tools.left_out(f"{name} ({TITLE})", f"Debian's package {name} cannot be installed")
        del rivals[name]
    wide, flat = trees.tree("wide"), trees.tree("flat")
    with tempfile.TemporaryDirectory(prefix="terminal-", dir=places.scratch(".")) as folder:
        known = {}
        for name, tree in (("wide", wide), ("flat", flat)):
            say(f"{TITLE}: keeping {name}")
            known[name] = known_by(aether, rivals, tree, os.path.join(folder, name))
        start(suite, aether, wide, known["wide"])
        browse(suite, "1,010,110 known", known["wide"], OURS, THEIRS, 50, 16)
        browse(suite, "a folder of 300,000", known["flat"], FILE, FILE, None, 16)
        nothing_known(suite, aether, rivals, wide, folder)
        beside_writer(suite, aether, wide, folder)


def known_by(aether, rivals, tree, at):
    """The commands that show a tree which is known already: from an index, from exports."""
    index = f"{at}.db"
    subprocess.run([aether, "scan", "--quiet", "--index", index, tree], check=True)
    found = {"aether": [aether, "explore", "--no-scan", "--no-mouse", "--index", index, tree]}
    exports = {"ncdu": ["ncdu", "-0", "-o"], "gdu": ["gdu", "-n", "-l", "/dev/null", "-o"]}
    for name, path in rivals.items():
        file = f"{at}.{name}"
        if tools.quietly([path, *exports[name][1:], file, tree]) and os.path.exists(file):
            found[name] = {"ncdu": [path, "-f", file], "gdu": [path, "-l", "/dev/null", "-f", file]}[name]
    return found


def start(suite, aether, tree, known):
    index = known["aether"][known["aether"].index("--index") + 1]
    command = [aether, "ls", "--index", index, tree]
    suite.race(TITLE, "aether ls, process from start to end", [Contestant("aether", lambda: run(command))], target=Target(10))


def sample(screen, value, **fields):
    """Of a program that still runs."""
    return Sample(value, screen.cpu_ms(), screen.peak_mb(), 0, {name: float(number) for name, number in fields.items()}, float(value))


def browse(suite, what, known, ours, theirs, first_bar, key_bar):
    """Rows, keys, sorting, memory and rest of what is known already."""

    def look(name):
        with Screen(known[name]) as screen:
            first = screen.until(ours if name == "aether" else theirs)
            screen.settle(0.5)
            times, sizes = keys(screen)
            # To names and back: what is measured is the way back.
            screen.key(b"n", 0.5)
            by_size, _ = screen.key(b"s", 0.5)
            peak = screen.peak_mb()
            rest = screen.rest(REST) if name == "aether" else 0
            found = {"p50": stats.median(times), "p99": stats.percentile(times, 99), "bytes": stats.median(sizes)}
            return sample(screen, first, by_size=by_size, peak=peak, rest=rest, **found)

    contestants = [Contestant(name, lambda name=name: look(name)) for name in known]
    race = suite.race(TITLE, f"{what}: from the start to rows", contestants, target=Target(first_bar) if first_bar else None)
    parts = [("a key to the end of its frame, median", "ms", "p50", None), ("the same, p99", "ms", "p99", key_bar)]
    parts += [("s, by size", "ms", "by_size", 100), ("peak memory", "MB", "peak", 16), ("bytes for a key", "B", "bytes", 1024)]
    for title, unit, field, bar in parts:
        suite.add(race.part(f"{what}: {title}", unit, lambda one, field=field: one.fields[field], Target(bar) if bar else None))
    rest = race.part(f"{what}: processor time of {REST} s at rest", "ticks", lambda one: one.fields["rest"], Target(0), ["aether"])
    suite.add(rest)


def keys(screen):
    """Times and bytes of keys that move the cursor."""
    # There are ten rows at least: down, and up again.
    turns = [b"j"] * 5 + [b"k"] * 5
    pressed = [screen.key(turns[number % len(turns)]) for number in range(KEYS)]
    return [time for time, _ in pressed], [size for _, size in pressed]


def nothing_known(suite, aether, rivals, tree, folder):
    """A whole scan, from nothing; ours is kept, and has a panel."""
    index = os.path.join(folder, "fresh.db")

    def fresh():
        for name in os.listdir(folder):
            if name.startswith("fresh.db"):
                os.remove(os.path.join(folder, name))

    def explore():
        fresh()
        with Screen([aether, "explore", "--no-mouse", "--index", index, tree]) as screen:
            first = screen.until(OURS)
            whole = screen.until(SCANNED, read=shown)
            return sample(screen, whole, first=first)

    def scan():
        fresh()
        return run([aether, "scan", "--index", index, tree])

    def rival(name):
        command = {"ncdu": [rivals.get(name), "-1", tree], "gdu": [rivals.get(name), "-l", "/dev/null", tree]}[name]
        with Screen(command) as screen:
            whole = screen.until(THEIRS)
            return sample(screen, whole, first=whole)

    contestants = [Contestant("aether", explore), Contestant("aether scan --index", scan, variant=True)]
    contestants += [Contestant(name, lambda name=name: rival(name)) for name in rivals]
    title = "nothing known: a whole scan, ours kept"
    race = suite.race(TITLE, title, contestants, target=Target(0.85, "gdu"), warm=False)
    ours = ["aether", "aether scan --index"]
    suite.add(race.part("nothing known: a scan with its panel", "ms", lambda one: one.value, Target(1.05, ours[1]), ours))
    screens = [name for name in race.samples if name != ours[1]]
    suite.add(race.part("nothing known: from the start to rows", "ms", lambda one: one.fields["first"], Target(50), screens))
    suite.add(race.part("nothing known: peak memory of a scan", "MB", lambda one: one.peak_mb))


def beside_writer(suite, aether, tree, folder):
    """Keys while another process writes the same index. Its frames come as well: so the key is one whose frame can be told."""
    index = os.path.join(folder, "shared.db")

    def attached():
        for name in os.listdir(folder):
            if name.startswith("shared.db"):
                os.remove(os.path.join(folder, name))
        writer = subprocess.Popen([aether, "scan", "--quiet", "--index", index, tree])
        try:
            with wait_for(aether, index, tree, writer) as screen:
                screen.until(OURS)
                before, times = screen.cpu_ms(), []
                while writer.poll() is None:
                    times.append(screen.until(HELP, since=screen.press(b"?")))
                    times.append(screen.until(BENEATH, since=screen.press(b"?")))
                cpu = (screen.cpu_ms() - before) / max(1, len(times))
                return sample(screen, stats.percentile(times, 99), p50=stats.median(times), keys=len(times), cpu=cpu)
        finally:
            writer.wait()

    title = "while another process writes 1,010,110 entries: a key, p99"
    race = suite.race(TITLE, title, [Contestant("aether", attached)], target=Target(33), warm=False)
    suite.add(race.part("while another process writes: a key, median", "ms", lambda one: one.fields["p50"]))
    suite.add(race.part("while another process writes: processor time a key", "ms", lambda one: one.fields["cpu"], Target(2)))


def wait_for(aether, index, tree, writer):
    """The explorer of an index that has begun: before that there is nothing to attach to."""
    while writer.poll() is None:
        if re.search(rb'"file_count":[1-9]', subprocess.run([aether, "ls", "--json", "--limit", "1", "--index", index, tree], capture_output=True).stdout):
            break
    return Screen([aether, "explore", "--no-scan", "--no-mouse", "--index", index, tree])
