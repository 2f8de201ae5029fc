"""NIF overhead: a whole scan through the BEAM beside the core alone, the floor and zlob; single calls in nanoseconds."""

from .. import beam, peers, trees
from ..race import Contestant, Target
from ..sample import run

TITLE = "NIF overhead"
QUICK = True


def run_case(suite):
    tree = "mixed" if suite.quick else "real"
    for metadata in [True] if suite.quick else [True, False]:
        for threads in [2] if suite.quick else [1, 2]:
            race(suite, tree, metadata, threads)
    calls(suite)


def race(suite, tree, metadata, threads):
    walk = peers.Walk(trees.tree(tree), threads, metadata)
    options = {"path": walk.path, "metadata": str(metadata).lower(), "threads": threads}
    vm = lambda flags, **more: lambda: beam.work(beam.FLAGS[flags], "scan", **options, **more)
    contestants = [
        Contestant("aether", vm("default flags")),
        Contestant("aether, +sbwt none", vm("+sbwt none"), variant=True),
        Contestant("aether, active: 16", vm("default flags", active=16), variant=True),
        Contestant("the core alone", process(peers.ours(), walk), variant=True),
        Contestant("floor", process(peers.floor(), walk)),
    ]
    contestants += [Contestant("zlob", process(peer, walk)) for peer in peers.crates() if peer.name == "zlob"]
    contestants[0].note = "times are those of the walk itself, as each program reports them, without start-up"
    mode = "metadata" if metadata else "names"
    found = suite.race(TITLE, f"{tree}, {mode}, {threads} thread{'s' * (threads > 1)}", contestants, target=Target(1.25, "floor"))
    return found


def process(peer, walk):
    def once():
        sample = run(peer.command(walk), output=True)
        sample.value = sample.fields["walk_ns"] / 1e6
        return sample

    return once


def calls(suite):
    """Every round is a VM that makes a hundred thousand calls of each."""
    options = {"path": trees.tree("mixed"), "times": 100_000}
    once = lambda: beam.sample(beam.FLAGS["default flags"], "info_ns", 1, "calls", **options)
    found = suite.race(TITLE, "Scanner.info, a call", [Contestant("aether", once)], unit="ns", target=Target(1000))
    for name, field in [("Scanner.ask", "ask_ns"), ("Scanner.cancel", "cancel_ns"), ("Aether.info", "aether_info_ns")]:
        suite.add(found.part(f"{name}, a call", "ns", lambda sample, field=field: sample.fields[field], Target(1000)))
