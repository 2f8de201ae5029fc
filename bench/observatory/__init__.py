"""The runner behind bin/bench: cases, rounds, statistics, history, the watchdog. Python's standard library alone."""
