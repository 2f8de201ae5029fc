// What the explorer says of sizes, of age, and of what could not be read.
import { execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { describe, expect, it } from "vitest";
import { row, useSite } from "../socket/fixture.js";
import { write } from "../socket/server.js";
import { rows } from "./page.js";

const poll = expect.poll;
/** More than the server tells of at a time. */
const MANY = 10_020;
/** Nothing is shut to root. */
const isAlmighty = (() => {
  const shut = mkdtempSync(join(tmpdir(), "aether-shut-"));
  chmodSync(shut, 0);
  try {
    readdirSync(shut);
    return true;
  } catch {
    return false;
  } finally {
    rmdirSync(shut);
  }
})();

const site = useSite((tree, other) => {
  write(join(tree, "docs/guide.md"), "12345");
  mkdirSync(join(tree, "docs/shut"));
  chmodSync(join(tree, "docs/shut"), 0);
  for (let i = 0; i < MANY; i++) mkdirSync(join(other, `folder-${i}`));
  write(join(other, `folder-${MANY - 1}/deep/big`), "x".repeat(2048));
  write(join(other, "small"), "x".repeat(1024));
}, "test/explorer/page");

const sizeOf = (page: Page, name: string) => row(page, name).locator(".size").innerText();

describe("sizes", () => {
  it("are known of folders with more entries than are ever sent", async () => {
    const last = `folder-${MANY - 1}`;
    const page = await site.open(`#root=other&select=${last}&sizes=apparent`);
    await poll(() => rows(page)).toContain(`[  ${last}]`);
    await poll(() => sizeOf(page, last)).toBe("2.0 KiB");
    await poll(() => sizeOf(page, `folder-${MANY - 2}`)).toBe("0 B");
    // Once more on disk, where du is the oracle.
    const du = execFileSync("du", ["-s", "-B1", site.other], { encoding: "utf8" });
    await page.keyboard.press("ArrowLeft");
    await poll(() => rows(page)).toContain("[other]");
    await poll(() => sizeOf(page, "other")).toBe("3.0 KiB");
    await page.getByRole("button", { name: "Sizes: apparent" }).click();
    const mebibytes = (parseInt(du) / 2 ** 20).toFixed(1);
    await poll(() => sizeOf(page, "other")).toBe(`${mebibytes} MiB`);
  });
});

describe("the status", () => {
  it("tells the age of what is known, and never that it is up to date", async () => {
    const page = await site.open();
    const badge = page.locator("footer .badge");
    let isSilent = false;
    await page.routeWebSocket(/websocket/, (socket) => {
      const server = socket.connectToServer();
      server.onMessage((message) => void (isSilent || socket.send(message)));
    });
    await page.clock.install();
    await page.reload();
    await poll(() => badge.innerText()).toBe("Scanned just now");
    // It asks every minute, and the server's clock has not moved.
    isSilent = true;
    await page.clock.fastForward(10 * 60_000);
    await poll(() => badge.innerText()).toBe("Scanned 10 minutes ago");
    await page.setViewportSize({ width: 320, height: 600 });
    expect(await badge.isVisible()).toBe(true);
  });

  it.skipIf(isAlmighty)("names what could not be read, also without a scan", async () => {
    for (let visit = 0; visit < 2; visit++) {
      const page = await site.open();
      await page.getByRole("button", { name: "1 unreadable" }).click();
      await page.getByRole("dialog").getByRole("button", { name: "docs/shut" }).click();
      await poll(() => rows(page)).toContain("[    shut]");
    }
  });
});
