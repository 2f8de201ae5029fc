"""Installs the other walkers into the cache, from Debian's packages where they exist.

Nothing is fatal here: a program that cannot be installed is named and skipped. Output of installers goes to a log.
"""

import os
import shutil
import subprocess

from . import places
from .say import say

_left_out = {}


def left_out(name, why):
    """Reports that something is skipped, once per name."""
    if name not in _left_out:
        _left_out[name] = why
        say(f"skipped: {name}: {why}")


def all_left_out():
    return dict(_left_out)


def quietly(command, **kwargs):
    """Runs a command with its output in the log; returns whether it succeeded."""
    places.folder(places.CACHE)
    with open(places.LOG, "a", encoding="utf-8", errors="replace") as log:
        log.write(f"\n$ {' '.join(map(str, command))}\n")
        log.flush()
        try:
            return subprocess.run(command, stdout=log, stderr=log, stdin=subprocess.DEVNULL, **kwargs).returncode == 0
        except OSError as error:
            log.write(f"{error}\n")
            return False


def apt(why, *packages):
    """Installs packages through bin/setup.sh, as everywhere in this project."""
    script = 'cd "$1" && . bin/setup.sh && shift && install "$@"'
    return quietly(["bash", "-c", script, "apt", places.ROOT, why, *packages])


def debian(program, package, why="other people's walkers, to race against"):
    """The path of a program, installed from a Debian package if need be."""
    found = shutil.which(program)
    if not found:
        say(f"installing {package}")
        apt(why, package)
        found = shutil.which(program)
    return found


def crate(program, crate_name, *options):
    """The path of a program, installed from crates.io if need be."""
    root = places.TOOLS / "cargo"
    path = root / "bin" / program
    if not path.exists():
        say(f"building {crate_name} from crates.io (once)")
        quietly(["cargo", "install", "--quiet", "--locked", "--root", root, *options, crate_name])
    return str(path) if path.exists() else None


def zig():
    """The path of Zig, from PyPI's ziglang. zlob needs 0.16, and libclang for its bindings."""
    path = places.TOOLS / "zig" / "ziglang" / "zig"
    if not path.exists():
        say("installing Zig from PyPI and libclang from Debian, to build zlob (once)")
        python = ["/usr/bin/python3", "-m", "pip"]
        if not quietly(python + ["--version"]):
            apt("zlob is built with Zig, which comes from PyPI", "python3-pip")
        quietly(python + ["install", "--quiet", "--target", places.TOOLS / "zig", "ziglang==0.16.*"])
    return str(path) if path.exists() and apt("zlob's bindings are made with libclang", "libclang1") else None


def fdir():
    """Node, and the directory with fdir from npm."""
    node = shutil.which("node") or debian("node", "nodejs")
    folder = places.TOOLS / "fdir"
    if node and not (folder / "node_modules/fdir/package.json").exists():
        npm = shutil.which("npm") or debian("npm", "npm")
        if npm:
            say("installing fdir from npm (once)")
            quietly([npm, "install", "--silent", "--no-save", "--prefix", places.folder(folder), "fdir@6"])
    return (node, str(folder)) if node and (folder / "node_modules/fdir/package.json").exists() else None


def version(command):
    """The first line that a program prints about its version."""
    try:
        ended = subprocess.run(command, capture_output=True, text=True, errors="replace", env=dict(os.environ, LC_ALL="C"))
        return (ended.stdout.strip() or ended.stderr.strip()).splitlines()[0].strip()
    except (OSError, IndexError):
        return ""
