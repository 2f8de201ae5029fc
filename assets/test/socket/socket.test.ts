// Everything at once: a browser with the stock client of Phoenix and the component, a real socket, the functions behind
// `use Aether.Channel`, and the native scanner over a real tree.
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { describe, expect, it } from "vitest";
import { heard, paths, row, rows, useSite, walk } from "./fixture.js";
import { touch, write } from "./server.js";

const WINDOW = 16;
const LONGEST_SLAB = 256 * 1024;

// Names that are no text, that lie about what they are, or that would be markup.
const HOSTILE: [name: string | Buffer, shown: string][] = [
  [Buffer.from([0xff, 0x78]), "\\xFFx"],
  ["a\u202etxt.exe", "a\\u{202E}txt.exe"],
  ["b\x1b[31m\n", "b\\e[31m\\n"],
  ["d<img src=x onerror=alert(1)>", "d<img src=x onerror=alert(1)>"],
];

const bytes = (...parts: (string | Buffer)[]) =>
  Buffer.concat(parts.map((part) => Buffer.from(part as string)));

const site = useSite((tree) => {
  for (const path of ["docs/guide/one", "docs/guide/two", "docs/intro", "docs/deep/er/est/end"])
    write(join(tree, path), path);
  write(join(tree, "alpha"), "12345");
  mkdirSync(join(tree, "empty"));
  for (const [name] of HOSTILE) {
    mkdirSync(bytes(tree, "/hostile/", name), { recursive: true });
    writeFileSync(bytes(tree, "/hostile/", name, "/", name), "");
  }
  for (let folder = 0; folder < 40; folder++)
    touch(
      join(tree, `many/${folder}`),
      Array.from({ length: 700 }, (_, i) => `some-file-${i}.txt`),
    );
});

describe("a tree", () => {
  it("shows its first rows, and all that a scan of two levels finds", async () => {
    const page = await site.open();
    await row(page, "alpha").waitFor();
    await heard(page, "root complete");
    expect(await rows(page)).toEqual(["docs", "empty", "hostile", "many", "alpha"]);
    expect(await paths(page)).toEqual(walk(site.tree, 2));
    expect(await row(page, "alpha").innerText()).toContain("5 B");
  });

  it("opens what it knows at once, and asks for what it does not", async () => {
    const page = await site.open();
    await heard(page, "root complete");
    await row(page, "docs").click();
    expect((await rows(page)).slice(0, 4)).toEqual(["docs", "  deep", "  guide", "  intro"]);
    await row(page, "guide").click();
    await row(page, "two").waitFor();
    await row(page, "deep").click();
    await row(page, "er").click();
    await row(page, "est").waitFor();
    expect((await rows(page)).slice(0, 8)).toEqual([
      "docs",
      "  deep",
      "    er",
      "      est",
      "  guide",
      "    one",
      "    two",
      "  intro",
    ]);
    await row(page, "empty").click();
    await expect.poll(() => row(page, "empty").innerText()).toContain("empty");
  });

  it("tells which file was chosen", async () => {
    const page = await site.open("depth=infinity");
    await heard(page, "root complete");
    for (const name of ["docs", "guide", "one", "alpha"]) await row(page, name).click();
    expect(await page.evaluate(() => window.app.selected)).toEqual(["docs/guide/one", "alpha"]);
  });

  it("has all of many entries", async () => {
    const page = await site.open("depth=infinity");
    await heard(page, "root complete");
    expect(await paths(page)).toEqual(walk(site.tree));
  });

  it("opens folders whose names are no text", async () => {
    const page = await site.open();
    await row(page, "hostile").click();
    for (const [, shown] of HOSTILE) {
      await row(page, shown).click();
      // The folder, and in it a file of the same name.
      await expect.poll(() => row(page, shown).count()).toBe(2);
      await row(page, shown).first().click();
    }
    const known = await paths(page);
    expect(known.filter((path) => path.startsWith("hostile/"))).toEqual(
      walk(site.tree).filter((path) => path.startsWith("hostile/")),
    );
  });
});

describe("a page that takes nothing in", () => {
  /** Until the server has sent all that it may, and waits. */
  async function stalled(page: Page): Promise<void> {
    await page.waitForFunction((window_) => window.app.slabs === window_, WINDOW);
    await expect.poll(async () => (await site.server.state()).parked).toBe(1);
  }

  it("costs the server a window of slabs at the most, and gets the rest when it wakes", async () => {
    const page = await site.open("depth=infinity&paused");
    await stalled(page);
    const { binary_bytes, native_bytes, waiting } = await site.server.state();
    expect(waiting).toBe(0);
    expect(binary_bytes + native_bytes).toBeLessThanOrEqual(WINDOW * LONGEST_SLAB);
    expect(await page.evaluate(() => window.app.slabs)).toBe(WINDOW);
    await page.evaluate(() => window.app.connection.resume());
    await heard(page, "root complete");
    expect(await paths(page)).toEqual(walk(site.tree));
  });

  it("can be loaded anew, and leaves nothing behind", async () => {
    const page = await site.open("root=crumbs:tree&paused");
    await stalled(page);
    await page.reload();
    await stalled(page);
    await expect.poll(() => site.server.state()).toMatchObject({ connections: 1, scans: 1 });
    await page.evaluate(() => window.app.connection.resume());
    await heard(page, "root complete");
    expect(await paths(page)).toEqual(walk(site.tree, 2));
  });

  it("can cancel, and begin anew", async () => {
    const page = await site.open("root=crumbs:tree&paused");
    await stalled(page);
    await page.evaluate(() => window.app.connection.cancel());
    await heard(page, "root cancelled");
    expect(await site.server.state()).toMatchObject({ scans: 0 });
    await page.evaluate(() => {
      const { connection, store } = window.app;
      connection.resume();
      connection.scan(store.root("crumbs:tree"));
    });
    await heard(page, "root complete");
    expect(await paths(page)).toEqual(walk(site.tree, 2));
  });

  it("shows nothing twice and lacks nothing after a lost connection", async () => {
    const page = await site.open("root=crumbs:tree&paused");
    await stalled(page);
    const before = await paths(page);
    expect(before.length).toBeGreaterThan(0);
    await site.server.drop();
    await heard(page, "lost");
    await heard(page, "joined", 2);
    await page.waitForFunction((both) => window.app.slabs === both, 2 * WINDOW);
    // Of what was shown nothing went away meanwhile; what comes in the window is up to the scanner's threads.
    const meanwhile = await paths(page);
    expect(meanwhile).toEqual(expect.arrayContaining(before));
    expect(new Set(meanwhile).size).toBe(meanwhile.length);
    await page.evaluate(() => window.app.connection.resume());
    await heard(page, "root complete");
    expect(await paths(page)).toEqual(walk(site.tree, 2));
  });
});

describe("a lost connection", () => {
  it("is told, and opened folders come when it is back", async () => {
    const page = await site.open();
    await heard(page, "root complete");
    await row(page, "docs").click();
    // In one go, so that the request is on its way while the connection breaks.
    await page.evaluate(() => {
      const { socket, tree } = window.app;
      (socket as unknown as { conn: WebSocket }).conn.close(3000, "gone");
      tree.open(tree.rows(0, 10).find((row) => row.name === "guide")!);
    });
    await row(page, "one").waitFor();
    await heard(page, "joined", 2);
    expect((await rows(page)).slice(0, 6)).toEqual([
      "docs",
      "  deep",
      "  guide",
      "    one",
      "    two",
      "  intro",
    ]);
    expect(await page.evaluate(() => window.app.tree.status)).not.toContain("lost");
  });
});

describe("an index", () => {
  /** A page whose root has been scanned into the index. */
  async function indexed(): Promise<Page> {
    const page = await site.open("index=true");
    await page.waitForFunction(() => window.app.news.at(-1)?.status === "complete");
    return page;
  }

  it("answers what is in a folder, and finds names", async () => {
    const page = await indexed();
    const [children, found] = await page.evaluate(async () => {
      const { index } = window.app;
      return [
        await index.children("tree", "hostile", { limit: 3 }),
        await index.search("tree", "intro"),
      ] as const;
    });
    expect(children).toMatchObject({ ok: true, value: { stale: false, exhaustive: true } });
    if (!children.ok || !found.ok) return expect.unreachable();
    expect(children.value.entries).toHaveLength(3);
    expect(children.value.entries[0]).toMatchObject({ kind: "directory", file_count: 1 });
    const rest = await page.evaluate(
      (after) => window.app.index.children("tree", "hostile", { after }),
      children.value.next,
    );
    expect(rest).toMatchObject({ ok: true, value: { entries: [{ name: "\udcffx" }], next: null } });
    expect(found.value.hits[0]).toMatchObject({ root: "tree", path: "docs/intro", bytes: 10 });
  });

  it("finds all names, page by page", async () => {
    const page = await indexed();
    const pages = await page.evaluate(async () => {
      const pages: string[][] = [];
      let after: string | null = null;
      do {
        const wanted = { mode: "substring" as const, limit: 2, after };
        const found = await window.app.index.search("tree", "d", wanted);
        if (!found.ok) return found.reason;
        pages.push(found.value.hits.map(({ path }) => path));
        after = found.value.next;
      } while (after);
      return pages;
    });
    if (typeof pages === "string") return expect.unreachable(pages);
    const names = walk(site.tree).filter((path) => /d[^/]*$/i.test(path));
    expect(pages.length).toBeGreaterThan(1);
    expect(pages.flat().sort()).toEqual(names);
  });

  it("tells totals as they change, also after a lost connection and in another process", async () => {
    const page = await indexed();
    await page.evaluate(() => {
      const totals = ((window as unknown as { totals: unknown[] }).totals = []);
      window.app.index.watch("tree", "docs", (folders) => void totals.push(folders as never));
    });
    /** Until the folder `guide` was told to hold so many. */
    const told = (count: number, nth: number) =>
      page.waitForFunction(
        ([count, nth]) => {
          const { totals } = window as unknown as {
            totals: { name: string; file_count: number }[][];
          };
          const found = totals.filter((folders) =>
            folders.some(({ name, file_count }) => name === "guide" && file_count === count),
          );
          return found.length >= nth;
        },
        [count, nth] as const,
      );
    await told(2, 1);
    await site.server.drop();
    await heard(page, "joined", 2);
    await told(2, 2);
    await site.server.kill("Elixir.Aether.SocketServer.Index");
    await told(2, 3);
    const added = join(site.tree, "docs/guide/three");
    writeFileSync(added, "");
    await page.evaluate(() => window.app.index.scan("tree", { again: true }));
    await told(3, 1);
    rmSync(added);
  });
});
