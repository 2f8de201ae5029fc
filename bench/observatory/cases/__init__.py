"""The cases, by their names on the command line. To add one, write a module here with TITLE, QUICK and run_case(suite), and list it below."""

from importlib import import_module

ALL = ["core_race", "honest_race", "nif_overhead", "first_entry", "parallel_scans", "memory", "cancel"]
ALL += ["slow", "cold", "parked", "hung", "slow_rules"]
ALL += ["index", "drill_down", "drill_down_10m", "search", "channel", "click", "terminal"]
# Only by name or with --full: these take minutes each.
LONG = ["drill_down_10m", "search", "click", "terminal"]


def load(name):
    return import_module(f"{__name__}.{name}")
