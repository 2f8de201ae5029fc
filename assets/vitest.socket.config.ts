import { defineConfig } from "vitest/config";

export default defineConfig({
  // No test is about time: one that hangs is to end, on the slowest machine that does its best.
  test: {
    include: ["test/socket/*.test.ts"],
    testTimeout: 60_000,
    hookTimeout: 120_000,
    expect: { poll: { timeout: 50_000 } },
  },
});
