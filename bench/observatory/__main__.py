"""The command line of bin/bench."""

import argparse
import sys

from . import builds, cases, history, readme, tools, watchdog
from .say import Failed, say
from .suite import ROUNDS, Suite

USAGE = "bin/bench [NAME ...] [--quick | --full] [--rounds N] [--record] [--readme] [--check [BASE]] [--guards] [--list]"


def arguments():
    parser = argparse.ArgumentParser(prog="bin/bench", usage=USAGE, description="Measures Aether side by side with other walkers; see bench/README.md.")
    parser.add_argument("names", nargs="*", metavar="NAME", help="cases to run (default: all but the longest)")
    parser.add_argument("--quick", action="store_true", help="few cases on a small tree, about a minute")
    parser.add_argument("--full", action="store_true", help="include the cases that take many minutes")
    parser.add_argument("--rounds", type=int, default=ROUNDS, help=f"counted rounds (default and minimum: {ROUNDS})")
    parser.add_argument("--record", action="store_true", help="append to bench/data.js and rewrite the table in README.md")
    parser.add_argument("--readme", action="store_true", help="print the README's table from the newest records, without running anything")
    parser.add_argument("--check", nargs="?", const="", metavar="BASE", help="compare with a base revision, and fail if this tree is slower")
    parser.add_argument("--guards", action="store_true", help="with --check: run only the guards, which noise does not affect")
    parser.add_argument("--list", action="store_true", help="list all cases")
    return parser.parse_args()


def main():
    options = arguments()
    if options.rounds < ROUNDS:
        raise Failed(f"--rounds must be at least {ROUNDS}")
    if options.list:
        print("\n".join(f"{name:14} {cases.load(name).__doc__.splitlines()[0]}" for name in cases.ALL))
        return 0
    if options.readme:
        print(readme.section(history.load()))
        return 0
    unknown = [name for name in options.names if name not in cases.ALL]
    if unknown:
        raise Failed(f"unknown case: {', '.join(unknown)}; choose from: {', '.join(cases.ALL)}")
    builds.gauge()
    if options.check is not None:
        return watchdog.check(options.check, options.quick, options.guards)
    if options.record and options.quick:
        raise Failed("--record does not go with --quick: drop one of them")
    suite = Suite(options.rounds, options.quick, options.full)
    failed = [name for name in chosen(options) if not ran(name, suite, options.record)]
    if options.record:
        readme.rewrite(history.load())
        say("recorded in bench/data.js, and in README.md")
    for name, why in tools.all_left_out().items():
        print(f"Skipped: {name}: {why}")
    for name in failed:
        print(f"Failed: {name}")
    return 1 if failed else 0


def ran(name, suite, record):
    """Runs a case; returns whether it succeeded. A failure must not cost half an hour of the other cases."""
    before = len(suite.races)
    try:
        cases.load(name).run_case(suite)
    except Failed as failure:
        say(f"{name} failed: {failure}")
        return False
    if record:
        history.record(suite.races[before:])
    return True


def chosen(options):
    if options.names:
        return options.names
    if options.quick:
        return [name for name in cases.ALL if cases.load(name).QUICK]
    return [name for name in cases.ALL if options.full or name not in cases.LONG]


try:
    status = main()
except Failed as failure:
    say(str(failure))
    status = 1
except KeyboardInterrupt:
    status = 130
sys.exit(status)
