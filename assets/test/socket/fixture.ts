// A server and a browser for the tests of one file, and a page for each test.
import { mkdirSync, mkdtempSync, readdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { BrowserContextOptions, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect } from "vitest";
import { decodeText } from "../../src/index.js";
import { launch } from "../browser/browser.js";
import { startServer, type Server } from "./server.js";

export interface Site {
  server: Server;
  /** The directory that the page has as `tree` and, with one entry per slab, as `crumbs:tree`. */
  tree: string;
  /** Another one, which only the explorer has, as `other`. */
  other: string;
  /** Opens a page: `open("root=tree&depth=2")`. An error in it fails the test. */
  open(query?: string, options?: BrowserContextOptions): Promise<Page>;
}

/** The pages that can be served, and when each is there. */
const PAGES = {
  "test/socket/page": (page: Page) => page.waitForFunction(() => "app" in window),
  "test/explorer/page": (page: Page) => page.getByRole("tree").waitFor(),
};

export function useSite(
  fill: (tree: string, other: string) => void,
  served: keyof typeof PAGES = "test/socket/page",
): Site {
  const site = {} as Site;
  const closers: (() => unknown)[] = [];
  const errors: Error[] = [];
  const pages: Page[] = [];
  beforeAll(async () => {
    const folder = mkdtempSync(join(tmpdir(), "aether-socket-"));
    const [tree, other] = [join(folder, "tree"), join(folder, "other")];
    for (const root of [tree, other]) mkdirSync(root);
    fill(tree, other);
    const [server, browser] = await Promise.all([
      startServer(folder, { page: served, roots: { tree, other }, mixEnv: "test" }),
      launch(),
    ]);
    Object.assign(site, { tree, other });
    closers.push(() => browser.close(), server.close);
    site.server = server;
    site.open = async (query = "", options = {}) => {
      const page = await browser.newPage({ viewport: { width: 900, height: 600 }, ...options });
      pages.push(page);
      page.on("pageerror", (error) => errors.push(error));
      await page.goto(server.url + (query.startsWith("#") ? query : `?${query}`));
      await PAGES[served](page);
      return page;
    };
  });
  afterEach(async () => {
    await Promise.all(pages.splice(0).map((page) => page.close()));
    expect(errors.splice(0)).toEqual([]);
    // The scans of a page end with its connection.
    await expect.poll(async () => (await site.server.state()).scans).toBe(0);
  });
  afterAll(() => Promise.all(closers.map((close) => close())));
  return site;
}

/** All paths beneath a directory, down to a depth, as the page names them; sorted. */
export function walk(root: string, depth = Infinity): string[] {
  const found: string[] = [];
  const enter = (folder: Buffer, level: number) => {
    for (const entry of readdirSync(folder, { withFileTypes: true, encoding: "buffer" })) {
      const path = Buffer.concat([folder, Buffer.from("/"), entry.name as unknown as Buffer]);
      found.push(decodeText(path.subarray(Buffer.byteLength(root) + 1)));
      if (entry.isDirectory() && level < depth) enter(path, level + 1);
    }
  };
  enter(Buffer.from(root), 1);
  return found.sort();
}

/** All paths in the page's store, sorted. */
export const paths = async (page: Page) => (await page.evaluate(() => window.app.paths())).sort();

/** The rows in the document from top to bottom, indented. */
export const rows = (page: Page) =>
  page.evaluate(() =>
    [...document.querySelectorAll("[role=treeitem]")].map(
      (row) =>
        "  ".repeat(Number(row.getAttribute("aria-level")) - 1) +
        row.querySelector(".name")!.textContent!,
    ),
  );

export const row = (page: Page, name: string) =>
  page.locator("[role=treeitem]").filter({ has: page.getByText(name, { exact: true }) });

/** Waits until something is in the page's log, at least `times` times. */
export const logged = (page: Page, what: string, times = 1) =>
  page.waitForFunction(
    ([what, times]) => window.app.log.filter((line) => line === what).length >= times,
    [what, times] as const,
  );
