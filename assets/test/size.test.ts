// Decoder and store stay small: a page loads them before it shows anything.
import { gzipSync } from "node:zlib";
import { build, type Rolldown } from "vite";
import { expect, it } from "vitest";

/** Bundles a few exports as a page would; returns the code. */
async function bundle(names: string[]): Promise<string> {
  const entry = "\0entry";
  const result = (await build({
    configFile: false,
    logLevel: "error",
    build: {
      write: false,
      minify: true,
      modulePreload: { polyfill: false },
      rolldownOptions: { input: entry },
    },
    plugins: [
      {
        name: "entry",
        resolveId: (id) => (id === entry ? entry : undefined),
        load: (id) =>
          id === entry
            ? `import { ${names} } from "${new URL("../src/index.ts", import.meta.url).pathname}";
               globalThis.used = [${names}];`
            : undefined,
      },
    ],
  })) as Rolldown.RolldownOutput;
  return result.output.map((part) => (part.type === "chunk" ? part.code : "")).join("");
}

it("decoder and store take less than 7 KB, gzipped", async () => {
  const code = await bundle(["decodeSlab", "TreeStore"]);
  expect(gzipSync(code).length).toBeLessThan(7 * 1024);
});

it("the decoder alone includes nothing of the store", async () => {
  const code = await bundle(["decodeSlab"]);
  expect(code).toContain("ASLB");
  expect(gzipSync(code).length).toBeLessThan(2 * 1024);
});
