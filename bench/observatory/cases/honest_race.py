"""honest race: Aether in the BEAM beside pure Elixir, and beside Ports to find and fd.

The time is that of the work inside a running VM. All must find the same number of entries.
"""

from .. import beam, peers, trees
from ..race import Contestant
from ..say import Failed
from ..tools import debian

TITLE = "honest race"
QUICK = True

METADATA = [
    ("Aether.Scanner.list", "list", {}),
    (":prim_file, sequential", "pure", {"how": "sequential"}),
    (":prim_file, parallel", "pure", {"how": "parallel"}),
    ("File, sequential", "file", {"how": "sequential"}),
    ("File, parallel", "file", {"how": "parallel"}),
    ("Port to find -printf", "port", {"who": "find"}),
]
NAMES = [
    ("Aether.Scanner.list", "list", {}),
    (":prim_file, sequential", "pure", {"how": "sequential"}),
    (":prim_file, parallel", "pure", {"how": "parallel"}),
    ("Port to fd", "port", {"who": "fd"}),
]


def run_case(suite):
    tree = "mixed" if suite.quick else "real"
    default = next(iter(beam.FLAGS))
    for flags in beam.FLAGS:
        if flags == default or not suite.quick:
            race(suite, tree, True, flags)
    if not suite.quick:
        race(suite, tree, False, default)


def race(suite, tree, metadata, flags):
    path, entries = trees.tree(tree), trees.entries(tree)
    able = [("aether", "scan", {}), *(METADATA if metadata else NAMES)]
    contestants = []
    for name, what, options in able:
        # The slowest by far, and the same with other flags.
        if what == "file" and (suite.quick or beam.FLAGS[flags]):
            continue
        if "who" in options:
            options = dict(options, program=program(options["who"]))
            if not options["program"]:
                continue
        contestants.append(Contestant(name, runner(flags, what, path, metadata, entries, options), variant=what == "list"))
    contestants[0].note = "slabs received and not decoded, as a Channel passes them on"
    mode = "metadata" if metadata else "names"
    found = suite.race(TITLE, f"{tree}, {mode}, {flags}", contestants)
    suite.add(found.part(f"{found.name}, schedulers occupied", "ms", lambda sample: sample.fields["scheduler_ms"]))


def program(who):
    if who == "find":
        return debian("find", "findutils")
    peer = peers.fd()
    return peer.command(peers.Walk("/", 1, False))[0] if peer else None


def runner(flags, what, path, metadata, entries, options):
    def once():
        sample = beam.work(beam.FLAGS[flags], what, path=path, metadata=str(metadata).lower(), **options)
        if sample.fields["entries"] != entries:
            raise Failed(f"{what} found {sample.fields['entries']:.0f} entries of {entries}")
        return sample

    return once
