// One row as an object, made when it is to be shown and never kept.
import { kindOf, mtimeOf, nameOf, sizeOf, type Kind } from "../slab/entry.js";
import type { Folder } from "./folder.js";
import type { Segment } from "./layout.js";

export interface Row {
  /** Stays the same while the listing does, wherever the row moves. */
  readonly id: string;
  readonly index: number;
  /** 1 for the topmost. */
  readonly level: number;
  /** Its place among its siblings, from 1 on, and how many they are. */
  readonly place: number;
  readonly siblings: number;
  /** Where the entry is listed, and which of that folder's entries it is. */
  readonly parent: Folder;
  readonly ordinal: number;
  readonly name: string;
  readonly kind: Kind;
  /** Bytes, and milliseconds since 1970; null where not known. */
  readonly size: number | null;
  readonly mtime: number | null;
  readonly isFolder: boolean;
  readonly isOpen: boolean;
  /** A folder that the store has heard of. */
  readonly folder: Folder | undefined;
}

/** The row that lies `offset` rows into a segment; `find` knows folders by their entry. */
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
    mtime: mtimeOf(columns, entry),
    isFolder,
    isOpen: folder?.view?.isOpen ?? false,
    folder,
  };
}
