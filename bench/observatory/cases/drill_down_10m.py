"""drill-down in an index of 10,000,000 entries: only by name or with --full, as it takes ten minutes and 1 GB of disk."""

from . import drill_down

TITLE = drill_down.TITLE
QUICK = False


def run_case(suite):
    drill_down.run_case(suite, 10_000_000)
