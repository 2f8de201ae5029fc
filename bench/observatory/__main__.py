"""The command line of bin/bench."""

import argparse
import sys

from . import builds, cases, history, readme, tools, watchdog
from .say import Failed, say
from .suite import ROUNDS, Suite

USAGE = "bin/bench [NAME ...] [--quick | --full] [--rounds N] [--record] [--readme] [--check [BASE]] [--guards] [--list]"


def arguments():
    parser = argparse.ArgumentParser(prog="bin/bench", usage=USAGE, description="Measures Aether side by side with its peers; see bench/README.md.")
    parser.add_argument("names", nargs="*", metavar="NAME", help="cases; all but the longest if none is named")
    parser.add_argument("--quick", action="store_true", help="a minute's worth: few cases, a small tree")
    parser.add_argument("--full", action="store_true", help="also the cases that take many minutes")
    parser.add_argument("--rounds", type=int, default=ROUNDS, help=f"counted rounds (default and least: {ROUNDS})")
    parser.add_argument("--record", action="store_true", help="append to bench/data.js and rewrite the table in README.md")
    parser.add_argument("--readme", action="store_true", help="print the README's table of the newest record, and run nothing")
    parser.add_argument("--check", nargs="?", const="", metavar="BASE", help="compare with a base revision; fail where this tree is slower")
    parser.add_argument("--guards", action="store_true", help="with --check: only what no noise touches")
    parser.add_argument("--list", action="store_true", help="the names of all cases")
    return parser.parse_args()


def main():
    options = arguments()
    if options.rounds < ROUNDS:
        raise Failed(f"--rounds: at least {ROUNDS}")
    if options.list:
        print("\n".join(f"{name:14} {cases.load(name).__doc__.splitlines()[0]}" for name in cases.ALL))
        return 0
    if options.readme:
        print(readme.section(history.load()))
        return 0
    unknown = [name for name in options.names if name not in cases.ALL]
    if unknown:
        raise Failed(f"no case {', '.join(unknown)}; there are: {', '.join(cases.ALL)}")
    builds.gauge()
    if options.check is not None:
        return watchdog.check(options.check, options.quick, options.guards)
    if options.record and options.quick:
        raise Failed("--record: a quick run is no record")
    suite = Suite(options.rounds, options.quick, options.full)
    failed = [name for name in chosen(options) if not ran(name, suite, options.record)]
    if options.record:
        readme.rewrite(history.load())
        say("recorded in bench/data.js, and in README.md")
    for name, why in tools.all_left_out().items():
        print(f"Left out: {name}: {why}")
    for name in failed:
        print(f"Failed: {name}")
    return 1 if failed else 0


def ran(name, suite, record):
    """Whether a case came to its end. One that does not is no reason to lose half an hour of the others."""
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
