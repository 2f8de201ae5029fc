"""Generated races and a history, for the tests: seeded, so that they are the same every time."""

import random

from observatory import history
from observatory.race import Race, Target
from observatory.sample import Sample


def samples(lots, middle, rounds=7, read=0, text=""):
    return [Sample(0, middle * 1.4, 5.5, read, {}, middle * lots.gauss(1, 0.03), text) for _ in range(rounds)]


def races(lots, better=1.0):
    walkers = {"aether": 200 * better, "floor": 188, "zlob": 205, "find": 410, "bfs": 432, "fd": 505, "dust": 610, "gdu": 1150, "os.scandir": 1900}
    core = Race("core race", "real, metadata, 1 thread", "ms", {name: samples(lots, ms) for name, ms in walkers.items()}, Target(1.25, "floor"))
    memory = Race("1,000,000 files", "wide, growth of memory", "MB", target=Target(64), variants=frozenset(["active: true"]))
    memory.samples = {"aether": samples(lots, 0.8, text="series=0.0,0.5,0.8,0.7"), "Aether.Scanner.list": samples(lots, 380), "active: true": samples(lots, 0.2)}
    odd = Race("first entry", "<b>a & b</b>, cold", "ms", {"aether": samples(lots, 2.4, read=4096)}, Target(1))
    return [core, memory, odd]


def commit(number):
    person = {"name": "A", "email": "a@example.com", "username": "a"}
    return {"author": person, "committer": person, "id": f"{number:040x}", "message": f"Change {number}", "timestamp": "2026-01-01T00:00:00Z", "url": ""}


def recorded(records):
    lots = random.Random(7)
    data = {"lastUpdate": 0, "repoUrl": "", "entries": {}}
    for number in range(records):
        better = 1.3 - 0.03 * number
        history.append(data, races(lots, better), commit(number), 1_760_000_000_000 + number * 86_400_000, "a machine")
    return data
