// A page in Chromium, and helpers to read it. Errors in a page fail its test.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { chromium, type Browser, type BrowserContextOptions, type Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect } from "vitest";

export { rows } from "../../../assets/test/support/rows";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

export function useBrowser() {
  let browser: Browser;
  const errors: string[] = [];
  const pages: Page[] = [];

  beforeAll(async () => {
    browser = await chromium.launch({
      executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
      args: [
        "--no-sandbox",
        "--disable-gpu",
        "--disable-dev-shm-usage",
        "--disable-background-networking",
      ],
    });
  });
  afterAll(() => browser.close());
  const leave = async () => {
    for (const page of pages.splice(0)) await page.context().close();
  };
  afterEach(async () => {
    await leave();
    expect(errors.splice(0)).toEqual([]);
  });

  return {
    /** Closes all pages: to be called before their server stops. */
    leave,
    /** Opens a page. Errors in its console that match `expected` are ignored. */
    async open(url: string, options: BrowserContextOptions = {}, expected = /(?!)/): Promise<Page> {
      const context = await browser.newContext({
        viewport: { width: 1200, height: 760 },
        ...options,
      });
      const page = await context.newPage();
      page.on("pageerror", (error) => errors.push(error.message));
      page.on("console", (message) => {
        if (message.type() === "error" && !expected.test(message.text()))
          errors.push(message.text());
      });
      pages.push(page);
      await page.goto(url);
      return page;
    },
  };
}

export const row = (page: Page, name: string) =>
  page.locator("[role=treeitem]").filter({ has: page.getByText(name, { exact: true }) });

export const sizeOf = (page: Page, name: string) => row(page, name).locator(".size").innerText();

/** Has a page show apparent sizes, as files on a test's own file system take up no blocks. */
export const showApparent = (page: Page) =>
  page.getByRole("button", { name: "Sizes: on disk" }).click();

export const badge = (page: Page) => page.locator("footer .badge").first().innerText();

/** The violations that axe finds. */
export async function violations(page: Page): Promise<string[]> {
  await page.evaluate(axe);
  return page.evaluate(async () => {
    const { axe } = window as unknown as { axe: typeof import("axe-core") };
    const { violations } = await axe.run();
    return violations.map(({ id, nodes }) => `${id}: ${nodes[0].html}`);
  });
}
