import { defineConfig } from "vitest/config";

export default defineConfig({
  // No test is about time: one that hangs is to end, on the slowest machine that does its best.
  test: {
    include: ["test/*.test.ts"],
    setupFiles: ["test/support/seed.ts"],
    testTimeout: 60_000,
  },
});
