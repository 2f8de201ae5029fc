"""Paths: the source tree, the cache outside of it, the trees to walk. Only creates directories."""

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BENCH = ROOT / "bench"

_home = os.environ.get("XDG_CACHE_HOME") or os.path.join(os.path.expanduser("~"), ".cache")
CACHE = Path(os.environ.get("AETHER_BENCH_CACHE") or os.path.join(_home, "aether-bench"))
TREES = Path(os.environ.get("AETHER_BENCH_TREES") or CACHE / "trees")
TOOLS = CACHE / "tools"
LOG = CACHE / "setup.log"
HISTORY = BENCH / "data.js"
README = ROOT / "README.md"


def folder(path):
    path.mkdir(parents=True, exist_ok=True)
    return path


def scratch(name):
    """A path for files that a case writes, such as databases and lists. On the cache's disk, as a user's would be."""
    return folder(CACHE / "scratch") / name
