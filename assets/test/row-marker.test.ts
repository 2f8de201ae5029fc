// Focus, selection and the row that keeps its place, when later listings replace what is shown.
import { describe, expect, it } from "vitest";
import { TreeStore } from "../src/index.js";
import { RowMarker } from "../src/svelte/row-marker.js";
import { open, record, rowNamed, sender } from "./support/tree.js";

/** A store with markers on an entry; `again` replaces listings, and returns where markers are. */
function marked(name: string) {
  const store = new TreeStore();
  const focus = new RowMarker(true);
  const selected = new RowMarker(false);
  store.watcher = {
    changed() {},
    replaced(folder, old) {
      for (const marker of [focus, selected]) marker.follow(folder, old);
    },
  };
  store.root("r");
  sender(store, 1, "r")(
    record("", ["a/", "b/", "c", "d", "e"]),
    record("a", ["in/", "x", "y", "z"]),
    record("a/in", ["deep"]),
    record("b", ["w"]),
  );
  for (const folder of ["a", "in"]) open(store, folder);
  const { parent, ordinal } = rowNamed(store, name);
  for (const marker of [focus, selected]) marker.set(parent, ordinal);
  const nameAt = (marker: RowMarker) => store.row(marker.indexIn(store))?.name ?? null;
  return {
    again(...records: Parameters<ReturnType<typeof sender>>) {
      sender(store, 2, "r", records[0].path)(...records);
      store.work();
      return [nameAt(focus), nameAt(selected)];
    },
  };
}

describe("a later listing", () => {
  it("leaves markers on an entry that is still there, wherever it is now", () => {
    expect(marked("d").again(record("", ["0", "a/", "aa/", "e", "d", "b/"]))).toEqual(["d", "d"]);
    expect(marked("deep").again(record("", ["0/", "a/"]))).toEqual(["deep", "deep"]);
    expect(marked("y").again(record("a", ["in/", "new", "y"]))).toEqual(["y", "y"]);
  });

  it("without the entry moves the focus to the next, and selects nothing", () => {
    expect(marked("d").again(record("", ["0", "1", "a/", "b/", "c", "e"]))).toEqual(["e", null]);
    expect(marked("b").again(record("", ["a/", "c", "d"]))).toEqual(["c", null]);
    // Folders come first, also in the place of one.
    expect(marked("a").again(record("", ["b/", "c", "0"]))).toEqual(["b", null]);
  });

  it("without the last entry moves it to the one before, or to the folder", () => {
    expect(marked("e").again(record("", ["a/", "b/", "c"]))).toEqual(["c", null]);
    expect(marked("z").again(record("a", []))).toEqual(["a", null]);
  });

  it("without a folder moves it out of that, from however far beneath", () => {
    expect(marked("deep").again(record("a", ["x", "y"]))).toEqual(["x", null]);
    expect(marked("deep").again(record("", ["b/", "c"]))).toEqual(["b", null]);
  });
});
