import { defineConfig } from "vitest/config";

export default defineConfig({
  // No test depends on time: this only ends one that hangs, also on a slow machine.
  test: {
    include: ["test/*.test.ts"],
    setupFiles: ["test/support/seed.ts"],
    testTimeout: 60_000,
  },
});
