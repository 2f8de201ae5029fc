# Tests tagged :full take long, and run with `bin/test --full`.
ExUnit.start(exclude: if(System.get_env("AETHER_FULL"), do: [], else: [:full]))
