// Go to File against the running app: finding names in the index, and going to them.
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { badge, row, rows, showApparent, sizeOf, useBrowser } from "./page.js";
import { remove, start, temporary, type Server } from "./server.js";

const home = temporary();
const project = join(home, "project");
const browser = useBrowser();
const poll = expect.poll;
let server: Server;

beforeAll(async () => {
  for (const path of ["docs/deep/below", "src"])
    mkdirSync(join(project, path), { recursive: true });
  for (const path of ["docs/guide.md", "docs/deep/below/needle.txt"])
    writeFileSync(join(project, path), "");
  for (let i = 1; i <= 30; i++) writeFileSync(join(project, `src/file${i}.ts`), "");
  server = await start(home, [project]);
});
afterAll(async () => {
  await server.stop();
  remove(home);
});

describe("go to file", () => {
  it("finds a file by letters, and goes there", async () => {
    const page = await browser.open(server.url);
    await poll(() => badge(page)).toMatch(/^Scanned/);
    await page.keyboard.press("Control+p");
    const box = page.getByRole("combobox");
    await box.pressSequentially("needle");
    await poll(() => page.getByRole("option").allInnerTexts()).toHaveLength(1);
    expect(await page.getByRole("option").innerText()).toContain("docs/deep/below");
    await page.keyboard.press("Enter");
    await poll(() => rows(page)).toContain("[      needle.txt]");
    expect(await page.getByRole("dialog").count()).toBe(0);
    // The tree has the focus, so that keys continue from there.
    await page.keyboard.press("ArrowUp");
    await poll(() => rows(page)).toContain("[    below]");
  });

  it("says when nothing matches, and closes", async () => {
    const page = await browser.open(server.url);
    await poll(() => badge(page)).toMatch(/^Scanned/);
    await page.keyboard.press("Control+k");
    await page.getByRole("combobox").fill("no such thing");
    await poll(() => page.getByRole("dialog").innerText()).toContain("Nothing matches");
    await page.keyboard.press("Escape");
    await poll(() => page.getByRole("dialog").count()).toBe(0);
  });

  it("moves from match to match by arrow keys", async () => {
    const page = await browser.open(server.url);
    await poll(() => badge(page)).toMatch(/^Scanned/);
    await page.getByRole("button", { name: "Go to file" }).click();
    await page.getByRole("combobox").fill("file*.ts");
    const options = page.getByRole("option");
    await poll(() => options.count()).toBe(30);
    const chosen = () => page.locator("[role=option][aria-selected=true]").innerText();
    const first = await chosen();
    await page.keyboard.press("ArrowDown");
    await poll(chosen).not.toBe(first);
    await page.keyboard.press("ArrowUp");
    await poll(chosen).toBe(first);
  });
});

describe("go to file, with more matches than are shown", () => {
  it("continues at the end of the list, through all roots", async () => {
    const mine = temporary();
    const roots = ["one", "two"].map((name) => join(mine, name));
    for (const [at, root] of roots.entries()) {
      mkdirSync(root);
      for (let i = 0; i < 150 + at; i++) writeFileSync(join(root, `many${i}.txt`), "");
    }
    const server = await start(mine, roots);
    const page = await browser.open(server.url);
    await showApparent(page);
    await poll(() => sizeOf(page, "one")).toBe("0 B");
    // Its files push the other root out of sight.
    await row(page, "one").click();
    await poll(() => sizeOf(page, "two")).toBe("0 B");
    await page.keyboard.press("Control+p");
    await page.getByRole("combobox").fill("many");
    const options = page.getByRole("option");
    const last = page.getByRole("option", { name: "Show more" });
    await poll(() => options.count()).toBe(101);
    expect(await page.getByRole("dialog").innerText()).toContain("301 matches, 100 shown");
    // By keys: the first of the new matches is chosen.
    const first = await options.allInnerTexts();
    await page.keyboard.press("ArrowUp");
    expect(await last.getAttribute("aria-selected")).toBe("true");
    await page.keyboard.press("Enter");
    await poll(() => options.count()).toBe(201);
    expect((await options.allInnerTexts()).slice(0, 100)).toEqual(first.slice(0, 100));
    expect(await options.nth(100).getAttribute("aria-selected")).toBe("true");
    // By the mouse, to the end.
    await last.click();
    await poll(() => options.count()).toBe(301);
    await last.click();
    await poll(() => last.count()).toBe(0);
    expect(new Set(await options.allInnerTexts()).size).toBe(301);
    // The input still handles the keys.
    await page.getByRole("combobox").press("Enter");
    await poll(() => page.getByRole("dialog").count()).toBe(0);
    await browser.leave();
    await server.stop();
    remove(mine);
  });

  it("finds a full path, and goes to that file", async () => {
    const page = await browser.open(server.url);
    await poll(() => badge(page)).toMatch(/^Scanned/);
    await page.keyboard.press("Control+p");
    await page.getByRole("combobox").fill(join(project, "docs/guide.md") + ":42:7");
    await poll(() => page.getByRole("option").count()).toBe(1);
    await page.keyboard.press("Enter");
    await poll(() => rows(page)).toContain("[  guide.md]");
  });
});
