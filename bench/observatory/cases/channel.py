"""channel: what a slab costs the server, passed on, beside JSON and a LiveView stream of the same entries (bench/channel.exs)."""

import os

from .. import builds, places, tools
from . import script

TITLE = "channel"
QUICK = False


def run_case(suite):
    path = places.BENCH / "channel.exs"
    if not path.exists():
        tools.left_out(TITLE, "there is no bench/channel.exs yet")
        return
    builds.elixir()
    env = {"MIX_ENV": "prod", "ELIXIR_ERL_OPTIONS": "+fnu +Bd"}
    script.races(suite, TITLE, [os.environ["MIX"], "run", "--no-compile", str(path)], places.ROOT, env)
