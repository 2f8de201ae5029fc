// Builds the test page, serves it on a free port, and opens it in Debian's Chromium.
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { extname, resolve } from "node:path";
import { svelte } from "@sveltejs/vite-plugin-svelte";
import { chromium } from "playwright-core";
import { build, type Rolldown } from "vite";

const TYPES: Record<string, string> = {
  ".html": "text/html",
  ".js": "text/javascript",
  ".css": "text/css",
};

/** A page's files by path. To be called in the package's folder. */
export async function buildPage(
  root = "test/browser/page",
): Promise<Map<string, string | Uint8Array>> {
  const { output } = (await build({
    configFile: false,
    root,
    logLevel: "error",
    plugins: [svelte({ configFile: false })],
    resolve: {
      // The explorer's files are outside this package, and know it by its name.
      alias: [
        { find: /^aether-client$/, replacement: resolve("src/index.ts") },
        { find: /^aether-client\/svelte$/, replacement: resolve("src/svelte/index.ts") },
      ],
      dedupe: ["svelte", "phoenix"],
    },
    build: { write: false, target: "es2022" },
  })) as Rolldown.RolldownOutput;
  return new Map(
    output.map((part) => [`/${part.fileName}`, part.type === "chunk" ? part.code : part.source]),
  );
}

export function serve(files: Map<string, string | Uint8Array>) {
  const server = createServer((request, response) => {
    const path = request.url === "/" ? "/index.html" : request.url!;
    const body = files.get(path);
    response.writeHead(body === undefined ? 404 : 200, {
      "content-type": TYPES[extname(path)] ?? "application/octet-stream",
    });
    response.end(body);
  });
  return new Promise<{ url: string; close(): void }>((done) =>
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address() as AddressInfo;
      done({ url: `http://127.0.0.1:${port}/`, close: () => void server.close() });
    }),
  );
}

export const launch = () =>
  chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    // Tests may run as root, in containers with little shared memory.
    args: ["--no-sandbox", "--disable-dev-shm-usage", "--force-color-profile=srgb"],
  });
