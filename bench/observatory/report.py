"""Prints a race as a Markdown table on standard output, with its warnings."""

from . import stats


def figure(value):
    """Three significant digits, never an exponent."""
    size = abs(value)
    if size >= 1000:
        return f"{value:,.0f}"
    if size >= 100:
        return f"{value:.0f}"
    if size >= 10:
        return f"{value:.1f}"
    return f"{value:.2f}" if size >= 0.095 or value == 0 else f"{value:.4f}"


def ratio(compared):
    """With `≈` where the rounds cannot decide which is faster."""
    if compared is None:
        return ""
    return f"{figure(compared['ratio'])}{'' if compared['is_decided'] else ' ≈'}"


def verdict(race):
    """Text that says whether ours meets the target."""
    met = race.met()
    return "" if met is None else f"target {race.target.text(race.unit)}: {'met' if met else 'MISSED'}"


def rows(race):
    """Ours first, then by speed."""
    names = sorted(race.samples, key=lambda name: (name != race.ours, stats.median(race.values(name))))
    for name in names:
        samples = race.samples[name]
        values = race.values(name)
        compared = race.compared(name)
        median = lambda pick: figure(stats.median(pick(sample) for sample in samples))
        yield {
            "": name,
            race.unit: figure(stats.median(values)),
            "± MAD": figure(stats.mad(values)),
            "× ours": ratio(compared),
            "95 %": f"{figure(compared['low'])} – {figure(compared['high'])}" if compared else "",
            "CPU ms": median(lambda sample: sample.cpu_ms),
            "peak MB": median(lambda sample: sample.peak_mb),
            "read": f"{max(sample.read_bytes for sample in samples):,}",
        }


def table(found):
    found = list(found)
    head = list(found[0])
    lines = [head, ["---"] * len(head), *([row[name] for name in head] for row in found)]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def show(race):
    counts = {len(samples) for samples in race.samples.values()}
    parts = [f"{max(counts)} rounds"] + ([verdict(race)] if verdict(race) else [])
    print(f"\n### {race.case}: {race.name}\n\n{', '.join(parts)}\n")
    print(table(rows(race)), flush=True)
    for name, note in race.notes.items():
        print(f"\n{name}: {note}")
    for warning in race.warnings():
        print(f"\nWarning: {warning}.")
    print(flush=True)
