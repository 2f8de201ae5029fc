// Builds dist/: plain modules with their types, the components as they are for apps that compile
// Svelte, and compiled for those that do not; for the element with Svelte's runtime in it.
import { execFileSync } from "node:child_process";
import { copyFileSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { svelte } from "@sveltejs/vite-plugin-svelte";
import { build } from "vite";

process.chdir(dirname(fileURLToPath(import.meta.url)));
const dist = resolve("dist");
const isComponent = (path) => /^(svelte|element)\//.test(relative(dist, path));

rmSync(dist, { recursive: true, force: true });
execFileSync("svelte-package", ["-i", "src", "-o", "dist"], { stdio: "inherit" });
await compile("svelte", (id) => /^svelte(\/|$)/.test(id));
await compile("element", () => false);
copyFileSync("node_modules/svelte/LICENSE.md", "dist/element.LICENSE.md");
// On a page that has no height for it, a few rows would be all that is seen.
const height = "aether-tree {\n  display: block;\n  height: 24rem;\n}\n";
const style = readFileSync("dist/style.css", "utf8").replace(/\/\*\$vite\$:\d+\*\/\s*$/, "");
writeFileSync("dist/style.css", `${style}\n${height}`);

/** Compiles a folder of dist/ to one file beside it; everything else there stays a module. */
async function compile(name, isExternal) {
  await build({
    configFile: false,
    logLevel: "warn",
    plugins: [
      {
        name: "modules",
        enforce: "pre",
        resolveId(id, importer) {
          if (isExternal(id)) return { id, external: true };
          if (!importer || !id.startsWith(".") || !importer.startsWith(dist)) return null;
          const path = resolve(dirname(importer), id);
          if (isComponent(path)) return null;
          return { id: `./${relative(dist, path)}`, external: true };
        },
      },
      svelte({ configFile: false }),
    ],
    build: {
      lib: {
        entry: `dist/${name}/index.js`,
        formats: ["es"],
        fileName: () => `${name}.js`,
        cssFileName: "style",
      },
      emptyOutDir: false,
      target: "es2022",
      // Left to the app, whose browsers it knows.
      cssTarget: "esnext",
      cssMinify: false,
      minify: false,
    },
  });
}
