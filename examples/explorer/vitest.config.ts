import { fileURLToPath } from "node:url";
import { svelte } from "@sveltejs/vite-plugin-svelte";
import { defineConfig } from "vitest/config";

const client = fileURLToPath(new URL("../../assets/src/index.ts", import.meta.url));

// No test depends on time: this only ends one that hangs, also on a slow machine.
export default defineConfig({
  plugins: [svelte()],
  // As in vite.config.ts, for what is tested without a page.
  resolve: { alias: { "aether-client": client } },
  test: {
    include: ["test/*.test.ts"],
    // Each file starts a browser and servers of its own: one at a time.
    fileParallelism: false,
    testTimeout: 180_000,
    hookTimeout: 180_000,
    expect: { poll: { timeout: 60_000 } },
  },
});
