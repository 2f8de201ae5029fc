// A row as an object, created to be shown and not kept.
import { diskOf, kindOf, mtimeOf, nameOf, sizeOf, type Kind } from "../slab/entry.js";
import type { Folder } from "./folder.js";
import type { Segment } from "./layout.js";

export interface Row {
  /** Stays the same when the row moves; changes with a new listing of the folder. */
  readonly id: string;
  readonly index: number;
  /** 1 at the top. */
  readonly level: number;
  /** Its place among its siblings, counted from 1, and their number. */
  readonly place: number;
  readonly siblings: number;
  /** The folder that lists the entry, and the entry's ordinal in it. */
  readonly parent: Folder;
  readonly ordinal: number;
  readonly name: string;
  readonly kind: Kind;
  /** Bytes, allocated bytes, and milliseconds since 1970; null if unknown or not asked for. */
  readonly size: number | null;
  readonly disk: number | null;
  readonly mtime: number | null;
  readonly isFolder: boolean;
  readonly isOpen: boolean;
  /** The folder itself, if the store knows it. */
  readonly folder: Folder | undefined;
}

/** The row at an offset into a segment; `find` returns the folder of an entry. */
export function makeRow(
  { folder: parent, position, level }: Segment,
  offset: number,
  index: number,
  find: (parent: Folder, ordinal: number, name: string) => Folder | undefined,
): Row {
  const view = parent.view!;
  const ordinal = view.ordinalAt(position + offset);
  const { columns, entry, isFolder } = view.listing.at(ordinal);
  const name = nameOf(columns, entry);
  const folder = isFolder ? find(parent, ordinal, name) : undefined;
  return {
    id: `${parent.id}-${ordinal}`,
    index,
    level,
    place: position + offset + 1,
    siblings: view.count,
    parent,
    ordinal,
    name,
    kind: kindOf(columns, entry),
    size: sizeOf(columns, entry),
    disk: diskOf(columns, entry),
    mtime: mtimeOf(columns, entry),
    isFolder,
    isOpen: folder?.view?.isOpen ?? false,
    folder,
  };
}
