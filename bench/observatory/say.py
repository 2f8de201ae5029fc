"""Messages about progress, on stderr: standard output only has the tables."""

import sys
import time

_begun = time.monotonic()


def say(text):
    print(f"{time.monotonic() - _begun:6.0f} s  {text}", file=sys.stderr, flush=True)


class Failed(Exception):
    """Ends the run with its message and exit status 1, without a traceback, which would not help the user."""
