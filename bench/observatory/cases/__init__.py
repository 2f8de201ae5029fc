"""The cases, by the name that bin/bench takes. To add one: a module here with TITLE, QUICK and run_case(suite), and its line below."""

from importlib import import_module

ALL = ["core_race", "honest_race", "nif_overhead", "first_entry", "parallel_scans", "memory", "cancel"]
ALL += ["slow", "cold", "parked", "hung", "slow_rules"]
ALL += ["index", "drill_down", "drill_down_10m", "search", "channel", "click"]
# By name or with --full only: these take minutes each.
LONG = ["drill_down_10m", "search", "click"]


def load(name):
    return import_module(f"{__name__}.{name}")
