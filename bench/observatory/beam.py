"""Contestants in the BEAM: each run is a VM of its own, so that all of its memory and processor time is measured.

Each runs with the VM's default flags and with `+sbwt none`: by default, idle schedulers spin for a while and take the walkers'
processors. Both are fair: the first is what users get, the second what the guide recommends.
"""

import os

from . import builds
from .sample import run

FLAGS = {
    "default flags": [],
    "+sbwt none": ["+sbwt", "none", "+sbwtdcpu", "none", "+sbwtdio", "none"],
}


def command(flags, what, **options):
    """The command line of a VM that runs one contestant of bench/beam."""
    words = [f"{name}={value}" for name, value in options.items() if value is not None]
    return vm(flags, builds.elixir(), what, words)


def vm(flags, aether, what, words):
    paths = ["-pa", os.environ["ELIXIR"], aether, os.path.join(os.path.dirname(aether), "consolidated"), builds.helpers(aether)]
    start = ["-noinput", "-boot", "no_dot_erlang", "-start_epmd", "false", "+fnu"]
    return [os.environ["ERL"], *start, *flags, *paths, "-s", "Elixir.Bench.Main", "main", "-extra", what, *words]


def sample(flags, field, scale, what, **options):
    """One run, compared by a field of its output, in the race's unit."""
    found = run(command(flags, what, **options), output=True)
    found.value = found.fields[field] * scale
    return found


def work(flags, what, **options):
    """The time of the work itself, in ms, without the VM's start, which is the same for all contestants in a VM."""
    return sample(flags, "work_ns", 1e-6, what, **options)
