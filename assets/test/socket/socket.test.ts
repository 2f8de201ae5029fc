// Everything together: a browser with Phoenix's own client and the component, a real socket, the
// code behind `use Aether.Channel`, and the native scanner on a real tree.
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { describe, expect, it } from "vitest";
import { logged, paths, row, rows, useSite, walk } from "./fixture.js";
import { touch, write } from "./server.js";

const WINDOW = 16;
const LONGEST_SLAB = 256 * 1024;
// So much is sent before the server knows how fast the line is.
const UNMEASURED = 16 * 1024;

// Names that are not text, that deceive, or that would be markup.
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
  it("shows its first rows, and everything that a scan of two levels finds", async () => {
    const page = await site.open();
    await row(page, "alpha").waitFor();
    await logged(page, "root complete");
    expect(await rows(page)).toEqual(["docs", "empty", "hostile", "many", "alpha"]);
    expect(await paths(page)).toEqual(walk(site.tree, 2));
    expect(await row(page, "alpha").innerText()).toContain("5 B");
  });

  it("opens known folders at once, and requests others", async () => {
    const page = await site.open();
    await logged(page, "root complete");
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

  it("reports which file was chosen", async () => {
    const page = await site.open("depth=infinity");
    await logged(page, "root complete");
    for (const name of ["docs", "guide", "one", "alpha"]) await row(page, name).click();
    expect(await page.evaluate(() => window.app.selected)).toEqual(["docs/guide/one", "alpha"]);
  });

  it("has all of many entries", async () => {
    const page = await site.open("depth=infinity");
    await logged(page, "root complete");
    expect(await paths(page)).toEqual(walk(site.tree));
  });

  it("opens folders whose names are not text", async () => {
    const page = await site.open();
    await row(page, "hostile").click();
    for (const [, shown] of HOSTILE) {
      await row(page, shown).click();
      // The folder, and a file of the same name in it.
      await expect.poll(() => row(page, shown).count()).toBe(2);
      await row(page, shown).first().click();
    }
    const known = await paths(page);
    expect(known.filter((path) => path.startsWith("hostile/"))).toEqual(
      walk(site.tree).filter((path) => path.startsWith("hostile/")),
    );
  });
});

describe("a page that acknowledges nothing", () => {
  /** Waits until the server has sent as many slabs as it may, and is waiting. */
  async function stalled(page: Page): Promise<void> {
    await page.waitForFunction((window_) => window.app.slabs === window_, WINDOW);
    await expect.poll(async () => (await site.server.state()).parked).toBe(1);
  }

  it("costs the server at most a window of slabs, and gets the rest when it resumes", async () => {
    const page = await site.open("depth=infinity&paused");
    await expect.poll(async () => (await site.server.state()).parked).toBe(1);
    await page.waitForFunction((bytes) => window.app.bytes > bytes, UNMEASURED / 2);
    const { binary_bytes, native_bytes, waiting } = await site.server.state();
    expect(waiting).toBe(0);
    expect(binary_bytes + native_bytes).toBeLessThanOrEqual(WINDOW * LONGEST_SLAB);
    expect(await page.evaluate(() => window.app.bytes)).toBeLessThanOrEqual(UNMEASURED);
    await page.evaluate(() => window.app.connection.resume());
    await logged(page, "root complete");
    expect(await paths(page)).toEqual(walk(site.tree));
  });

  it("can be reloaded, and leaves nothing behind", async () => {
    const page = await site.open("root=crumbs:tree&paused");
    await stalled(page);
    await page.reload();
    await stalled(page);
    await expect.poll(() => site.server.state()).toMatchObject({ connections: 1, scans: 1 });
    await page.evaluate(() => window.app.connection.resume());
    await logged(page, "root complete");
    expect(await paths(page)).toEqual(walk(site.tree, 2));
  });

  it("can cancel, and start again", async () => {
    const page = await site.open("root=crumbs:tree&paused");
    await stalled(page);
    await page.evaluate(() => window.app.connection.cancel());
    await logged(page, "root cancelled");
    expect(await site.server.state()).toMatchObject({ scans: 0 });
    await page.evaluate(() => {
      const { connection, store } = window.app;
      connection.resume();
      connection.scan(store.root("crumbs:tree"));
    });
    await logged(page, "root complete");
    expect(await paths(page)).toEqual(walk(site.tree, 2));
  });

  it("shows each entry once after a lost connection", async () => {
    const page = await site.open("root=crumbs:tree&paused");
    await stalled(page);
    const before = await paths(page);
    expect(before.length).toBeGreaterThan(0);
    await site.server.drop();
    await logged(page, "lost");
    await logged(page, "joined", 2);
    await page.waitForFunction((both) => window.app.slabs === both, 2 * WINDOW);
    // Nothing that was shown has disappeared; which entries are in the window is up to the
    // scanner's threads.
    const after = await paths(page);
    expect(after).toEqual(expect.arrayContaining(before));
    expect(new Set(after).size).toBe(after.length);
    await page.evaluate(() => window.app.connection.resume());
    await logged(page, "root complete");
    expect(await paths(page)).toEqual(walk(site.tree, 2));
  });
});

describe("a lost connection", () => {
  it("is reported, and folders opened in it appear when it is back", async () => {
    const page = await site.open();
    await logged(page, "root complete");
    await row(page, "docs").click();
    // In one call, so that the request is sent while the connection breaks.
    await page.evaluate(() => {
      const { socket, tree } = window.app;
      (socket as unknown as { conn: WebSocket }).conn.close(3000, "gone");
      tree.open(tree.rows(0, 10).find((row) => row.name === "guide")!);
    });
    await row(page, "one").waitFor();
    await logged(page, "joined", 2);
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
    await page.waitForFunction(() => window.app.events.at(-1)?.status === "complete");
    return page;
  }

  it("lists a folder, and finds names", async () => {
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

  it("sends totals when they change, also after a lost connection or a restart of the index", async () => {
    const page = await indexed();
    await page.evaluate(() => {
      const totals = ((window as unknown as { totals: unknown[] }).totals = []);
      window.app.index.watch("tree", "docs", (folders) => void totals.push(folders as never));
    });
    /**
     * Waits until totals with this count of the folder `guide` have arrived, at least `nth` times.
     */
    const arrived = (count: number, nth: number) =>
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
    await arrived(2, 1);
    await site.server.drop();
    await logged(page, "joined", 2);
    await arrived(2, 2);
    await site.server.kill("Elixir.Aether.SocketServer.Index");
    await arrived(2, 3);
    const added = join(site.tree, "docs/guide/three");
    writeFileSync(added, "");
    await page.evaluate(() => window.app.index.scan("tree", { again: true }));
    await arrived(3, 1);
    rmSync(added);
  });
});
