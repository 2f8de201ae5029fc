"""core race: the walker beside the floor program and other walkers, as whole processes, from start to end."""

from .. import peers, trees
from ..race import Contestant, Target
from ..sample import run
from ..say import Failed
from ..tools import left_out

TITLE = "core race"
QUICK = True

TREES = ["real", "wide-small", "flat", "deep"]
# A million entries with a dozen walkers take eight minutes: only with --full.
FULL = ["real", "wide", "flat", "deep"]
# The libraries behind fd, ripgrep, dua and dust only take part on one tree: the case takes half an hour as it is.
LIBRARIES = {"ignore", "jwalk", "walkdir"}
HOME = {"real", "mixed"}


def races(suite):
    """Tree, whether with metadata, threads."""
    if suite.quick:
        return [("mixed", True, 2)]
    return [(tree, metadata, threads) for tree in (FULL if suite.full else TREES) for metadata in (True, False) for threads in (1, 2)]


def run_case(suite):
    for tree, metadata, threads in races(suite):
        walk = peers.Walk(trees.tree(tree), threads, metadata)
        able = [peer for peer in peers.everyone() if peer.command(walk) and (tree in HOME or peer.name not in LIBRARIES)]
        able = [peer for peer in able if finds_all(peer, walk, tree)]
        name = f"{tree}, {'metadata' if metadata else 'names'}, {threads} thread{'s' * (threads > 1)}"
        suite.race(TITLE, name, [contestant(peer, walk) for peer in able], target=Target(1.25, "floor"), warm=False)


def contestant(peer, walk):
    return Contestant(peer.name, lambda: run(peer.command(walk), env=peer.env(walk)))


def finds_all(peer, walk, tree):
    """Excludes a walker that does not find the right number of entries. Counts them in the way that the walker supports; this is
    also its uncounted first run."""
    try:
        found = count(peer, walk)
    except Failed as failure:
        left_out(f"{peer.name} ({tree})", str(failure).splitlines()[0])
        return False
    expected = expectation(peer, walk, tree)
    if found not in (None, expected):
        left_out(f"{peer.name} ({tree})", f"it found {found} entries of {expected}")
        return False
    return True


def count(peer, walk):
    command, env = peer.command(walk), peer.env(walk)
    if peer.counts is None:
        run(command, env=env)
        return None
    sample = run(command, output=True, env=env)
    return int(sample.fields["entries"]) if peer.counts == "fields" else sample.text.count("\0")


def expectation(peer, walk, tree):
    """The number of entries to expect: fd and fdf with their size filters, and ripgrep, only report regular files."""
    only_files = peer.name == "ripgrep" or (peer.name in ("fd", "fdf") and walk.metadata)
    return len(trees.files(tree)) if only_files else trees.entries(tree)
