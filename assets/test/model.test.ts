// Compares the store with a plain model of objects, for any order of records, scans and clicks.
import fc from "fast-check";
import { expect, it } from "vitest";
import { TreeStore } from "../src/index.js";
import { picture, record, sender } from "./support/tree.js";

/** What a folder shows: the listing that was completed last, or else the first that was begun. */
interface Model {
  shown: Map<string, { names: string[]; isClosed: boolean }>;
  building: Map<string, Map<string, string[]>>;
}

const NAMES = ["a/", "b/", "c", "10", "9"];
const PATHS = ["", "a", "b", "a/a", "a/b", "b/a"];

const step = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constant("record" as const),
      scan: fc.nat(2),
      path: fc.constantFrom(...PATHS),
      names: fc.subarray(NAMES),
      isLast: fc.boolean(),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("end" as const), scan: fc.nat(2) }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant("toggle" as const), row: fc.nat(20) }) },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant("work" as const), time: fc.constantFrom(0, Infinity) }),
  },
);

it("the store behaves like the model", () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const store = new TreeStore();
      store.root("");
      const model: Model = { shown: new Map(), building: new Map() };
      const senders = [0, 1, 2].map((scan) => sender(store, scan));
      for (const step of steps) {
        if (step.do === "work") store.work(step.time);
        else if (step.do === "toggle") toggle(store, step.row);
        else if (step.do === "end") {
          store.end(step.scan);
          finish(model, `${step.scan}`);
          senders[step.scan] = sender(store, step.scan);
        } else {
          const { scan, path, isLast } = step;
          const key = `${scan} ${path}`;
          // Names in a directory are unique.
          const known = model.building.get(`${scan}`)?.get(path) ?? [];
          const names = step.names.filter((name) => !known.includes(name));
          senders[scan](record(path, names, isLast ? 1 : 0));
          take(model, `${scan}`, path, [...known, ...names], isLast, key);
        }
        consistent(store);
      }
      store.work();
      consistent(store);
      expect(picture(store)).toEqual(draw(store, model, "", 0));
    }),
    { numRuns: 400 },
  );
});

function take(
  model: Model,
  scan: string,
  path: string,
  names: string[],
  isLast: boolean,
  owner: string,
): void {
  const building = model.building.get(scan) ?? new Map<string, string[]>();
  model.building.set(scan, building);
  const shown = model.shown.get(path) as (Listing & { owner?: string }) | undefined;
  if (isLast) {
    building.delete(path);
    if (shown) forget(model, path, names);
    model.shown.set(path, { names, isClosed: true });
  } else {
    building.set(path, names);
    if (!shown || shown.owner === owner)
      model.shown.set(path, Object.assign({ names, isClosed: false }, { owner }));
  }
}

type Listing = { names: string[]; isClosed: boolean };

/** Folders in the old listing but not in the new one disappear with everything beneath. */
function forget(model: Model, path: string, names: string[]): void {
  for (const old of model.shown.get(path)!.names) {
    if (!old.endsWith("/") || names.includes(old)) continue;
    const gone = (path ? `${path}/` : "") + old.slice(0, -1);
    for (const known of [...model.shown.keys()])
      if (known === gone || known.startsWith(`${gone}/`)) model.shown.delete(known);
  }
}

function finish(model: Model, scan: string): void {
  for (const [path] of model.building.get(scan) ?? []) {
    const shown = model.shown.get(path) as (Listing & { owner?: string }) | undefined;
    if (shown?.owner === `${scan} ${path}`)
      model.shown.set(path, { names: shown.names, isClosed: true });
  }
  model.building.delete(scan);
}

function draw(store: TreeStore, model: Model, path: string, level: number): string[] {
  const { names, isClosed } = model.shown.get(path) ?? { names: [], isClosed: false };
  const order = ["a/", "b/", "9", "10", "c"];
  const sorted = isClosed ? names.toSorted((a, b) => order.indexOf(a) - order.indexOf(b)) : names;
  return sorted.flatMap((name) => {
    const indent = "  ".repeat(level);
    if (!name.endsWith("/")) return [`${indent} ${name}`];
    const inner = (path ? `${path}/` : "") + name.slice(0, -1);
    const isOpen = store.folder("", inner)?.view?.isOpen ?? false;
    const row = `${indent}${isOpen ? "-" : "+"}${name.slice(0, -1)}`;
    return isOpen ? [row, ...draw(store, model, inner, level + 1)] : [row];
  });
}

function toggle(store: TreeStore, at: number): void {
  const row = store.row(at % (store.rowCount || 1));
  if (!row?.isFolder) return;
  if (row.isOpen) store.close(row.folder!);
  else store.open(row.parent, row.ordinal);
}

/** Rows are found by their entries, and entries by their rows. */
function consistent(store: TreeStore): void {
  const rows = store.rows(0, store.rowCount);
  expect(rows.map((row) => row.index)).toEqual(rows.map((_, index) => index));
  expect(rows.map((row) => store.indexOf(row.parent, row.ordinal))).toEqual(
    rows.map((_, index) => index),
  );
  expect(new Set(rows.map((row) => row.id)).size).toBe(rows.length);
}
