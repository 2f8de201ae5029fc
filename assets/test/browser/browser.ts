// Builds the test page, serves it on a free port, and opens it in Debian's Chromium.
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { extname } from "node:path";
import { fileURLToPath } from "node:url";
import { svelte } from "@sveltejs/vite-plugin-svelte";
import { chromium, type Page } from "playwright-core";
import { build, type Rolldown } from "vite";
import { afterAll, afterEach, beforeAll, expect } from "vitest";

const TYPES: Record<string, string> = {
  ".html": "text/html",
  ".js": "text/javascript",
  ".css": "text/css",
};

export async function buildPage(): Promise<Map<string, string | Uint8Array>> {
  const { output } = (await build({
    configFile: false,
    root: fileURLToPath(new URL("page/", import.meta.url)),
    logLevel: "error",
    plugins: [svelte({ configFile: false })],
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

/** Opens a fresh page for each test: `open()` gives it, and an error in the page is a failure. */
export function useBrowser(): { open(options?: object): Promise<Page> } {
  let url = "";
  const closers: (() => unknown)[] = [];
  let newPage: (options?: object) => Promise<Page>;
  beforeAll(async () => {
    const [site, browser] = await Promise.all([buildPage().then(serve), launch()]);
    url = site.url;
    closers.push(() => browser.close(), site.close);
    newPage = (options) => browser.newPage({ viewport: { width: 900, height: 600 }, ...options });
  });
  const errors: Error[] = [];
  afterEach(() => expect(errors.splice(0)).toEqual([]));
  afterAll(() => Promise.all(closers.map((close) => close())));
  return {
    async open(options) {
      const page = await newPage(options);
      page.on("pageerror", (error) => errors.push(error));
      await page.goto(url);
      await page.waitForFunction(() => "harness" in window);
      return page;
    },
  };
}

export const axe = readFileSync(fileURLToPath(import.meta.resolve("axe-core/axe.min.js")), "utf8");
