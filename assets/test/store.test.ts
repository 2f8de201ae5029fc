import { describe, expect, it, vi } from "vitest";
import { decodeSlab, findRow, nlinkOf, openSiblings, targetOf, TreeStore } from "../src/index.js";
import { encodeSlab } from "./support/encode.js";
import { golden } from "./support/golden.js";
import { close, open, picture, record, rowNamed, sender } from "./support/tree.js";

function storeWith(...records: Parameters<typeof record>[]) {
  const store = new TreeStore();
  store.root("");
  const send = sender(store, 1);
  send(...records.map((args) => record(...args)));
  store.work();
  return { store, send };
}

describe("slabs", () => {
  it("of scans with different groups keep them, and their targets, in any order", () => {
    const store = new TreeStore();
    store.root("");
    const scans = [0, 2, 126].map((groups, i) => {
      store.begin(i + 1, "", `d${i}`);
      return { tag: i + 1, groups, path: `d${i}` };
    });
    sender(store, 9)(record("", ["d0/", "d1/", "d2/"]));
    // More targets than one buffer has room for.
    const target = "../\udcff".repeat(7000);
    for (let sequence = 0; sequence < 4; sequence++)
      for (const { tag, groups, path } of scans) {
        const entries = [0, 1].map((i) => ({
          name: `${path}-${sequence}${i}`,
          kind: i ? 3 : 1,
          size: groups ? 10 * sequence + i : 0,
          disk: 512 * sequence + i,
          nlink: sequence,
          target: i ? `${sequence}${target}` : "",
        }));
        const records = [{ path, status: sequence === 3 ? 1 : 0, entries }];
        const metadata = groups > 0;
        store.apply(decodeSlab(encodeSlab({ tag, sequence, metadata, groups, records })));
      }
    for (const { path } of scans) open(store, path);
    for (const { groups, path } of scans)
      for (let sequence = 0; sequence < 4; sequence++)
        for (const i of [0, 1]) {
          const { parent, ordinal, size, disk } = rowNamed(store, `${path}-${sequence}${i}`);
          const { columns, entry } = parent.view!.listing.at(ordinal);
          expect([size, disk, nlinkOf(columns, entry), targetOf(columns, entry)]).toEqual([
            groups ? 10 * sequence + i : null,
            groups ? 512 * sequence + i : null,
            groups > 2 ? sequence : null,
            groups > 2 && i ? `${sequence}${target}` : "",
          ]);
        }
  });
});

describe("rows", () => {
  it("are the root's entries, folders first, numbers by value", () => {
    const { store } = storeWith(["", ["b10", "b9", "z/", "A/", "a"]]);
    expect(picture(store)).toEqual(["+A", "+z", " a", " b9", " b10"]);
  });

  it("have a place and the properties of an entry", () => {
    const store = new TreeStore();
    store.begin(7, "");
    const slab = decodeSlab(golden("slab-v1"));
    store.apply(decodeSlab(encodeSlab({ tag: 7, sequence: 0, records: [] })));
    expect(store.apply({ ...slab, sequence: 1 })).toBe(true);
    store.work();
    const file = rowNamed(store, "a.txt");
    expect(file).toMatchObject({
      level: 1,
      place: 3,
      siblings: 5,
      kind: "file",
      size: 5,
      isFolder: false,
      folder: undefined,
    });
    expect(rowNamed(store, "\udcff\udcfe")).toMatchObject({ size: null, mtime: null });
    expect(rowNamed(store, "docs").folder!.state).toBe("loading");
    const { state, reason } = rowNamed(store, "denied").folder!;
    expect([state, reason]).toEqual(["failed", 269]);
  });

  it("open and close, and remember which folders were open beneath", () => {
    const { store } = storeWith(
      ["", ["a/", "b/", "c"]],
      ["a", ["x/", "y"]],
      ["a/x", ["deep"]],
      ["b", []],
    );
    open(store, "a");
    open(store, "x");
    open(store, "b");
    const whole = ["-a", "  -x", "     deep", "   y", "-b", " c"];
    expect(picture(store)).toEqual(whole);
    close(store, "a");
    expect(picture(store)).toEqual(["+a", "-b", " c"]);
    open(store, "a");
    expect(picture(store)).toEqual(whole);
    expect(store.rows(2, 4).map((row) => [row.name, row.level, row.place, row.siblings])).toEqual([
      ["deep", 3, 1, 1],
      ["y", 2, 2, 2],
    ]);
    for (const row of store.rows(0, 6))
      expect(store.indexOf(row.parent, row.ordinal)).toBe(row.index);
    expect(store.row(6)).toBeUndefined();
  });

  it("are found by prefix, from a given row on", () => {
    const { store } = storeWith(["", ["a/", "Beta", "beach", "c"]], ["a", ["bee"]]);
    open(store, "a");
    expect(picture(store)).toEqual(["-a", "   bee", " beach", " Beta", " c"]);
    expect(findRow(store, "be", 0, 5)).toBe(1);
    expect(findRow(store, "BE", 2, 5)).toBe(2);
    expect(findRow(store, "bet", 0, 5)).toBe(3);
    expect(findRow(store, "c", 0, 4)).toBe(-1);
  });

  it("include one for each of several roots", () => {
    const store = new TreeStore();
    store.root("home", "Home");
    store.root("etc");
    sender(store, 1, "home")(record("", ["b"]));
    sender(store, 2, "etc")(record("", ["a"]));
    expect(picture(store)).toEqual(["-Home", "   b", "-etc", "   a"]);
    close(store, "Home");
    expect(picture(store)).toEqual(["+Home", "-etc", "   a"]);
    expect(rowNamed(store, "etc").folder).toBe(store.root("etc"));
  });
});

describe("folders", () => {
  it("go from unread to loading to complete", () => {
    const { store, send } = storeWith(["", ["a/"]]);
    const needed = vi.fn();
    store.onRequest = needed;
    expect(rowNamed(store, "a").folder).toBeUndefined();
    open(store, "a");
    const folder = store.folder("", "a")!;
    expect(needed.mock.calls).toEqual([[folder, true]]);
    expect(folder.state).toBe("loading");
    send(record("a", ["x"], 0));
    expect(folder.state).toBe("loading");
    expect(picture(store)).toEqual(["-a", "   x"]);
    send(record("a", ["y"]));
    expect(folder.state).toBe("complete");
    expect(picture(store)).toEqual(["-a", "   x", "   y"]);
  });

  it.each([
    [1, "complete"],
    [2, "not-entered"],
    [3, "not-entered"],
    [4, "failed"],
    [5, "complete"],
    [269, "failed"],
  ])("with status %i are %s", (status, state) => {
    const { store } = storeWith(["", ["a/"]], ["a", [], status]);
    expect(store.folder("", "a")).toMatchObject({ state, reason: status });
  });

  it("that were cut short or failed are requested again when opened", () => {
    const { store, send } = storeWith(["", ["a/", "b/"]]);
    send(record("a", ["x"], 0));
    store.end(1);
    expect(store.folder("", "a")).toMatchObject({ state: "failed", reason: -1 });
    const needed: string[] = [];
    store.onRequest = (folder) => void needed.push(folder.path);
    open(store, "a");
    open(store, "b");
    store.fail(store.folder("", "b")!, "not_found");
    expect(store.folder("", "b")).toMatchObject({ state: "failed", reason: "not_found" });
    close(store, "b");
    open(store, "b");
    expect(needed).toEqual(["a", "b", "b"]);
  });

  it("next to a row open together, up to a limit", () => {
    const { store } = storeWith(["", ["a/", "b/", "c/", "d/", "e"]]);
    const needed: [string, boolean][] = [];
    store.onRequest = (folder, isUrgent) => void needed.push([folder.path, isUrgent]);
    openSiblings(store, rowNamed(store, "c"), 3);
    expect(needed).toEqual([
      ["c", true],
      ["a", false],
      ["b", false],
    ]);
    expect(picture(store)).toEqual(["-a", "-b", "-c", "+d", " e"]);
  });
});

describe("slabs", () => {
  it("that are duplicates, or whose scan is not running, are dropped", () => {
    const { store } = storeWith(["", ["a"]]);
    const again = decodeSlab(encodeSlab({ tag: 1, records: [record("", ["b"])] }));
    expect(store.apply(again)).toBe(false);
    expect(store.apply({ ...again, tag: 2 })).toBe(false);
    store.end(1);
    expect(store.apply({ ...again, sequence: 1 })).toBe(false);
    expect(picture(store)).toEqual([" a"]);
  });

  it("that arrive early wait", () => {
    const store = new TreeStore();
    store.begin(1, "");
    const slabs = [["a"], ["b"], ["c"]].map((names, sequence) =>
      decodeSlab(encodeSlab({ sequence, records: [record("", names, sequence === 2 ? 1 : 0)] })),
    );
    store.apply(slabs[2]);
    store.apply(slabs[1]);
    expect(store.apply(slabs[2])).toBe(false);
    expect(store.rowCount).toBe(0);
    store.apply(slabs[0]);
    expect(picture(store)).toEqual([" a", " b", " c"]);
    expect(store.root("").state).toBe("complete");
  });

  it("find folders whose paths are not ASCII or not UTF-8", () => {
    const names = ["é", "\udcff", "\udcc3", "\udca9", "plain"];
    const { store } = storeWith(
      ["", names.map((name) => `${name}/`)],
      ...names.map((name): [string, string[]] => [name, [`in ${name}`]]),
    );
    for (const name of names) {
      open(store, name);
      expect(rowNamed(store, `in ${name}`).parent.path).toBe(name);
    }
  });
});

describe("a second listing", () => {
  it("replaces the first at its closing record", () => {
    const { store } = storeWith(["", ["a", "b"]]);
    const send = sender(store, 2);
    send(record("", ["b", "c"], 0));
    expect(picture(store)).toEqual([" a", " b"]);
    send(record("", ["d"]));
    store.work();
    expect(picture(store)).toEqual([" b", " c", " d"]);
  });

  it("that is cut short changes nothing", () => {
    const { store } = storeWith(["", ["a"]]);
    sender(store, 2)(record("", ["b"], 0));
    store.end(2);
    store.work();
    expect(picture(store)).toEqual([" a"]);
    expect(store.root("").state).toBe("complete");
  });

  it("leaves open folders open, and reports that ordinals changed", () => {
    const { store } = storeWith(["", ["a/", "b/", "c"]], ["b", ["x"]]);
    open(store, "b");
    open(store, "a");
    const replaced = vi.fn();
    store.watcher = { changed: () => {}, replaced };
    sender(store, 2)(record("", ["new/", "c", "b/"]));
    store.work();
    expect(picture(store)).toEqual(["-b", "   x", "+new", " c"]);
    expect(replaced).toHaveBeenCalledOnce();
    expect(store.folder("", "a")).toBeUndefined();
  });

  it("forgets folders that are missing, with everything beneath", () => {
    const { store } = storeWith(
      ["", ["a/", "b/"]],
      ["a", ["x/"]],
      ["a/x", ["y/"]],
      ["a/x/y", []],
      ["b", ["z/"]],
      ["b/z", []],
    );
    sender(store, 2)(record("", ["b/"]));
    store.work();
    expect([...store.root("").root.folders.keys()]).toEqual(["", "b", "b/z"]);
  });
});

describe("a filter", () => {
  it("keeps names that contain the text, and open folders", () => {
    const { store, send } = storeWith(["", ["apple/", "pear/", "plum", "Grape"]]);
    open(store, "pear");
    store.filter = "AP";
    store.work();
    expect(picture(store)).toEqual(["+apple", "-pear", " Grape"]);
    send(record("pear", ["tap", "zip"], 0));
    store.work();
    expect(picture(store)).toEqual(["+apple", "-pear", "   tap", " Grape"]);
    send(record("pear", ["map", "zap", "zip2"]));
    store.work();
    expect(picture(store)).toEqual(["+apple", "-pear", "   map", "   tap", "   zap", " Grape"]);
    close(store, "pear");
    store.work();
    expect(picture(store)).toEqual(["+apple", " Grape"]);
    store.filter = "";
    store.work();
    expect(picture(store)).toEqual(["+apple", "+pear", " Grape", " plum"]);
  });
});

describe("work", () => {
  it("runs in slices, and rows keep their order of arrival until it is done", () => {
    const count = 40_000;
    const names = Array.from({ length: count }, (_, i) => `f${(i * 7919) % count}`);
    const store = new TreeStore();
    sender(store, 1)(record("", names));
    expect(store.work(0)).toBe(true);
    expect(store.row(1)!.name).toBe("f7919");
    let slices = 1;
    while (store.work(0)) slices++;
    expect(slices).toBeGreaterThan(50);
    expect(store.row(1)!.name).toBe("f1");
    expect(store.row(count - 1)!.name).toBe(`f${count - 1}`);
  });
});

it("watchers are notified at once of the first record of an open folder", () => {
  const { store, send } = storeWith(["", ["a/", "b/"]]);
  open(store, "a");
  const changed = vi.fn();
  store.watcher = { changed };
  send(record("b", ["y"]));
  send(record("a", ["x"], 0));
  send(record("a", ["z"]));
  expect(changed.mock.calls).toEqual([[false], [true], [false]]);
});
