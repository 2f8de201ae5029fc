// How an opened folder shows its entries, and where its rows lie among all rows. Rows are never
// made as objects here: a row is a folder and a position, found by counting.
//
// A folder's block of rows is its own entries, with the blocks of opened children in between:
//
//   position 0        row 0
//   position 1        row 1        an opened child: first = 2, size = 2
//                     row 2          its position 0
//                     row 3          its position 1
//   position 2        row 4
import type { Folder, View } from "./folder.js";

/** Counts a folder's block, and places the blocks of opened children within it. */
export function layout(folder: Folder): number {
  const view = folder.view!;
  if (view.moved) {
    view.moved = false;
    for (const child of view.children) child.view!.position = view.positionOf(child.view!.ordinal);
    view.children.sort((a, b) => a.view!.position - b.view!.position);
  }
  let rows = 0;
  for (const child of view.children) {
    const inner = child.view!;
    inner.first = inner.position + 1 + rows;
    // One whose own row is not shown, because it was opened behind a filter, takes no room.
    if (inner.position < 0) inner.size = 0;
    else rows += layout(child);
  }
  return (view.size = view.count + rows);
}

/** Rows that follow each other and are entries of one folder. */
export interface Segment {
  readonly folder: Folder;
  /** Of the first of them. */
  readonly position: number;
  readonly length: number;
  /** 1 for entries of the topmost folder. */
  readonly level: number;
}

/** What a row in a folder's block is, and how many of its kind follow. */
export function seek(folder: Folder, row: number): Segment {
  for (let level = 1; ; level++) {
    const { children, size } = folder.view!;
    let low = 0;
    for (let high = children.length; low < high;) {
      const middle = (low + high) >> 1;
      if (children[middle].view!.first <= row) low = middle + 1;
      else high = middle;
    }
    const length = (children[low]?.view!.first ?? size) - row;
    const child = children[low - 1]?.view;
    const position = child ? row - endOf(child) + child.position + 1 : row;
    if (!child || row >= endOf(child)) return { folder, position, length, level };
    folder = children[low - 1];
    row -= child.first;
  }
}

/** The row after a child's block, which is that of the position after the child's. */
const endOf = ({ first, size }: View) => first + size;

/** The row of a folder's entry in the block of `top`, or -1 if it is not shown there. */
export function rowOf(top: Folder, folder: Folder, ordinal: number): number {
  const position = folder.view?.positionOf(ordinal) ?? -1;
  if (position < 0) return -1;
  let row = position;
  for (const { view: child } of folder.view!.children) {
    if (child!.position >= position) break;
    row = endOf(child!) + position - child!.position - 1;
  }
  for (; folder !== top; folder = folder.view!.parent!) {
    const { isOpen, parent, position, first } = folder.view!;
    if (!isOpen || !parent || position < 0) return -1;
    row += first;
  }
  return row;
}
