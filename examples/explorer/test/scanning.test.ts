// The page while a scan runs, on a file system whose answers the test controls.
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { badge, row, rows, showApparent, sizeOf, useBrowser } from "./page.js";
import { remove, start, temporary, type Server } from "./server.js";
import { isPossible, mount, type Slow } from "./slow.js";

const browser = useBrowser();
const poll = expect.poll;

describe.skipIf(!isPossible)("while a scan runs (needs root)", () => {
  let home: string;
  let slow: Slow;
  let server: Server;

  beforeEach(async () => {
    home = temporary();
    mkdirSync(join(home, "root/mount"), { recursive: true });
    mkdirSync(join(home, "root/fast"));
    writeFileSync(join(home, "root/fast/file"), "x".repeat(500));
    slow = await mount(join(home, "root/mount"), 2);
    server = await start(home, [join(home, "root")]);
  });
  afterEach(async () => {
    await browser.leave();
    // A request that still hangs would block the server.
    await slow.unmount();
    await server.stop();
    remove(home);
  });

  it("shows what has been found, and totals that grow", async () => {
    mkdirSync(join(home, "root/later"));
    const later = await mount(join(home, "root/later"), 1);
    try {
      const page = await browser.open(server.url);
      await showApparent(page);
      await Promise.all([slow.held(2), later.held(1)]);
      await poll(() => rows(page)).toEqual(["fast", "later", "mount"]);
      await poll(() => badge(page)).toMatch(/^Scanning …/);
      expect(await page.getByRole("progressbar").count()).toBe(1);
      await poll(() => sizeOf(page, "fast")).toBe("500 B");
      await poll(() => sizeOf(page, "mount")).toBe("0 B");
      slow.release();
      // Files of 1001 to 1003, and of 2001 to 2003 bytes, while the scan goes on elsewhere.
      await poll(() => sizeOf(page, "mount")).toBe("8.8 KiB");
      expect(await badge(page)).toMatch(/^Scanning …/);
      expect(await sizeOf(page, "later")).toBe("0 B");
      later.release();
      await poll(() => sizeOf(page, "later")).toBe("2.9 KiB");
      await poll(() => badge(page)).toMatch(/^Scanned/);
      expect(await page.getByRole("progressbar").count()).toBe(0);
      expect(await page.locator("[data-fact=entries]").innerText()).toBe("16 entries");
    } finally {
      await browser.leave();
      await later.unmount();
    }
  });

  it("cancels, and scans again", async () => {
    const page = await browser.open(server.url);
    await showApparent(page);
    await slow.held(2);
    await poll(() => badge(page)).toMatch(/^Scanning …/);
    await page.getByRole("button", { name: "Cancel" }).click();
    const badges = page.locator("footer .badge");
    await poll(() => badges.allInnerTexts()).toEqual([
      "Cancelled",
      expect.stringMatching(/^Scanned|^Not scanned/),
    ]);
    slow.release();
    await page.getByRole("button", { name: "Rescan" }).click();
    await poll(() => badge(page)).toMatch(/^Scanned/);
    await poll(() => sizeOf(page, "mount")).toBe("8.8 KiB");
  });

  it("shows a percentage if there was an earlier scan", async () => {
    const page = await browser.open(server.url);
    await showApparent(page);
    await slow.held(2);
    slow.release();
    await poll(() => badge(page)).toMatch(/^Scanned/);
    slow.hold();
    await page.keyboard.press("Alt+r");
    await slow.held(4);
    // Of 11 entries, the six in those two folders are missing.
    await poll(() => badge(page)).toBe("Scanning … 45 %");
    expect(await page.getByRole("progressbar").getAttribute("aria-valuenow")).toBe("45");
    expect(await sizeOf(page, "mount")).toBe("8.8 KiB");
    slow.release();
    await poll(() => badge(page)).toMatch(/^Scanned/);
  });

  it("waits for a folder that hangs, and cancels it", async () => {
    const page = await browser.open(server.url);
    await poll(() => rows(page)).toEqual(["fast", "mount"]);
    await row(page, "mount").click();
    await poll(() => rows(page)).toEqual(["fast", "[mount]", "  slow1", "  slow2"]);
    await row(page, "slow1").click();
    const busy = () => row(page, "slow1").getAttribute("aria-busy");
    await poll(busy).toBe("true");
    await page.keyboard.press("Escape");
    await poll(() => badge(page)).toBe("Cancelled");
    await poll(busy).toBe(null);
    slow.release();
    await row(page, "slow1").click();
    await row(page, "slow1").click();
    await poll(() => rows(page)).toContain("    three");
  });
});
