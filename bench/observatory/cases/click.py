"""click to render: from a click on a folder to its rows laid out, and on a file to its selection; over a real socket, in Chromium
without a driver (assets/bench/socket.ts)."""

import json
import os
import re
import shutil

from .. import builds, places, tools
from ..race import Race, Target
from ..sample import Sample, run
from ..say import say

TITLE = "click to render"
QUICK = False

ASSETS = places.ROOT / "assets"
LINE = re.compile(r"^ *(a click .+) \(ms\): (\{.*\})$")


def run_case(suite):
    chromium = shutil.which("chromium") or tools.debian("chromium", "chromium", "rows are rendered by a browser")
    if not chromium or not (ASSETS / "node_modules" / "playwright-core").exists():
        tools.left_out(TITLE, "it needs Chromium and what assets/test.sh installs")
        return
    node = places.ROOT / ".cache" / "node" / "node_modules" / "node" / "bin"
    builds.elixir()
    env = {"CHROMIUM": chromium, "PATH": f"{node}:{os.environ['PATH']}"}
    found = {}
    # Every run clicks fifty folders and as many files.
    for number in range(suite.rounds):
        say(f"{TITLE}: round {number + 1} of {suite.rounds}")
        sample = run(["npm", "run", "--silent", "bench:socket", "--", "1", "click"], output=True, env=env, cwd=ASSETS)
        for line in sample.text.splitlines():
            match = LINE.match(line)
            for part in ("median", "p95") if match else ():
                value = json.loads(match.group(2))[part]
                one = Sample(sample.wall_ms, sample.cpu_ms, sample.peak_mb, sample.read_bytes, {}, value)
                found.setdefault((match.group(1), part), []).append(one)
    for (what, part), samples in found.items():
        bar = None if what.endswith("painted") else {"median": 16, "p95": 33}[part]
        suite.add(Race(TITLE, f"{what}, {part}", "ms", {"aether": samples}, Target(bar) if bar else None))
