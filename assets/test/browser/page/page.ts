// The page of the browser tests: the real component with a store that the tests fill.
import { flushSync, mount } from "svelte";
import { decodeSlab, TreeStore, type Folder, type Row } from "../../../src/index.js";
import { FileTree, TreeState } from "../../../src/svelte/index.js";
import { encodeSlab, type RecordSpec } from "../../support/encode.js";
import { record } from "../../support/tree.js";

const store = new TreeStore();
const tree = new TreeState(store);
const selected: string[] = [];
const needed: string[] = [];
const sequences = new Map<number, number>();

/** Sends records under a tag; the first begins the scan. */
function send(tag: number, records: RecordSpec[], path = ""): void {
  if (!sequences.has(tag)) store.begin(tag, "root", path);
  const sequence = sequences.get(tag) ?? 0;
  sequences.set(tag, sequence + 1);
  store.apply(decodeSlab(encodeSlab({ tag, sequence, records })));
}

/** A folder of `count` files and some folders, in slabs of 1,000. */
function encodeFlat(tag: number, count: number, isClosed = true): ArrayBuffer[] {
  return Array.from({ length: Math.ceil(count / 1000) }, (_, sequence) => {
    const from = 1000 * sequence;
    const length = Math.min(1000, count - from);
    const names = Array.from({ length }, (_, i) => {
      const n = ((from + i) * 7919) % count;
      return n % 1000 ? `file-${n}.txt` : `folder-${n}/`;
    });
    const entries = record("", names).entries!;
    entries.forEach((entry, i) =>
      Object.assign(entry, { size: (from + i) * 77, mtime: (1.7e9 + from + i) * 1e9 }),
    );
    const status = isClosed && from + length === count ? 1 : 0;
    return encodeSlab({ tag, sequence, records: [{ path: "", status, entries }] });
  });
}

const take = (slab: ArrayBuffer) => store.apply(decodeSlab(slab));

/** Sends a folder of `count` files. */
function flat(tag: number, count: number, isClosed = true): void {
  store.begin(tag, "root");
  const slabs = encodeFlat(tag, count, isClosed);
  slabs.forEach(take);
  sequences.set(tag, slabs.length);
}

const harness = {
  store,
  tree,
  selected,
  needed,
  send,
  flat,
  encodeFlat,
  encode: (tag: number, records: RecordSpec[]) => encodeSlab({ tag, records }),
  take,
  flushSync,
  record,
  /** Resolves when everything is sorted and shown. */
  async settled(): Promise<void> {
    while (store.work(4)) await frame();
    await frame();
    await frame();
  },
};

const frame = () => new Promise((done) => requestAnimationFrame(done));

store.root("root", "Root");
store.onRequest = (folder: Folder) => void needed.push(folder.path);
mount(FileTree, {
  target: document.querySelector("main")!,
  props: {
    tree,
    label: "Files",
    onselect: (row: Row) => void selected.push(row.parent.join(row.name)),
  },
});
Object.assign(window, { harness });

declare global {
  interface Window {
    harness: typeof harness;
  }
}
