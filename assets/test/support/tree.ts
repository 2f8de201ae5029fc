// Sends slabs to a store by hand, and prints its rows.
import { decodeSlab, type Row, type TreeStore } from "../../src/index.js";
import { encodeSlab, type EntrySpec, type RecordSpec } from "./encode.js";

export const DIRECTORY = 2;

/** Entries by name; a trailing slash makes a directory. */
export const entries = (...names: string[]): EntrySpec[] =>
  names.map((name) =>
    name.endsWith("/") ? { name: name.slice(0, -1), kind: DIRECTORY } : { name, kind: 1 },
  );

export const record = (path: string, names: string[], status = 1): RecordSpec => ({
  path,
  status,
  entries: entries(...names),
});

/** Sends numbered slabs to a store under a tag. */
export function sender(store: TreeStore, tag: number, root = "", path = "") {
  store.begin(tag, root, path);
  let sequence = 0;
  return (...records: RecordSpec[]) =>
    store.apply(decodeSlab(encodeSlab({ tag, sequence: sequence++, records })));
}

/** The rows, one line each, indented, with + or - before folders. */
export function picture(store: TreeStore): string[] {
  return store.rows(0, store.rowCount).map((row) => {
    const mark = row.isFolder ? (row.isOpen ? "-" : "+") : " ";
    return `${"  ".repeat(row.level - 1)}${mark}${row.name}`;
  });
}

export function rowNamed(store: TreeStore, name: string): Row {
  const row = store.rows(0, store.rowCount).find((row) => row.name === name);
  if (!row) throw new Error(`no row ${name}`);
  return row;
}

export function open(store: TreeStore, name: string): void {
  const { parent, ordinal } = rowNamed(store, name);
  store.open(parent, ordinal);
  store.work();
}

export function close(store: TreeStore, name: string): void {
  store.close(rowNamed(store, name).folder!);
}
