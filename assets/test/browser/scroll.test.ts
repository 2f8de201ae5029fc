// Large folders: which rows are in the document, and which keep their place.
import type { Page } from "playwright-core";
import { describe, expect, it } from "vitest";
import { useBrowser } from "./fixture.js";

const browser = useBrowser();

async function large(count: number): Promise<Page> {
  const page = await browser.open();
  await page.evaluate(async (count) => {
    window.harness.flat(1, count);
    await window.harness.settled();
  }, count);
  return page;
}

const tree = (page: Page) => page.locator("[role=tree]");

/** The first row that is wholly visible: its name, and its distance from the edge. */
const firstSeen = (page: Page) =>
  page.evaluate(() => {
    const edge = document.querySelector("[role=tree]")!.getBoundingClientRect().top;
    for (const row of document.querySelectorAll("[role=treeitem]")) {
      const offset = Math.round(row.getBoundingClientRect().top - edge);
      if (offset >= 0) return { name: row.querySelector(".name")!.textContent, offset };
    }
  });

const scrollTo = async (page: Page, top: number) => {
  await tree(page).evaluate((box, top) => void (box.scrollTop = top), top);
  await page.evaluate(() => window.harness.settled());
};

describe("a folder of 1,000,000", () => {
  it("is sorted, scrolls from end to end, and has few rows in the document", async () => {
    const page = await large(1_000_000);
    expect(await firstSeen(page)).toEqual({ name: "folder-0", offset: 0 });
    await scrollTo(page, 1e9);
    const last = await page.evaluate(() => {
      const rows = [...document.querySelectorAll("[role=treeitem]")];
      const bottom = document.querySelector("[role=tree]")!.getBoundingClientRect().bottom;
      const row = rows.at(-1)!;
      return [
        row.querySelector(".name")!.textContent,
        row.getAttribute("aria-posinset"),
        Math.abs(Math.round(bottom - row.getBoundingClientRect().bottom)),
      ];
    });
    expect(last).toEqual(["file-999999.txt", "1000000", 0]);
    expect(await page.locator("[role=treeitem]").count()).toBeLessThan(60);

    await tree(page).focus();
    await page.keyboard.press("Home");
    expect(await firstSeen(page)).toEqual({ name: "folder-0", offset: 0 });
    await page.keyboard.press("End");
    await page.keyboard.press("ArrowUp");
    const focused = await tree(page).getAttribute("aria-activedescendant");
    const row = page.locator(`[id="${focused}"]`);
    expect(await row.getAttribute("aria-posinset")).toBe("999999");
    // The middle of the scrollbar is the middle of the list.
    await tree(page).evaluate(
      (box) => void (box.scrollTop = (box.scrollHeight - box.clientHeight) / 2),
    );
    await page.evaluate(() => window.harness.settled());
    const middle = await page.locator("[role=treeitem]").nth(5).getAttribute("aria-posinset");
    expect(Math.abs(Number(middle) - 500_000)).toBeLessThan(30);
    // The focused row is far away, and still in the document.
    expect(await row.count()).toBe(1);
    expect(await tree(page).getAttribute("aria-activedescendant")).toBe(focused);
  });
});

describe("rows added above", () => {
  it("leave the scroll position where it is", async () => {
    const page = await large(5000);
    await scrollTo(page, 24 * 3000 + 7);
    const before = await firstSeen(page);
    await page.evaluate(async () => {
      const { tree, send, record, settled } = window.harness;
      const folder = tree.rows(0, 1)[0];
      tree.open(folder);
      await settled();
      send(2, [record(folder.name, ["x", "y", "z"])], folder.name);
      await settled();
    });
    expect(await firstSeen(page)).toEqual(before);
    await page.evaluate(async () => {
      window.harness.tree.close(window.harness.tree.rows(0, 1)[0]);
      await window.harness.settled();
    });
    expect(await firstSeen(page)).toEqual(before);
  });

  it("leave the focused row where it is, also when a new listing comes", async () => {
    const page = await large(5000);
    await tree(page).focus();
    await page.keyboard.press("End");
    for (let i = 0; i < 5; i++) await page.keyboard.press("ArrowUp");
    const place = () =>
      page.evaluate(() => {
        const id = document.querySelector("[role=tree]")!.getAttribute("aria-activedescendant")!;
        const row = document.getElementById(id)!;
        return [row.querySelector(".name")!.textContent, row.getBoundingClientRect().top];
      });
    const before = await place();
    await page.evaluate(async () => {
      window.harness.send(2, [
        window.harness.record("", [
          "aaa/",
          ...window.harness.tree.rows(4000, 5000).map((r) => r.name),
          "aab",
        ]),
      ]);
      await window.harness.settled();
    });
    expect(await page.evaluate(() => window.harness.tree.rowCount)).toBe(1002);
    expect(await place()).toEqual(before);
  });

  it("stay where they are when rows go, and the first in sight with them", async () => {
    const page = await large(5000);
    await scrollTo(page, 3000 * 24);
    const names = await page.evaluate(() =>
      window.harness.tree.rows(3000, 3002).map(({ name }) => name),
    );
    expect(await firstSeen(page)).toEqual({ name: names[0], offset: 0 });
    await page.evaluate(async () => {
      const { tree, send, record, settled } = window.harness;
      const left = tree.rows(0, 5000).filter(({ index }) => index % 2);
      send(2, [
        record(
          "",
          left.map(({ name, isFolder }) => name + (isFolder ? "/" : "")),
        ),
      ]);
      await settled();
    });
    expect(await firstSeen(page)).toEqual({ name: names[1], offset: 0 });
  });

  it("are visible if the list was at the top", async () => {
    const page = await browser.open();
    await page.evaluate(async () => {
      const { flat, settled } = window.harness;
      flat(1, 3000, false);
      await settled();
    });
    expect((await firstSeen(page))!.name).toBe("folder-0");
    await page.evaluate(async () => {
      window.harness.send(1, [window.harness.record("", ["a-folder/"])]);
      await window.harness.settled();
    });
    expect((await firstSeen(page))!.name).toBe("a-folder");
  });
});

describe("the focused row", () => {
  it("passes the focus to its folder when that is closed", async () => {
    const page = await browser.open();
    await page.evaluate(async () => {
      const { send, record, tree, settled } = window.harness;
      send(1, [record("", ["a/", "b"]), record("a", ["x"])]);
      await settled();
      tree.open(tree.row(0)!);
      tree.focusRow(tree.row(1));
      tree.close(tree.row(0)!);
      await settled();
    });
    expect(await page.evaluate(() => window.harness.tree.focusIndex)).toBe(0);
  });

  it("passes the focus to a row near it when it disappears", async () => {
    const page = await browser.open();
    const index = await page.evaluate(async () => {
      const { send, record, tree, settled } = window.harness;
      send(1, [record("", ["a", "b", "c"])]);
      await settled();
      tree.focusRow(tree.row(2));
      send(2, [record("", ["a", "b"])]);
      await settled();
      return tree.focusIndex;
    });
    expect(index).toBe(1);
  });
});
