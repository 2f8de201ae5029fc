# A place of its own for what examples of the docs leave behind; other users are to get into it.
{tmp, 0} = System.cmd("mktemp", ["-d", "-t", "aether-test-XXXXXX"])
tmp = String.trim(tmp)
File.chmod!(tmp, 0o755)
System.put_env("TMPDIR", tmp)
ExUnit.after_suite(fn _ -> {_, 0} = System.cmd("rm", ["-rf", "--", tmp]) end)

# Tests tagged :full take long, and run with `bin/test --full`. A message that has to come is waited for, however loaded
# the machine is.
ExUnit.start(
  exclude: if(System.get_env("AETHER_FULL"), do: [], else: [:full]),
  assert_receive_timeout: Aether.Case.patience()
)
