"""Python's os.scandir behind the floor program's line: scandir.py [--names] DIRECTORY. A stack, no recursion."""

import os
import sys

names = "--names" in sys.argv
left = [os.fsencode(sys.argv[-1])]
entries = size = 0
while left:
    with os.scandir(left.pop()) as listing:
        for entry in listing:
            entries += 1
            if entry.is_dir(follow_symlinks=False):
                left.append(entry.path)
            if not names:
                seen = entry.stat(follow_symlinks=False)
                size += seen.st_size
                seen.st_mtime_ns
print(f"entries={entries} bytes={size}")
