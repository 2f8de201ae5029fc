"""Python's os.scandir, printing the floor program's line: scandir.py [--names] [--threads N] DIRECTORY. A stack, no recursion.
With --threads, a pool of N threads reads the metadata of a directory's entries, one directory after another."""

import os
import sys
import time
from concurrent.futures import ThreadPoolExecutor

names = "--names" in sys.argv
left = [os.fsencode(sys.argv[-1])]
entries = size = 0


def stat(entry):
    return entry.stat(follow_symlinks=False)


def with_pool(listing, pool):
    global entries, size
    listed = list(listing)
    for entry, seen in zip(listed, pool.map(stat, listed)):
        entries += 1
        if entry.is_dir(follow_symlinks=False):
            left.append(entry.path)
        size += seen.st_size


pool = ThreadPoolExecutor(int(sys.argv[sys.argv.index("--threads") + 1])) if "--threads" in sys.argv else None
began = time.monotonic_ns()
while left:
    with os.scandir(left.pop()) as listing:
        if pool:
            with_pool(listing, pool)
            continue
        for entry in listing:
            entries += 1
            if entry.is_dir(follow_symlinks=False):
                left.append(entry.path)
            if not names:
                seen = entry.stat(follow_symlinks=False)
                size += seen.st_size
                seen.st_mtime_ns
print(f"entries={entries} bytes={size} walk_ns={time.monotonic_ns() - began}")
