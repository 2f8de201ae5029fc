// Names that can be read: at any depth and width, with larger text, and from right to left.
import type { Page } from "playwright-core";
import { describe, expect, it } from "vitest";
import { useBrowser } from "./fixture.js";

const browser = useBrowser();
const poll = expect.poll;
const DEPTH = 400;

/** A page with a chain of folders, all open, and the focus on a file at its end. */
async function chain(depth: number, options?: object): Promise<Page> {
  const page = await browser.open(options);
  await page.evaluate(async (depth) => {
    const { send, record, tree, settled } = window.harness;
    const path = (length: number) => Array(length).fill("folder").join("/");
    const folders = Array.from({ length: depth }, (_, i) => record(path(i), ["folder/"]));
    send(1, [...folders, record(path(depth), ["a-name-at-the-end.txt"])]);
    await settled();
    await tree.reveal("root", `${path(depth)}/a-name-at-the-end.txt`);
    await settled();
  }, depth);
  return page;
}

/** What is seen of the focused row's name, in pixels, and of the whole page. */
const seen = (page: Page) =>
  page.evaluate(() => {
    const tree = document.querySelector("[role=tree]")!;
    const row = document.getElementById(tree.getAttribute("aria-activedescendant")!)!;
    const { left, right } = row.querySelector(".name")!.getBoundingClientRect();
    const overflow = document.documentElement.scrollWidth - innerWidth;
    return { name: Math.min(right, innerWidth) - Math.max(left, 0), overflow };
  });

/** Another size of text, as users set it in their browser; 16 pixels are usual. */
async function setText(page: Page, pixels: number): Promise<void> {
  const session = await page.context().newCDPSession(page);
  await session.send("Page.setFontSizes", { fontSizes: { standard: pixels } });
}

describe("names", () => {
  it.each([1200, 500, 320])("have room at any depth, in a width of %s pixels", async (width) => {
    const page = await chain(DEPTH, { viewport: { width, height: 600 } });
    const { name, overflow } = await seen(page);
    expect(name).toBeGreaterThan(100);
    expect(overflow).toBeLessThanOrEqual(0);
    // What is beneath still stands further in than what is above.
    const left = (level: number) =>
      page
        .locator(`[aria-level='${level}'] .name`)
        .evaluate((name) => name.getBoundingClientRect().left);
    expect(await left(DEPTH + 1)).toBeGreaterThan(await left(DEPTH));
  });

  it.each([32, 64])("have room with text of %s pixels, and rows for it", async (pixels) => {
    const page = await chain(5, { viewport: { width: 640, height: 600 } });
    await setText(page, pixels);
    const heights = () =>
      page.evaluate(() => {
        const rows = [...document.querySelectorAll("[role=treeitem]")];
        const tops = rows.map((row) => row.getBoundingClientRect().top).sort((a, b) => a - b);
        const text = rows[0].querySelector(".name")!.getBoundingClientRect().height;
        return { step: tops[1] - tops[0], isEnough: tops[1] - tops[0] >= text };
      });
    await poll(heights).toEqual({ step: 1.5 * pixels, isEnough: true });
    await poll(async () => (await seen(page)).name).toBeGreaterThan(6 * pixels * 0.5);
    expect((await seen(page)).overflow).toBeLessThanOrEqual(0);
    // The focused row is still in sight.
    const isVisible = () =>
      page.evaluate(() => {
        const tree = document.querySelector("[role=tree]")!;
        const row = document.getElementById(tree.getAttribute("aria-activedescendant")!)!;
        const [inner, outer] = [row.getBoundingClientRect(), tree.getBoundingClientRect()];
        return inner.top >= outer.top - 1 && inner.bottom <= outer.bottom + 1;
      });
    await poll(isVisible).toBe(true);
  });
});

describe("from right to left", () => {
  it("keys go inwards where the text goes, and sizes stay readable", async () => {
    const page = await browser.open();
    await page.evaluate(async () => {
      const { send, record, settled } = window.harness;
      document.documentElement.dir = "rtl";
      send(1, [record("", ["docs/"]), record("docs", ["x"])]);
      await settled();
    });
    const count = () => page.locator("[role=treeitem]").count();
    await page.focus("[role=tree]");
    await page.keyboard.press("ArrowRight");
    expect(await count()).toBe(1);
    await page.keyboard.press("ArrowLeft");
    await poll(count).toBe(2);
    await page.keyboard.press("ArrowRight");
    await poll(count).toBe(1);
    const size = page.locator("[role=treeitem] .size").first();
    expect(await size.evaluate((cell) => getComputedStyle(cell).unicodeBidi)).toBe("plaintext");
  });
});
