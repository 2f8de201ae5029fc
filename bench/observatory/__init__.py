"""The runner behind bin/bench: cases, rounds, statistics, history, the watchdog. Uses only Python's standard library."""
