// The two LiveView pages against the running app.
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { row, rows, useBrowser, violations } from "./page.js";
import { remove, start, temporary, type Server } from "./server.js";

const home = temporary();
const browser = useBrowser();
const poll = expect.poll;
let server: Server;

beforeAll(async () => {
  mkdirSync(join(home, "first/sub/deep"), { recursive: true });
  mkdirSync(join(home, "second"));
  writeFileSync(join(home, "first/sub/deep/file.txt"), "x".repeat(2048));
  writeFileSync(join(home, "first/a\u202etxt.exe"), "");
  const bytes = Buffer.concat([Buffer.from(join(home, "first/b")), Buffer.from([0xff])]);
  mkdirSync(bytes);
  writeFileSync(Buffer.concat([bytes, Buffer.from("/inside")]), "");
  writeFileSync(join(home, "second/only.txt"), "");
  server = await start(home, [join(home, "first"), join(home, "second")]);
});
afterAll(async () => {
  await server.stop();
  remove(home);
});

describe("a LiveView with a hook", () => {
  const first = ["b\\xFF", "sub", "a\\u{202E}txt.exe"];
  const fact = (page: Page, name: string) =>
    page.locator(".summary > div").filter({ hasText: name }).locator("dd").innerText();

  it("has the tree in the hook and the summary in LiveView", async () => {
    const page = await browser.open(`${server.url}/live`);
    await poll(() => rows(page)).toEqual(first);
    await poll(() => fact(page, "Status")).toBe("complete");
    await poll(() => fact(page, "Files")).toBe("2");
    await row(page, "sub").click();
    await row(page, "deep").click();
    await poll(() => rows(page)).toContain("    file.txt");
    expect(await violations(page)).toEqual([]);
  });

  it("scans again, and shows another directory", async () => {
    const page = await browser.open(`${server.url}/live`);
    await poll(() => rows(page)).toEqual(first);
    writeFileSync(join(home, "first/new.txt"), "");
    await page.getByRole("button", { name: "Scan again" }).click();
    await poll(() => rows(page)).toContain("new.txt");
    await poll(() => fact(page, "Files")).toBe("3");
    await page.getByLabel("Directory").selectOption("second");
    await poll(() => rows(page)).toEqual(["only.txt"]);
    await poll(() => fact(page, "Files")).toBe("1");
  });
});

describe("a list without a build", () => {
  it("opens folders, whatever their names", async () => {
    const page = await browser.open(`${server.url}/list`);
    await page.getByRole("link", { name: "first" }).click();
    const names = () => page.locator("tbody td:first-child").allInnerTexts();
    await poll(names).toContain("a\\u{202E}txt.exe");
    await page.getByRole("link", { name: "b\\xFF" }).click();
    await poll(names).toEqual(["inside"]);
    await page.getByRole("link", { name: "first" }).click();
    await page.getByRole("link", { name: "sub" }).click();
    await page.getByRole("link", { name: "deep" }).click();
    await poll(names).toEqual(["file.txt"]);
    expect(await page.locator("tbody tr").innerText()).toMatch(/file\.txt\s+2\.0 KiB/);
    expect(await violations(page)).toEqual([]);
    await page.goBack();
    await poll(names).toEqual(["deep"]);
  });

  it("opens nothing outside of its directories", async () => {
    const address = (path: string) =>
      `${server.url}/list/0/${Buffer.from(path).toString("base64url")}`;
    for (const path of ["..", "../second", "/etc", "no such", "sub/../../second"]) {
      const page = await browser.open(address(path));
      await poll(() => page.getByRole("alert").innerText()).toContain("no such folder");
    }
    const page = await browser.open(`${server.url}/list/9`);
    await poll(() => page.getByRole("alert").innerText()).toContain("no such directory");
  });
});
