"""What the cases `slow` and `cold` share: ours through the BEAM, with pools of several sizes, and other programs.
`before` runs before each run and is not measured."""

from .. import beam, peers, trees
from ..race import Contestant
from ..sample import run
from ..say import Failed

NOTE = "through the BEAM, default options; our other rows have a pool of that many threads"


def threads(count):
    return f"{count} thread{'s' * (count > 1)}"


def ours(path, entries, pools, before=lambda: None):
    """Default options, and pools with a maximum number of threads, which they need not use."""

    def scan(flags):
        def once():
            before()
            sample = beam.work(flags, "scan", path=path, warm=trees.tree("empty"), active=16)
            if sample.fields["entries"] != entries:
                raise Failed(f"{sample.fields['entries']:.0f} entries of {entries}")
            return sample

        return once

    yield Contestant("aether", scan([]), NOTE)
    for count in pools:
        yield Contestant(f"aether, {threads(count)}", scan(["-aether", "threads", str(count)]), variant=True)


def floor(path, count, before=lambda: None):
    return walked(f"floor, {threads(count)}", peers.floor().command(peers.Walk(path, count, True)), before)


def walked(name, command, before=lambda: None):
    """A program that prints how long its walk took, without its start-up."""

    def once():
        before()
        sample = run(command, output=True)
        sample.value = sample.fields["walk_ns"] / 1e6
        return sample

    return Contestant(name, once)


def programs(path, before=lambda: None):
    """find, bfs, and fd with its default number of threads and with 32, as whole processes."""
    walk = lambda count: peers.Walk(path, count, True)
    commands = {"find": peers.find().command(walk(1))}
    if peers.bfs():
        commands["bfs"] = peers.bfs().command(walk(1))
    if peers.fd():
        many = peers.fd().command(walk(32))
        at = many.index("-j")
        commands |= {"fd": many[:at] + many[at + 2 :], "fd -j 32": many}

    def whole(command):
        def once():
            before()
            return run(command)

        return once

    return [Contestant(name, whole(command)) for name, command in commands.items()]
