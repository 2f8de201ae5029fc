"""One run of one contestant: a process under `gauge`, with its wall and processor time, peak memory and bytes read.

A program may print name=value pairs about itself on standard output; the numbers among them become `fields`.
"""

import os
import subprocess
import tempfile
from dataclasses import dataclass, field

from . import places
from .say import Failed


@dataclass
class Sample:
    """`value` is what is compared, in the race's unit; lower is better. The rest is shown beside it."""

    wall_ms: float
    cpu_ms: float
    peak_mb: float
    read_bytes: int
    fields: dict = field(default_factory=dict)
    value: float = 0.0
    text: str = ""


def pairs(text):
    """The numbers among name=value words."""
    found = {}
    for word in text.split():
        name, equals, value = word.partition("=")
        if equals:
            try:
                found[name] = float(value)
            except ValueError:
                continue
    return found


def run(command, output=False, env=None, cwd=None, allowed=(0,)):
    """Runs a command to its end. Its output is dropped unless `output` is set; it then goes to a file, as a pipe must be emptied."""
    environment = dict(os.environ, LC_ALL="C")
    environment.update(env or {})
    with tempfile.TemporaryDirectory(prefix="gauge-") as folder, tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        report = os.path.join(folder, "report")
        gauge = [str(places.TOOLS / "gauge"), report]
        ended = subprocess.run(
            gauge + [os.fspath(word) for word in command],
            stdin=subprocess.DEVNULL,
            stdout=out if output else subprocess.DEVNULL,
            stderr=err,
            env=environment,
            cwd=cwd,
        )
        out.seek(0)
        text = out.read().decode("utf-8", "replace")
        if ended.returncode not in allowed:
            err.seek(0)
            why = err.read().decode("utf-8", "replace").strip()[-2000:] or text[-2000:]
            raise Failed(f"{os.fspath(command[0])} ended with status {ended.returncode}: {why}")
        with open(report) as file:
            used = pairs(file.read())
    return Sample(
        wall_ms=used["wall_ns"] / 1e6,
        cpu_ms=(used["user_us"] + used["system_us"]) / 1e3,
        peak_mb=used["peak_kb"] / 1024,
        read_bytes=int(used["read_bytes"]),
        fields=pairs(text) if output else {},
        value=used["wall_ns"] / 1e6,
        text=text,
    )
