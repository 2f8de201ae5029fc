// Builds the two pages that use Svelte, with the client from its sources in ../../assets. Any other
// app would have "aether-client" in its package.json.
import { fileURLToPath } from "node:url";
import { svelte } from "@sveltejs/vite-plugin-svelte";
import { defineConfig } from "vite";

const at = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const phoenix = process.env.PHOENIX_PATH ?? at("deps/phoenix/priv/static");
const liveView = process.env.LIVE_VIEW_PATH ?? at("deps/phoenix_live_view/priv/static");

export default defineConfig({
  base: "/page/",
  publicDir: false,
  plugins: [svelte()],
  resolve: {
    alias: [
      { find: /^aether-client$/, replacement: at("../../assets/src/index.ts") },
      { find: /^aether-client\/svelte$/, replacement: at("../../assets/src/svelte/index.ts") },
      { find: /^phoenix$/, replacement: `${phoenix}/phoenix.mjs` },
      { find: /^phoenix_live_view$/, replacement: `${liveView}/phoenix_live_view.esm.js` },
    ],
    // The client's sources are outside this package and would not find its modules.
    dedupe: ["svelte"],
  },
  build: {
    outDir: at("priv/static/page"),
    emptyOutDir: true,
    target: "es2022",
    cssCodeSplit: false,
    rollupOptions: {
      input: { explorer: at("assets/explorer.ts"), live: at("assets/live.ts") },
      output: {
        entryFileNames: "[name].js",
        chunkFileNames: "[name].js",
        assetFileNames: (asset) =>
          asset.names.some((name) => name.endsWith(".css")) ? "explorer.css" : "[name][extname]",
      },
    },
  },
});
