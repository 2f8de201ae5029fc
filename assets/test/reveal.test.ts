// Going to an entry by its path.
import { describe, expect, it } from "vitest";
import { formatReason, TreeStore } from "../src/index.js";
import { Reveal } from "../src/svelte/reveal.js";
import { Viewport } from "../src/svelte/viewport.js";
import { picture, record, sender } from "./support/tree.js";

function revealing(path: string) {
  const store = new TreeStore();
  const asked: string[] = [];
  store.onRequest = (folder) => void asked.push(folder.path);
  store.root("r");
  const ends: string[] = [];
  const reveal = new Reveal(
    store,
    "r",
    path,
    (folder, ordinal) => {
      const { name } = store.row(store.indexOf(folder, ordinal))!;
      ends.push(folder.join(name));
    },
    ({ reason, folder, name }) => ends.push(`${name} in ${folder.path}: ${formatReason(reason)}`),
  );
  return { store, asked, ends, reveal };
}

describe("going to a path", () => {
  it("opens folders that are listed, and waits for those that are not", () => {
    const { store, asked, ends, reveal } = revealing("a/b/c");
    const send = sender(store, 1, "r");
    reveal.step();
    expect([asked, ends]).toEqual([[""], []]);
    send(record("", ["x", "a/"]), record("a", ["b/", "y"]));
    store.work();
    reveal.step();
    expect([asked, ends]).toEqual([["", "a/b"], []]);
    reveal.step();
    const below = sender(store, 2, "r", "a/b");
    below(record("a/b", ["z"], 0));
    reveal.step();
    expect(ends).toEqual([]);
    below(record("a/b", ["c"]));
    store.work();
    reveal.step();
    expect(ends).toEqual(["a/b/c"]);
    expect(picture(store)).toEqual(["-a", "  -b", "     c", "     z", "   y", " x"]);
  });

  it("compares names by bytes", () => {
    const { store, ends, reveal } = revealing("a\udcff");
    sender(store, 1, "r")(record("", ["a", "a\udcfe", "a\udcff"]));
    store.work();
    reveal.step();
    expect(ends).toEqual(["a\udcff"]);
  });

  it("opens a root that is closed", () => {
    const store = new TreeStore();
    for (const key of ["q", "r"]) store.root(key);
    sender(store, 1, "r")(record("", ["a"]));
    store.work();
    store.close(store.root("r"));
    const end: string[] = [];
    const reveal = new Reveal(
      store,
      "r",
      "a",
      (folder, ordinal) => end.push(store.row(store.indexOf(folder, ordinal))!.name),
      () => end.push("failed"),
    );
    reveal.step();
    expect(end).toEqual(["a"]);
  });

  it("looks once more into a folder that was listed before the entry came", () => {
    const { store, asked, ends, reveal } = revealing("a/new");
    sender(store, 1, "r")(record("", ["a/"]), record("a", ["b"]));
    store.work();
    reveal.step();
    expect([asked, ends]).toEqual([["", "a"], []]);
    sender(store, 2, "r", "a")(record("a", ["b", "new"]));
    store.work();
    reveal.step();
    expect(ends).toEqual(["a/new"]);
  });

  it.each([
    ["is not there", "a/none", "none in a: not found"],
    ["is no folder on the way", "x/a", "x in : not a folder"],
    ["cannot be read", "locked/in", "in in locked: permission denied"],
    ["is on another file system", "mount/in", "in in mount: on another file system"],
  ])("ends when something %s, and says why", (_what, path, end) => {
    const { store, ends, reveal } = revealing(path);
    const records = [record("", ["x", "a/", "locked/", "mount/"]), record("a", ["b"])];
    sender(store, 1, "r")(...records, record("locked", [], 256 + 13), record("mount", [], 2));
    store.work();
    reveal.step();
    // What was complete, and a folder that failed, are requested again.
    const folder = path.startsWith("a/") ? "a" : "locked";
    sender(store, 2, "r", folder)(folder === "a" ? record("a", ["b"]) : record("locked", [], 269));
    store.work();
    if (!ends.length) reveal.step();
    expect(ends).toEqual([end]);
  });

  it("ends when the request for a folder is withdrawn", () => {
    const { store, ends, reveal } = revealing("a/in");
    sender(store, 1, "r")(record("", ["a/"]));
    store.work();
    reveal.step();
    store.fail(store.folder("r", "a")!, null);
    reveal.step();
    expect(ends).toEqual(["in in a: cancelled"]);
  });
});

it("a revealed row is centered, unless it is visible already or near an end", () => {
  const viewport = new Viewport(100, 20, 200);
  expect(viewport.center(50, 0)).toBe(50 * 20 - 90);
  expect(viewport.center(9, 0)).toBe(0);
  expect(viewport.center(3, 400)).toBe(0);
  expect(viewport.center(99, 0)).toBe(100 * 20 - 200);
});
