"""The trees to walk, made once by bench/trees.sh, and the few changes that cases make to them."""

import functools
import os
import random
import subprocess

from . import places
from .say import Failed, say


@functools.cache
def tree(name):
    """The path of a tree, which is made if it is missing."""
    return made(name, places.TREES)


def made(name, folder):
    """Like `tree`, in another directory."""
    if not (folder / f"{name}.done").exists():
        say(f"making the tree {name} beneath {folder} (once)")
    plain, small = (name[: -len("-small")], ["--small"]) if name.endswith("-small") else (name, [])
    ended = subprocess.run([places.BENCH / "trees.sh", "--dir", folder, *small, plain], capture_output=True, text=True)
    if ended.returncode != 0:
        raise Failed(f"bench/trees.sh {name}: {ended.stderr.strip()}")
    return str(folder / name)


def entries(name):
    tree(name)
    return count(name, places.TREES)


def count(name, folder):
    return int((folder / f"{name}.done").read_text())


@functools.cache
def files(name):
    """The paths of all regular files, as bytes, in a fixed order."""
    found, left = [], [os.fsencode(tree(name))]
    while left:
        with os.scandir(left.pop()) as listing:
            for entry in listing:
                if entry.is_dir(follow_symlinks=False):
                    left.append(entry.path)
                elif entry.is_file(follow_symlinks=False):
                    found.append(entry.path)
    return sorted(found)


def touch(name, share, turn):
    """Changes the mtime of a share of the files, spread over the tree, for a rescan to detect."""
    paths = files(name)
    chosen = random.Random(turn).sample(paths, max(1, int(len(paths) * share)))
    for path in chosen:
        seen = os.stat(path, follow_symlinks=False)
        os.utime(path, ns=(seen.st_atime_ns, seen.st_mtime_ns + 1_000_000_000), follow_symlinks=False)
    return len(chosen)
