"""channel: what a slab costs the server, compared with JSON and a LiveView stream of the same entries (bench/channel.exs)."""

import os

from .. import builds, places, tools, trees
from . import script

TITLE = "channel"
QUICK = False


def run_case(suite):
    if not tools.apt("the channel's test server", "erlang-cowlib"):
        tools.left_out(TITLE, "it needs Debian's erlang-cowlib")
        return
    tools.apt("JSON, to compare with", "erlang-jiffy")
    builds.elixir()
    env = {"MIX_ENV": "prod", "ELIXIR_ERL_OPTIONS": "+fnu +Bd"}
    arguments = [trees.tree("flat"), str(trees.entries("flat")), trees.tree("mixed"), trees.tree("empty")]
    command = [os.environ["MIX"], "run", "--no-compile", str(places.BENCH / "channel.exs"), *arguments]
    script.races(suite, TITLE, command, places.ROOT, env)
