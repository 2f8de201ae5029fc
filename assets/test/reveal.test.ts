// Going to an entry by its path.
import { describe, expect, it } from "vitest";
import { TreeStore } from "../src/index.js";
import { Reveal } from "../src/svelte/reveal.js";
import { Viewport } from "../src/svelte/viewport.js";
import { picture, record, sender } from "./support/tree.js";

function revealing(path: string) {
  const store = new TreeStore();
  const asked: string[] = [];
  store.onRequest = (folder) => void asked.push(folder.path);
  store.root("r");
  const found: (string | null)[] = [];
  const reveal = new Reveal(store, "r", path, (folder, ordinal) => {
    const row = folder && store.row(store.indexOf(folder, ordinal));
    found.push(row ? folder.join(row.name) : null);
  });
  return { store, asked, found, reveal };
}

describe("going to a path", () => {
  it("opens folders that are listed, and waits for those that are not", () => {
    const { store, asked, found, reveal } = revealing("a/b/c");
    const send = sender(store, 1, "r");
    reveal.step();
    expect([asked, found]).toEqual([[], []]);
    send(record("", ["x", "a/"]), record("a", ["b/", "y"]));
    store.work();
    reveal.step();
    expect([asked, found]).toEqual([["a/b"], []]);
    reveal.step();
    const below = sender(store, 2, "r", "a/b");
    below(record("a/b", ["z"], 0));
    reveal.step();
    expect(found).toEqual([]);
    below(record("a/b", ["c"]));
    store.work();
    reveal.step();
    expect(found).toEqual(["a/b/c"]);
    expect(picture(store)).toEqual(["-a", "  -b", "     c", "     z", "   y", " x"]);
  });

  it("compares names by bytes", () => {
    const { store, found, reveal } = revealing("a\udcff");
    sender(store, 1, "r")(record("", ["a", "a\udcfe", "a\udcff"]));
    store.work();
    reveal.step();
    expect(found).toEqual(["a\udcff"]);
  });

  it.each([
    ["is not there", "a/none"],
    ["is no folder on the way", "x/a"],
    ["cannot be read", "locked/in"],
  ])("ends when something %s", (_what, path) => {
    const { store, found, reveal } = revealing(path);
    const records = [record("", ["x", "a/", "locked/"]), record("a", ["b"])];
    sender(store, 1, "r")(...records, record("locked", [], 256 + 13));
    store.work();
    reveal.step();
    // A folder that failed is requested again when it is opened.
    store.fail(store.folder("r", "locked")!, "eacces");
    if (!found.length) reveal.step();
    expect(found).toEqual([null]);
  });
});

it("a revealed row is centered, unless it is visible already or near an end", () => {
  const viewport = new Viewport(100, 20, 200);
  expect(viewport.center(50, 0)).toBe(50 * 20 - 90);
  expect(viewport.center(9, 0)).toBe(0);
  expect(viewport.center(3, 400)).toBe(0);
  expect(viewport.center(99, 0)).toBe(100 * 20 - 200);
});
