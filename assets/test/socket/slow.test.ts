// Over a line of 20 KB/s on which everything takes 0.3 s.
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { logged, paths, row, useSite, walk } from "./fixture.js";
import { startProxy, type Proxy } from "./proxy.js";
import { touch, write } from "./server.js";

const FILES = 20_000;

const site = useSite((tree) => {
  write(join(tree, "docs/guide/er/one"), "1");
  touch(
    join(tree, "many"),
    Array.from({ length: FILES }, (_, i) => `some-file-${i}.txt`),
  );
});

let proxy: Proxy;
beforeAll(async () => {
  proxy = await startProxy(Number(new URL(site.server.url).port), { rate: 20_000, latency: 150 });
});
afterAll(() => proxy.close());

describe("over a slow line", () => {
  it("a large root is listed to its end, and folders open before that", async () => {
    const page = await site.open(`depth=2&socket=${proxy.port}`);
    page.setDefaultTimeout(200_000);
    await row(page, "many").waitFor();
    for (const [folder, inner] of [
      ["docs", "guide"],
      ["guide", "er"],
      ["er", "one"],
    ]) {
      await row(page, folder).click();
      await row(page, inner).waitFor();
    }
    await logged(page, "docs/guide/er complete");
    // The root is still on its way.
    const log = () => page.evaluate(() => window.app.log);
    expect(await log()).not.toContain("root complete");
    await logged(page, "root complete");
    // Nothing was lost, refused or without an answer.
    const done = (await log()).filter((line) => !/^docs\S* complete$/.test(line));
    expect(done).toEqual(["joined", "root complete"]);
    expect(await paths(page)).toEqual(walk(site.tree));
  }, 300_000);
});
