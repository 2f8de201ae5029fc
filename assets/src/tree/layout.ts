// Finds the rows of open folders among all rows. No row is an object here: it is a folder and a
// position, found by counting.
//
// A folder's block of rows has its own entries, with the blocks of open children in between:
//
//   position 0        row 0
//   position 1        row 1        an open child: first = 2, size = 2
//                     row 2          its position 0
//                     row 3          its position 1
//   position 2        row 4
import type { Folder, View } from "./folder.js";

/** Counts the rows of a folder's block, and places the blocks of open children in it. */
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
    // A child whose own row is filtered out has no rows.
    if (inner.position < 0) inner.size = 0;
    else rows += layout(child);
  }
  return (view.size = view.count + rows);
}

/** Consecutive rows that are entries of one folder. */
export interface Segment {
  readonly folder: Folder;
  /** Of the first row. */
  readonly position: number;
  readonly length: number;
  /** 1 for entries of the top folder. */
  readonly level: number;
}

/** The segment that begins at a row of a folder's block. */
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

/** The row after a child's block: that of the parent's next position. */
const endOf = ({ first, size }: View) => first + size;

/** The row of a folder's entry in the block of `top`, or -1 if it is not shown. */
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
