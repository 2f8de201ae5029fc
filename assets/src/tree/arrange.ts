// Brings a folder's view up to date: sorts, filters, and finds open children again when a new
// listing replaces the one that is shown. Runs in steps. The view changes only with the last one,
// so that rows always match what is on the screen.
import { fold } from "./compare.js";
import { nameOf } from "../slab/entry.js";
import type { Folder } from "./folder.js";
import { OPEN, type Listing } from "./listing.js";
import { FEWER_STEPS, sortListing, STEPS } from "./sort.js";

/** `filter` is what names must contain, case-folded; empty for all names. */
export function* arrange(folder: Folder, filter: Uint8Array): Generator<void, void> {
  const view = folder.view!;
  const listing = folder.listing ?? view.listing;
  const { count } = listing;
  const isNew = listing !== view.listing;
  let sorted = isNew ? null : view.sorted;
  if (!sorted && listing.status !== OPEN) sorted = yield* sortListing(listing, count);

  const ordinals = new Map<Folder, number>();
  if (isNew) yield* findAgain(view.children, listing, ordinals);
  else for (const child of view.children) ordinals.set(child, child.view!.ordinal);

  let order = sorted;
  if (filter.length) order = yield* select(listing, count, sorted, filter, ordinals.values());

  const positions = order && new Int32Array(count).fill(-1);
  for (let position = 0; order && position < order.length; position++) {
    positions![order[position]] = position;
    if (position % STEPS === 0) yield;
  }

  view.listing = listing;
  view.sorted = sorted;
  view.order = order;
  view.positions = positions;
  view.moved = true;
  view.children = view.children.filter((child) => {
    const ordinal = ordinals.get(child);
    child.view!.isOpen = ordinal !== undefined;
    child.view!.ordinal = ordinal ?? -1;
    return child.view!.isOpen;
  });
}

/** Finds open children by name in a new listing of their parent. */
function* findAgain(children: Folder[], listing: Listing, ordinals: Map<Folder, number>) {
  const byName = new Map(children.map((child) => [child.name, child]));
  for (let ordinal = 0; children.length && ordinal < listing.count; ordinal++) {
    const { columns, entry, isFolder } = listing.at(ordinal);
    const child = isFolder && byName.get(nameOf(columns, entry));
    if (child) ordinals.set(child, ordinal);
    if (ordinal % FEWER_STEPS === 0) yield;
  }
}

/** The ordinals whose names contain the filter, and those in `kept`. */
function* select(
  listing: Listing,
  count: number,
  sorted: Uint32Array | null,
  filter: Uint8Array,
  kept: Iterable<number>,
): Generator<void, Uint32Array> {
  const isWanted = new Uint8Array(count);
  for (const ordinal of kept) isWanted[ordinal] = 1;
  for (let ordinal = 0; ordinal < count; ordinal++) {
    const { names, start, end } = listing.at(ordinal);
    if (contains(names, start, end, filter)) isWanted[ordinal] = 1;
    if (ordinal % STEPS === 0) yield;
  }
  const order = new Uint32Array(count);
  let length = 0;
  for (let i = 0; i < count; i++) {
    const ordinal = sorted ? sorted[i] : i;
    if (isWanted[ordinal]) order[length++] = ordinal;
    if (i % STEPS === 0) yield;
  }
  return order.slice(0, length);
}

function contains(names: Uint8Array, start: number, end: number, filter: Uint8Array): boolean {
  for (let at = start; at <= end - filter.length; at++)
    if (startsWith(names, at, end, filter)) return true;
  return false;
}

/** Whether the name continues with `folded` at `at`, ignoring the case of ASCII letters. */
export function startsWith(
  names: Uint8Array,
  at: number,
  end: number,
  folded: Uint8Array,
): boolean {
  if (end - at < folded.length) return false;
  for (let i = 0; i < folded.length; i++) if (fold(names[at + i]) !== folded[i]) return false;
  return true;
}
