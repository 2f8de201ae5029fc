// Places of the explorer: its address leads back to them, and hits lead to where they are.
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { describe, expect, it } from "vitest";
import { row, useSite } from "../socket/fixture.js";
import { write } from "../socket/server.js";
import { rows, search } from "./page.js";

const poll = expect.poll;
const site = useSite((tree, other) => {
  for (const path of ["docs/guide.md", "docs/deep/below/needle.txt", "src/main.ts"])
    write(join(tree, path));
  writeFileSync(Buffer.concat([Buffer.from(`${tree}/docs/b%`), Buffer.from([0xff])]), "");
  for (const path of ["far/away/treasure.txt", "near.txt"]) write(join(other, path));
}, "test/explorer/page");

const all = ["tree", "  docs", "  src", "other", "  far", "  near.txt"];

/** The page, once its rows do not move any more. */
async function settled(fragment?: string): Promise<Page> {
  const page = await site.open(fragment);
  if (!fragment) await poll(() => rows(page)).toEqual(all);
  return page;
}

const fragment = (page: Page) => new URL(page.url()).hash;

describe("the address", () => {
  it("names the folder, the entry, the filter and the sizes that are shown", async () => {
    const page = await settled();
    expect(fragment(page)).toBe("");
    await row(page, "docs").click();
    await poll(() => fragment(page)).toBe("#root=tree&folder=docs&sizes=disk");
    await row(page, "guide.md").click();
    await poll(() => fragment(page)).toBe("#root=tree&folder=docs&select=guide.md&sizes=disk");
    await page.getByRole("button", { name: "Sizes: on disk" }).click();
    await page.getByLabel("Filter names").fill("gu");
    const whole = "#root=tree&folder=docs&select=guide.md&filter=gu&sizes=apparent";
    await poll(() => fragment(page)).toBe(whole);
    // A page of somebody else.
    const sent = await settled(whole);
    await poll(() => rows(sent)).toContain("[    guide.md]");
    expect(await sent.getByLabel("Filter names").inputValue()).toBe("gu");
    expect(await sent.getByRole("button", { name: "Sizes: apparent" }).count()).toBe(1);
    expect(await sent.title()).toBe("guide.md – Aether Explorer");
    expect(fragment(sent)).toBe(whole);
  });

  it("leads back to any name, also after a reload", async () => {
    const page = await settled();
    await row(page, "docs").click();
    await row(page, "b%\\xFF").click();
    await poll(() => fragment(page)).toContain("select=b%25%FF");
    await page.reload();
    await poll(() => rows(page)).toContain("[    b%\\xFF]");
  });

  it("leads into roots that are closed, and opens a folder", async () => {
    const page = await settled("#root=other&folder=far/away");
    await poll(() => rows(page)).toEqual([
      "tree",
      "  docs",
      "  src",
      "other",
      "  far",
      "[    away]",
      "      treasure.txt",
      "  near.txt",
    ]);
  });

  it("forgets a filter and a search that led to no row", async () => {
    const page = await settled();
    await page.keyboard.press("Control+p");
    await page.getByRole("combobox").fill("tre");
    await poll(() => fragment(page)).toBe("#root=tree&find=tre&sizes=disk");
    await page.keyboard.press("Escape");
    await poll(() => fragment(page)).toBe("#root=tree&sizes=disk");
    await page.getByLabel("Filter names").fill("do");
    await poll(() => fragment(page)).toBe("#root=tree&filter=do&sizes=disk");
    await page.getByLabel("Filter names").fill("");
    await poll(() => fragment(page)).toBe("#root=tree&sizes=disk");
  });

  it("changes what an open search looks for", async () => {
    const page = await settled("#root=tree&find=guide");
    await poll(() => page.getByRole("combobox").inputValue()).toBe("guide");
    await page.evaluate(() => (location.hash = "#root=tree&find=needle"));
    await poll(() => page.getByRole("combobox").inputValue()).toBe("needle");
  });

  it("says what it does not lead to", async () => {
    const page = await settled("#root=none");
    await poll(() => page.getByRole("alert").innerText()).toContain("a directory “none”");
    await page.evaluate(() => (location.hash = "#root=tree&folder=docs/none"));
    await poll(() => page.getByRole("alert").innerText()).toContain("no “none” in docs");
    await page.evaluate(() => (location.hash = "#root=tree&folder=missing/below"));
    await poll(() => page.getByRole("alert").innerText()).toContain("no “missing” in tree");
    await page.evaluate(() => (location.hash = "#root=tree&folder=docs/none"));
    await poll(() => page.getByRole("alert").innerText()).toContain("no “none” in docs");
    expect(fragment(page)).toBe("#root=tree&folder=docs/none");
    await page.evaluate(() => (location.hash = "#root=tree&folder=docs/guide.md/x"));
    await poll(() => page.getByRole("alert").innerText()).toContain(
      "“guide.md” in docs is not a folder",
    );
  });
});

describe("Back", () => {
  it("leads to the folder before, and Forward to the one after", async () => {
    const page = await settled();
    await row(page, "docs").click();
    await poll(() => fragment(page)).toContain("folder=docs");
    await row(page, "guide.md").click();
    await poll(() => fragment(page)).toContain("select=guide.md");
    await row(page, "far").click();
    await poll(() => fragment(page)).toContain("folder=far");
    await page.goBack();
    await poll(() => rows(page)).toContain("[    guide.md]");
    await page.goForward();
    await poll(() => rows(page)).toContain("[  far]");
  });

  it("leads from a hit to the search that found it", async () => {
    const page = await settled();
    await search(page, "treasure");
    await poll(() => fragment(page)).toContain("find=treasure");
    await page.keyboard.press("Enter");
    await poll(() => rows(page)).toContain("[      treasure.txt]");
    await poll(() => fragment(page)).toBe(
      "#root=other&folder=far/away&select=treasure.txt&sizes=disk",
    );
    await page.goBack();
    await poll(() => page.getByRole("combobox").inputValue()).toBe("treasure");
    await page.keyboard.press("Escape");
    await poll(() => fragment(page)).not.toContain("find");
  });
});

describe("a hit", () => {
  it("in a root that is closed opens the way to it", async () => {
    const page = await settled();
    await row(page, "other").click();
    await poll(() => rows(page)).toEqual(["tree", "  docs", "  src", "[other]"]);
    await search(page, "treasure");
    await page.keyboard.press("Enter");
    await poll(() => rows(page)).toContain("[      treasure.txt]");
  });

  it("that is a folder is opened by Enter", async () => {
    const page = await settled();
    await search(page, "below");
    await page.keyboard.press("Enter");
    await poll(() => rows(page)).toContain("        needle.txt");
    expect(await rows(page)).toContain("[      below]");
  });

  it("that was deleted says so", async () => {
    write(join(site.other, "far/away/gone.txt"));
    const page = await settled();
    await row(page, "other").click();
    await page.getByRole("button", { name: "Rescan" }).click();
    await search(page, "gone.txt");
    rmSync(join(site.other, "far/away/gone.txt"));
    await page.keyboard.press("Enter");
    await poll(() => page.getByRole("alert").innerText()).toContain(
      "no “gone.txt” in away: it was deleted, moved, or is not shown",
    );
  });
});
