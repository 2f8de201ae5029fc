// Attributes beside size and time, over a real socket: as the file system has them, and no more than
// the server lets clients have, which by default is `disk`.
import { lstatSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { logged, useSite } from "./fixture.js";
import { write } from "./server.js";

const site = useSite((tree) => {
  write(join(tree, "file"), "x".repeat(5000));
  symlinkSync("../elsewhere", join(tree, "link"));
});

const disk = (name: string) => 512 * lstatSync(join(site.tree, name)).blocks;

it("are in the rows, if the scan asks for them", async () => {
  const page = await site.open();
  await logged(page, "root complete");
  const disks = () =>
    page.evaluate(() => {
      const { store } = window.app;
      return store.rows(0, store.rowCount).map(({ name, disk }) => [name, disk]);
    });
  expect(await disks()).toEqual([
    ["file", null],
    ["link", null],
  ]);
  await page.evaluate(() => {
    const { connection, store } = window.app;
    connection.scan(store.root("tree"), { metadata: ["disk"] });
  });
  await expect.poll(disks).toEqual([
    ["file", disk("file")],
    ["link", disk("link")],
  ]);
});

it("are returned for one entry, except those that clients may not have", async () => {
  const page = await site.open();
  await logged(page, "root complete");
  const stat = (path: string) =>
    page.evaluate((path) => window.app.connection.stat("tree", path), path);
  const { size, mtimeMs } = lstatSync(join(site.tree, "file"));
  expect(await stat("file")).toEqual({
    ok: true,
    value: { kind: "file", size, disk: disk("file"), mtime_ms: Math.floor(mtimeMs) },
  });
  expect(await stat("link")).toMatchObject({ ok: true, value: { kind: "symlink" } });
  expect(await stat("")).toMatchObject({ ok: true, value: { kind: "directory" } });
  expect(await stat("none")).toEqual({ ok: false, reason: "not_found" });
  expect(await stat("../tree")).toMatchObject({ ok: false });
});

it("that clients may not have are refused", async () => {
  const page = await site.open();
  await logged(page, "root complete");
  await page.evaluate(() => {
    const { connection, store } = window.app;
    connection.scan(store.root("tree"), { metadata: ["disk", "owner"] });
  });
  await logged(page, "error bad_request");
});
