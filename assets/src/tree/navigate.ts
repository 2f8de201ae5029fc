// Moves about in a tree without creating rows on the way: there may be a million.
import { startsWith } from "./arrange.js";
import { foldText } from "./compare.js";
import type { Row } from "./row.js";
import type { TreeStore } from "./store.js";

/** The first row from `from` to before `to` whose name begins with `prefix`, or -1. */
export function findRow(store: TreeStore, prefix: string, from: number, to: number): number {
  const folded = foldText(prefix);
  for (let index = from, segment; index < to && (segment = store.segment(index));) {
    const view = segment.folder.view!;
    for (let i = 0; i < segment.length && index < to; i++, index++) {
      const { names, start, end } = view.listing.at(view.ordinalAt(segment.position + i));
      if (startsWith(names, start, end, folded)) return index;
    }
  }
  return -1;
}

/** Opens a folder's row and its sibling folders, at most `limit` in all. */
export function openSiblings(store: TreeStore, row: Row, limit: number): void {
  const { parent, ordinal } = row;
  const view = parent.view!;
  store.open(parent, ordinal);
  for (let position = 0, left = limit - 1; position < view.count && left > 0; position++) {
    const other = view.ordinalAt(position);
    if (other === ordinal || !view.listing.at(other).isFolder) continue;
    store.open(parent, other, false);
    left--;
  }
}
