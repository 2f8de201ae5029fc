"""The other walkers: the command of each to list a tree, with a number of threads, names only or with sizes and times.

tools.py installs them. A command of None means that the walker does not take part. Output goes to /dev/null, which is cheaper for a
printing program than a pipe that another process must empty.
"""

import functools
import os
import re
import subprocess
from dataclasses import dataclass
from typing import Callable, Optional

from . import builds, places, tools


@dataclass(frozen=True)
class Walk:
    path: str
    threads: int
    metadata: bool

    def shape(self, names, metadata):
        return metadata if self.metadata else names


@dataclass(frozen=True)
class Peer:
    """`counts` is how its entries are counted before a race: "names" that end in NUL, its own "fields", or not at all (None)."""

    name: str
    command: Callable[[Walk], Optional[list]]
    counts: Optional[str] = "names"
    env: Callable[[Walk], dict] = lambda walk: {}
    version: str = ""


def _own(*program):
    """The command line that the floor program, the core's example and bench/peers share."""
    return lambda walk: [*program, "--threads", str(walk.threads), *walk.shape(["--names"], []), walk.path]


def _single(command):
    """For a walker with a single thread: takes part only with one thread."""
    return lambda walk: command(walk) if walk.threads == 1 else None


def _printf(walk):
    return ["-mindepth", "1", "-printf", walk.shape(r"%P\0", r"%y %s %T@ %P\0")]


@functools.cache
def ours():
    return Peer("aether", _own(builds.core("walk")), "fields")


@functools.cache
def floor():
    return Peer("floor", _own(str(builds.floor())), "fields")


@functools.cache
def crates():
    """zlob, ignore, jwalk and walkdir behind one command line: bench/peers."""
    target = places.CACHE / "peers"
    build = ["cargo", "build", "--release", "--locked", "--manifest-path", places.BENCH / "peers" / "Cargo.toml", "--target-dir", target]
    compiler = tools.zig()
    program = str(target / "release" / "peers")
    if compiler and tools.quietly(build + ["--features", "zlob"], env=dict(os.environ, ZIG=compiler)):
        names = ["zlob", "ignore", "jwalk", "walkdir"]
    elif tools.quietly(build):
        tools.left_out("zlob", f"it needs Zig 0.16 from PyPI and libclang from Debian (see {places.LOG})")
        names = ["ignore", "jwalk", "walkdir"]
    else:
        tools.left_out("zlob, ignore, jwalk, walkdir", f"bench/peers does not build (see {places.LOG})")
        return []
    lock = (places.BENCH / "peers" / "Cargo.lock").read_text()
    found = []
    for name in names:
        version = re.search(rf'name = "{name}"\nversion = "([^"]+)"', lock)
        command = _own(program, name)
        found.append(Peer(name, _single(command) if name == "walkdir" else command, "fields", version=version.group(1) if version else ""))
    return found


def find():
    return Peer("find", _single(lambda walk: ["find", walk.path, *_printf(walk)]), version=tools.version(["find", "--version"]))


@functools.cache
def fd():
    program = tools.crate("fd", "fd-find")
    if not program:
        return tools.left_out("fd", "crates.io's fd-find does not build")

    # It cannot print size and mtime; a size filter makes it read them, for files only.
    def command(walk):
        asks = walk.shape([], ["--type", "f", "--size", "+0b"])
        return [program, "-HI", "--no-ignore", "-0", "-j", str(walk.threads), *asks, ".", walk.path]

    return Peer("fd", command, version=tools.version([program, "--version"]))


@functools.cache
def fdf():
    program = tools.crate("fdf", "fdf")
    if not program:
        return tools.left_out("fdf", "it does not build from crates.io (it wants Rust 1.94)")

    # As with fd: a size filter makes it read the metadata of files.
    def command(walk):
        asks = walk.shape([], ["--type", "f", "--size", "+0b"])
        return [program, "-HI", "-0", "-j", str(walk.threads), *asks, ".", walk.path]

    return Peer("fdf", command, version=tools.version([program, "--version"]))


@functools.cache
def bfs():
    program = tools.debian("bfs", "bfs")
    if not program:
        return tools.left_out("bfs", "Debian's package bfs cannot be installed")
    # It has threads since version 3.
    threaded = subprocess.run([program, "-j2", "/dev/null"], capture_output=True).returncode == 0

    def command(walk):
        jobs = [f"-j{walk.threads}"] if threaded else []
        return [program, *jobs, walk.path, *_printf(walk)]

    return Peer("bfs", command if threaded else _single(command), version=tools.version([program, "--version"]))


@functools.cache
def ripgrep():
    program = tools.crate("rg", "ripgrep")
    if not program:
        return tools.left_out("ripgrep", "it does not build from crates.io")

    # Only names of files: it does not report directories or links.
    def command(walk):
        quiet = ["--files", "--null", "--no-ignore", "--hidden", "--no-config"]
        return walk.shape([program, *quiet, "-j", str(walk.threads), walk.path], None)

    return Peer("ripgrep", command, version=tools.version([program, "--version"]))


@functools.cache
def disk_usage():
    """dua, dust and gdu add up sizes and print a summary: with metadata only, and nothing to count."""
    found = []
    dua = tools.crate("dua", "dua-cli", "--no-default-features")
    if dua:
        command = lambda walk: walk.shape(None, [dua, "-t", str(walk.threads), "--apparent-size", "aggregate", walk.path])
        found.append(Peer("dua", command, None, version=tools.version([dua, "--version"])))
    else:
        tools.left_out("dua", "crates.io's dua-cli does not build")
    dust = tools.crate("dust", "du-dust")
    if dust:
        command = lambda walk: walk.shape(None, [dust, "-T", str(walk.threads), "-P", "-s", "-n", "1", walk.path])
        found.append(Peer("dust", command, None, version=tools.version([dust, "--version"])))
    else:
        tools.left_out("dust", "crates.io's du-dust does not build")
    gdu = tools.debian("gdu", "gdu")
    if gdu:
        command = lambda walk: walk.shape(None, [gdu, "-n", "-p", "-s", "-m", str(walk.threads), "-l", "/dev/null", walk.path])
        match = re.search(r"Version:\s*v?(\S+)", _all_of([gdu, "--version"]))
        found.append(Peer("gdu", command, None, version=f"gdu {match.group(1)}" if match else ""))
    else:
        tools.left_out("gdu", "Debian's package gdu cannot be installed")
    return found


def _all_of(command):
    return subprocess.run(command, capture_output=True, text=True).stdout


@functools.cache
def fdir():
    found = tools.fdir()
    if not found:
        return tools.left_out("fdir", "npm's fdir cannot be installed, or there is no node")
    node, folder = found
    script = str(places.BENCH / "peers" / "fdir.cjs")
    # Names only. With one thread it is called synchronously, which is its fastest mode.
    command = lambda walk: walk.shape([node, script, str(walk.threads), walk.path], None)
    env = lambda walk: {"NODE_PATH": os.path.join(folder, "node_modules"), "UV_THREADPOOL_SIZE": str(walk.threads)}
    return Peer("fdir", command, "fields", env, version="fdir 6 on node " + tools.version([node, "--version"]))


def scandir():
    script = str(places.BENCH / "peers" / "scandir.py")
    python = "/usr/bin/python3" if os.path.exists("/usr/bin/python3") else "python3"
    command = _single(lambda walk: [python, "-S", script, *walk.shape(["--names"], []), walk.path])
    return Peer("os.scandir", command, "fields", version=tools.version([python, "--version"]))


def everyone():
    """All available walkers, ours and the floor first."""
    others = [*crates(), find(), fd(), fdf(), bfs(), ripgrep(), *disk_usage(), fdir(), scandir()]
    return [ours(), floor(), *(peer for peer in others if peer)]
