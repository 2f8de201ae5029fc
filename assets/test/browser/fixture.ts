// A browser for the tests of one file, and a page for each test.
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect } from "vitest";
import { buildPage, launch, serve } from "./browser.js";

/** `open()` returns a new page; an error in it fails the test. */
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
  const pages: Page[] = [];
  afterEach(async () => {
    await Promise.all(pages.splice(0).map((page) => page.close()));
    expect(errors.splice(0)).toEqual([]);
  });
  afterAll(() => Promise.all(closers.map((close) => close())));
  return {
    async open(options) {
      const page = await newPage(options);
      pages.push(page);
      page.on("pageerror", (error) => errors.push(error));
      await page.goto(url);
      await page.waitForFunction(() => "harness" in window);
      return page;
    },
  };
}

export const axe = readFileSync(fileURLToPath(import.meta.resolve("axe-core/axe.min.js")), "utf8");
