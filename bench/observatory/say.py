"""Words on the way, all on stderr: standard output has the tables and nothing else."""

import sys
import time

_begun = time.monotonic()


def say(text):
    print(f"{time.monotonic() - _begun:6.0f} s  {text}", file=sys.stderr, flush=True)


class Failed(Exception):
    """Ends the run with its text and exit status 1: no traceback helps whoever reads it."""
