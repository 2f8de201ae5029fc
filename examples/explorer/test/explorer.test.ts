// The explorer's page against the running app: real directories, a real Channel, a real index.
import { execFileSync } from "node:child_process";
import { chmodSync, lstatSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { request } from "node:http";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { formatBytes } from "aether-client";
import { badge, row, rows, sizeOf, useBrowser, violations } from "./page.js";
import { remove, start, temporary, type Server } from "./server.js";

const home = temporary();
const project = join(home, "project");
const other = join(home, "other");
const browser = useBrowser();
let server: Server;

beforeAll(async () => {
  for (const path of ["docs/deep/below", "empty", "src", ".hidden"])
    mkdirSync(join(project, path), { recursive: true });
  mkdirSync(other);
  const file = (path: string, size = 10) => writeFileSync(join(project, path), "x".repeat(size));
  file("README.md");
  file("docs/guide.md", 2048);
  file("docs/deep/below/needle.txt", 3072);
  for (let i = 1; i <= 30; i++) file(`src/file${i}.ts`, i);
  file("docs/a\u202etxt.exe");
  writeFileSync(Buffer.concat([Buffer.from(`${project}/docs/b`), Buffer.from([0xff])]), "");
  writeFileSync(join(other, "lonely.txt"), "");
  server = await start(home, [project]);
});
afterAll(async () => {
  await server.stop();
  remove(home);
});

const poll = expect.poll;
/** What a directory or file takes up, as `du` says. */
function onDisk(path: string): string {
  const [bytes] = execFileSync("du", ["-s", "-B1", join(project, path)], {
    encoding: "utf8",
  }).split("\t");
  return formatBytes(Number(bytes));
}
const top = [".hidden", "docs", "empty", "src", "README.md"];
/** The page, once its rows are sorted and do not move any more. */
async function settled(...where: Parameters<typeof browser.open>): Promise<Page> {
  const page = await browser.open(...where);
  await poll(() => rows(page)).toEqual(top);
  return page;
}

describe("the tree", () => {
  it("appears, opens, and shows names in printable form", async () => {
    const page = await settled(server.url);
    await row(page, "docs").click();
    await poll(() => rows(page)).toEqual([
      ".hidden",
      "[docs]",
      "  deep",
      "  a\\u{202E}txt.exe",
      "  b\\xFF",
      "  guide.md",
      ...top.slice(2),
    ]);
    await row(page, "empty").click();
    await poll(() => row(page, "empty").innerText()).toContain("empty");
  });

  it("is navigated by keys, also into folders that were not listed yet", async () => {
    const page = await settled(server.url);
    await page.focus("[role=tree]");
    for (const key of ["ArrowDown", "ArrowRight", "ArrowRight", "ArrowRight"])
      await page.keyboard.press(key);
    await poll(() => rows(page)).toContain("    below");
    for (const key of ["ArrowRight", "ArrowRight"]) await page.keyboard.press(key);
    await poll(() => rows(page)).toContain("      needle.txt");
    await page.keyboard.press("ArrowDown");
    await poll(() => page.locator("nav li").allInnerTexts()).toEqual([
      "project",
      "docs",
      "deep",
      "below",
      "needle.txt",
    ]);
    await page.getByRole("button", { name: "docs", exact: true }).click();
    await poll(() => rows(page)).toContain("[docs]");
    await page.keyboard.press("ArrowLeft");
    await poll(() => rows(page)).toHaveLength(5);
  });

  it("is filtered", async () => {
    const page = await settled(server.url);
    await page.keyboard.press("/");
    await page.keyboard.type("READ");
    await poll(() => rows(page)).toEqual(["README.md"]);
  });
});

describe("the index", () => {
  it("is shown next to folders, in the details and in the status", async () => {
    const page = await settled(server.url);
    await poll(() => badge(page)).toMatch(/^Scanned/);
    await poll(() => sizeOf(page, "docs")).toBe(onDisk("docs"));
    await poll(() => sizeOf(page, "src")).toBe(onDisk("src"));
    await row(page, "docs").click();
    const details = page.getByRole("complementary", { name: "Details" });
    await poll(() => details.innerText()).toContain(`4 files, 5.0 KiB, ${onDisk("docs")} on disk`);
    await poll(() => details.locator("li .name").allInnerTexts()).toEqual([
      "deep",
      "a\\u{202E}txt.exe",
      "guide.md",
      "b\\xFF",
    ]);
    await details.getByRole("button", { name: "deep" }).click();
    await poll(() => rows(page)).toContain("[  deep]");
    expect(await page.locator("[data-fact=first]").innerText()).toMatch(/first entry after .* ms/);
  });

  it("is brought up to date by a rescan", async () => {
    const page = await settled(server.url);
    await row(page, "empty").click();
    await poll(() => sizeOf(page, "empty")).toBe(onDisk("empty"));
    writeFileSync(join(project, "empty/new.txt"), "x".repeat(100));
    await page.getByRole("button", { name: "Rescan" }).click();
    await poll(() => sizeOf(page, "empty")).toBe(onDisk("empty"));
    await poll(() => rows(page)).toContain("  new.txt");
    await poll(() => badge(page)).toMatch(/^Scanned/);
    expect(await page.locator("[data-fact=entries]").innerText()).toBe("42 entries");
    rmSync(join(project, "empty/new.txt"));
  });

  it("does not count a folder that was deleted", async () => {
    const page = await settled(server.url);
    const rescan = page.getByRole("button", { name: "Rescan" });
    const holds = () => page.locator("aside dd").first().innerText();
    mkdirSync(join(project, "temporary"));
    writeFileSync(join(project, "temporary/file"), "");
    await rescan.click();
    await poll(holds).toBe(`36 files, 5.5 KiB, ${onDisk("")} on disk`);
    rmSync(join(project, "temporary"), { recursive: true });
    await rescan.click();
    await poll(holds).toBe(`35 files, 5.5 KiB, ${onDisk("")} on disk`);
  });
});

describe("attributes", () => {
  it("are shown of the entry that has the focus", async () => {
    const page = await settled(server.url);
    const details = page.getByRole("complementary", { name: "Details" });
    const fact = (label: string) =>
      details.locator(`dt:text-is("${label}") + dd`).innerText({ timeout: 60_000 });
    chmodSync(join(project, "README.md"), 0o640);
    const { uid, blocks } = lstatSync(join(project, "README.md"));
    await row(page, "README.md").click();
    expect(await fact("Permissions")).toBe("rw-r----- (0640)");
    expect(await fact("Links")).toBe("1");
    if (uid === 0) expect(await fact("Owner")).toBe("root");
    expect(await sizeOf(page, "README.md")).toBe(formatBytes(512 * blocks));
    expect(await fact("On disk")).toContain(formatBytes(512 * blocks));
    expect(await fact("Size")).toBe("10 B");
  });

  it("include where a symbolic link leads", async () => {
    symlinkSync("../a\u202etxt.exe", join(project, "docs/link"));
    const page = await settled(server.url);
    await row(page, "docs").click();
    await row(page, "link").click();
    const target = page.locator('aside dt:text-is("Target") + dd');
    await poll(() => target.innerText()).toBe("../a\\u{202E}txt.exe");
    rmSync(join(project, "docs/link"));
  });

  it("leave the choice of sizes, which the page remembers", async () => {
    const page = await settled(server.url);
    const heading = () => page.locator(".column-size").innerText();
    expect(await heading()).toMatch(/^On disk/);
    await page.getByRole("button", { name: "Sizes: on disk" }).click();
    await poll(heading).toBe("Apparent size");
    await poll(() => sizeOf(page, "README.md")).toBe("10 B");
    await page.reload();
    await poll(heading).toBe("Apparent size");
  });
});

describe("what goes wrong", () => {
  it("can be a connection that is lost, and comes back", async () => {
    const mine = temporary();
    let server = await start(mine, [project]);
    const refused = /WebSocket connection/;
    const page = await settled(server.url, {}, refused);
    await server.stop();
    await poll(() => page.getByRole("alert").innerText()).toContain("Connection lost");
    server = await start(mine, [project], new URL(server.url).port);
    await poll(() => page.getByRole("alert").count(), { timeout: 60_000 }).toBe(0);
    await row(page, "src").click();
    await poll(() => rows(page)).toContain("  file30.ts");
    await browser.leave();
    await server.stop();
    remove(mine);
  });

  it("can be a directory that does not exist any more", async () => {
    const mine = temporary();
    const gone = join(mine, "gone");
    mkdirSync(gone);
    const server = await start(mine, [gone, other]);
    remove(gone);
    const page = await browser.open(server.url);
    await poll(() => rows(page)).toContain("  lonely.txt");
    await poll(() => row(page, "gone").innerText()).toContain("not found");
    await browser.leave();
    await server.stop();
    remove(mine);
  });

  it("can be an index or a port that is in use", async () => {
    await expect(start(home, [project])).rejects.toThrow("did not start");
    const mine = temporary();
    await expect(start(mine, [project], new URL(server.url).port)).rejects.toThrow("did not start");
    remove(mine);
  });
});

describe("requests that are served", () => {
  const status = (path: string, headers: Record<string, string>) =>
    new Promise<number>((done, fail) =>
      request(new URL(path, server.url), { headers }, (response) => {
        response.resume();
        done(response.statusCode!);
      })
        .on("upgrade", (response, socket) => (socket.destroy(), done(response.statusCode!)))
        .on("error", fail)
        .end(),
    );
  const socket = (origin: string) =>
    status("/socket/websocket?vsn=2.0.0", {
      connection: "Upgrade",
      upgrade: "websocket",
      origin,
      "sec-websocket-version": "13",
      "sec-websocket-key": "c2l4dGVlbiBieXRlcyAhIQ==",
    });

  it("are those of pages of this server", async () => {
    expect(await socket(server.url)).toBe(101);
    expect(await socket("http://elsewhere.example")).toBe(403);
  });

  it("are those to the server's own name", async () => {
    expect(await status("/", {})).toBe(200);
    expect(await status("/", { host: "elsewhere.example" })).toBe(421);
  });
});

describe("the page", () => {
  it.each(["light", "dark"] as const)("has no violations that axe finds, %s", async (scheme) => {
    const page = await settled(server.url, { colorScheme: scheme, reducedMotion: "reduce" });
    await poll(() => badge(page)).toMatch(/^Scanned/);
    await row(page, "docs").click();
    await poll(() => page.locator("aside li").count()).toBe(4);
    expect(await violations(page)).toEqual([]);
    await page.keyboard.press("Control+p");
    await page.getByRole("combobox").fill("file1");
    await poll(() => page.getByRole("option").count()).toBeGreaterThan(1);
    expect(await violations(page)).toEqual([]);
    await page.keyboard.press("Escape");
    await page.keyboard.press("F1");
    expect(await violations(page)).toEqual([]);
  });

  it("is light or dark as chosen, and stays so", async () => {
    const page = await browser.open(server.url, { colorScheme: "light" });
    const back = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    expect(await back()).toBe("rgb(255, 255, 255)");
    await page.getByRole("button", { name: "Colours: system" }).click();
    await page.getByRole("button", { name: "Colours: light" }).click();
    expect(await back()).toBe("rgb(20, 22, 26)");
    await page.reload();
    await poll(back).toBe("rgb(20, 22, 26)");
  });
});
