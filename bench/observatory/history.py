"""bench/data.js: every recorded run, in the format that github-action-benchmark reads and writes.

`window.BENCHMARK_DATA = {lastUpdate, repoUrl, entries: {SUITE: [{commit, date, tool, benches}]}}`; a suite is a case, a bench is a
contestant in a race, named "RACE / WHO". Anything that the format has no field for is in `extra`, one line each.
"""

import json
import os
import re
import subprocess
import time

from . import places, stats
from .say import Failed

PREFIX = "window.BENCHMARK_DATA = "
SEPARATOR = " / "
# Maximum number of runs kept per case.
KEPT = 30


def load(path=places.HISTORY):
    if not path.exists():
        return {"lastUpdate": 0, "repoUrl": "", "entries": {}}
    text = path.read_text(encoding="utf-8")
    if not text.startswith(PREFIX):
        raise Failed(f"{path} does not begin with {PREFIX.strip()}")
    return json.loads(text[len(PREFIX) :])


def store(data, path=places.HISTORY):
    """Writes a new file and renames it: a run that is interrupted must not leave half a history."""
    beside = path.with_name(path.name + ".new")
    beside.write_text(PREFIX + json.dumps(data, indent=2) + "\n", encoding="utf-8")
    beside.replace(path)


def append(data, races, commit, date, machine):
    """Appends one entry for each case that ran."""
    by_case = {}
    for race in races:
        by_case.setdefault(race.case, []).extend(benches(race, machine))
    for case, found in by_case.items():
        entry = {"commit": commit, "date": date, "tool": "customSmallerIsBetter", "benches": found}
        data["entries"][case] = (data["entries"].get(case, []) + [entry])[-KEPT:]
    data["lastUpdate"] = date
    return data


def benches(race, machine):
    for name, samples in race.samples.items():
        values = race.values(name)
        extra = [f"median of {len(values)} rounds"]
        compared = race.compared(name)
        if compared:
            doubt = "" if compared["is_decided"] else " (cannot tell)"
            extra.append(f"ratio to ours: {compared['ratio']:.3f} [{compared['low']:.3f}, {compared['high']:.3f}]{doubt}")
        for what, pick in (("cpu ms", lambda s: s.cpu_ms), ("peak MB", lambda s: s.peak_mb)):
            extra.append(f"{what}: {stats.median(pick(sample) for sample in samples):.1f}")
        extra.append(f"read bytes: {max(sample.read_bytes for sample in samples)}")
        limit = race.target.value(race) if race.target and name == race.ours else None
        if limit is not None:
            extra.append(f"target: {limit:.6g} ({race.target.text(race.unit)}, {'met' if race.met() else 'missed'})")
        if name in race.variants:
            extra.append("variant")
        if name == race.ours:
            extra += ["ours", f"machine: {machine}"]
            extra += [f"warning: {warning}" for warning in race.warnings()]
        series = _series(samples)
        if series:
            extra.append(f"series: {series}")
        yield {
            "name": race.name + SEPARATOR + name,
            "value": _short(stats.median(values)),
            "range": f"± {_short(stats.mad(values))}",
            "unit": race.unit,
            "extra": "\n".join(extra),
        }


def _series(samples):
    """The series over time of the median run."""
    middle = sorted(samples, key=lambda sample: sample.value)[len(samples) // 2]
    found = re.search(r"\bseries=(\S+)", middle.text)
    return found.group(1) if found else ""


def _short(value):
    return float(f"{value:.5g}")


def commit():
    """The revision that ran, from git."""
    form = "%H%n%an%n%ae%n%cn%n%ce%n%cI%n%s"
    ended = subprocess.run(["git", "log", "-1", f"--format={form}"], cwd=places.ROOT, capture_output=True, text=True)
    if ended.returncode != 0:
        raise Failed(f"cannot record without a commit: {ended.stderr.strip()}")
    revision, author, author_mail, committer, committer_mail, at, subject = ended.stdout.rstrip("\n").split("\n")[:7]
    return {
        "author": {"name": author, "email": author_mail, "username": author},
        "committer": {"name": committer, "email": committer_mail, "username": committer},
        "id": revision,
        "message": subject,
        "timestamp": at,
        "url": "",
    }


def machine():
    """The machine, which one must know to read the figures."""
    with open("/proc/cpuinfo") as file:
        model = re.search(r"model name\s*:\s*(.+)", file.read())
    with open("/proc/meminfo") as file:
        memory = int(re.search(r"MemTotal:\s*(\d+)", file.read()).group(1)) / 1048576
    release = os.uname().release.split("-")[0]
    return f"{os.cpu_count()} processors ({model.group(1).strip() if model else os.uname().machine}), {memory:.0f} GB, Linux {release}, OTP {otp_release()}"


def otp_release():
    script = "io:put_chars(erlang:system_info(otp_release)),halt()."
    ended = subprocess.run([os.environ.get("ERL", "erl"), "-noshell", "-eval", script], capture_output=True, text=True)
    return ended.stdout.strip() or "?"


def record(races):
    data = append(load(), races, commit(), int(time.time() * 1000), machine())
    store(data)
