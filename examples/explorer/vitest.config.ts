import { defineConfig } from "vitest/config";

// No test is about time: one that hangs is to end, on the slowest machine that does its best.
export default defineConfig({
  test: {
    include: ["test/*.test.ts"],
    // All of them need the machine for themselves: a browser, a server, a build's worth of both.
    fileParallelism: false,
    testTimeout: 180_000,
    hookTimeout: 180_000,
    expect: { poll: { timeout: 60_000 } },
  },
});
