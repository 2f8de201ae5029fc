import { defineConfig } from "vitest/config";

// No test depends on time: this only ends one that hangs, also on a slow machine.
export default defineConfig({
  test: {
    include: ["test/*.test.ts"],
    // Each file starts a browser and servers of its own: one at a time.
    fileParallelism: false,
    testTimeout: 180_000,
    hookTimeout: 180_000,
    expect: { poll: { timeout: 60_000 } },
  },
});
