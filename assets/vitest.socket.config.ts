import { defineConfig } from "vitest/config";

export default defineConfig({
  // No test depends on time: this only ends one that hangs, also on a slow machine.
  test: {
    include: ["test/{socket,explorer,package}/*.test.ts"],
    testTimeout: 60_000,
    hookTimeout: 120_000,
    expect: { poll: { timeout: 50_000 } },
  },
});
