"""slow_rules: how soon scans are cancelled while one of them matches 1 MiB of ignore rules made to be slow."""

from .. import beam, places, trees
from ..race import Contestant, Target

TITLE = "slow rules"
QUICK = False

LENGTH = 1 << 20
# Enough that matching them all takes longer than the wait before the cancel.
FILES = 100_000
TIMES = 3


def run_case(suite):
    options = {"path": tree(), "other": trees.tree("wide"), "times": TIMES}
    once = lambda: beam.sample(beam.FLAGS["default flags"], "own_max_ms", 1, "slow_rules", **options)
    name = f"1 MiB of rules, cancel to summary, slowest of {TIMES}"
    found = suite.race(TITLE, f"{name}, its own scan", [Contestant("aether", once)], target=Target(100))
    suite.add(found.part(f"{name}, another scan", "ms", lambda sample: sample.fields["other_max_ms"], Target(100)))


def tree():
    """Long names, and distinct patterns with wildcards at both ends and in the middle, which match much of every name."""
    path = places.folder(places.TREES / "slow-rules")
    if not (path / ".gitignore").exists():
        fill(path)
    return path


def fill(path):
    for number in range(FILES):
        (path / f"{'a' * 200}{number:05}").touch()
    lines, length = [], 0
    while length <= LENGTH:
        number = len(lines)
        lines.append(f"*{'a' * (number % 37)}*{'b' * (number % 7)}{number}*a*\n")
        length += len(lines[-1])
    # One more would be too long. Written last, so that a tree that has it is complete.
    (path / ".gitignore").write_text("".join(lines[:-1]))
