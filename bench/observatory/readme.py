"""The README's table of figures: made from the newest records in bench/data.js and written between two marks."""

import re
from datetime import datetime, timezone

from . import history, places
from .report import figure, table
from .say import Failed

BEGIN, END = "<!-- measured -->", "<!-- /measured -->"
RACE = "core race"
# Only on the page: variations of what the README has.
ONLY_ON_THE_PAGE = re.compile(r"\+sbwt none|schedulers occupied|, p50$|, slowest|written back|the unsent slab of each|NIF overhead: .*1 thread$|^drill-down: (?!.* by name)")


def rewrite(data):
    text = places.README.read_text(encoding="utf-8")
    if BEGIN not in text or END not in text:
        raise Failed(f"README.md has no {BEGIN} … {END}")
    head, rest = text.split(BEGIN, 1)
    tail = rest.split(END, 1)[1]
    places.README.write_text(f"{head}{BEGIN}\n\n{section(data)}\n\n{END}{tail}", encoding="utf-8")


def section(data):
    newest = {case: entries[-1] for case, entries in data["entries"].items() if entries}
    if not newest:
        raise Failed("bench/data.js has no record yet: bin/bench --record")
    latest = max(newest.values(), key=lambda entry: entry["date"])
    machine = next(re.search(r"^machine: (.+)$", bench["extra"], re.MULTILINE).group(1) for bench in latest["benches"] if own(bench))
    day = datetime.fromtimestamp(latest["date"] / 1000, timezone.utc).strftime("%Y-%m-%d")
    parts = [
        f"Recorded by `bin/bench --record`, last on {day} at {latest['commit']['id'][:12]}: {machine}, warm cache. Medians; *× ours* is how many times as "
        "long the other took, round by round: **over 1 we are faster, under 1 the other is**, ≈ where the rounds cannot decide."
    ]
    if RACE in newest:
        parts.append(walkers(newest[RACE]["benches"]))
    rest = [row for case, entry in newest.items() if case != RACE for row in others(case, entry["benches"])]
    if rest:
        parts.append(table(rest))
    return "\n\n".join(parts)


def races(benches):
    """Benches by race, then by contestant; ours first."""
    found = {}
    for bench in benches:
        race, _, who = bench["name"].partition(history.SEPARATOR)
        found.setdefault(race, {})[who] = bench
    return found


def ratio(bench):
    """The text of a cell, with losses in bold."""
    match = re.search(r"ratio to ours: ([\d.]+) \[([\d.]+), ([\d.]+)\]( \(cannot tell\))?", bench["extra"])
    if not match:
        return ""
    value = float(match.group(1))
    if match.group(4):
        return f"{figure(value)} ≈"
    lost = value < 1 and "variant" not in bench["extra"].split("\n")
    return f"**{figure(value)}**" if lost else figure(value)


def walkers(benches):
    """A row for each race, a column for each walker."""
    found = races(benches)
    names = []
    for contestants in found.values():
        names += [name for name in contestants if name not in names]
    peers = [name for name in names if not is_ours(found, name)]
    rows = []
    for race, contestants in found.items():
        ours = next(bench for bench in contestants.values() if own(bench))
        cells = {name: ratio(contestants[name]) if name in contestants else "–" for name in peers}
        rows.append({"whole processes, × ours": race, "Aether, ms": figure(ours["value"]), **cells})
    return table(rows)


def own(bench):
    return "ours" in bench["extra"].split("\n")


def is_ours(found, name):
    return any(name in contestants and own(contestants[name]) for contestants in found.values())


def others(case, benches):
    """A row for each race: ours, the target, and the others with their ratios."""
    for race, contestants in races(benches).items():
        ours = next((bench for bench in contestants.values() if own(bench)), None)
        if not ours or ONLY_ON_THE_PAGE.search(f"{case}: {race}"):
            continue
        target = re.search(r"target: \S+ \((.+), (met|missed)\)", ours["extra"])
        ratios = [f"{name} {ratio(bench)}" for name, bench in contestants.items() if bench is not ours]
        yield {
            "case": f"{case}: {race}",
            "Aether": f"{figure(ours['value'])} {ours['unit']}",
            "target": f"{target.group(1)}: {target.group(2)}" if target else "",
            "others, × ours": ", ".join(ratios),
        }
