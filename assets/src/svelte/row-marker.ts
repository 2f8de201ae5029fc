// Follows an entry while rows move, and when its folder gets a new listing.
import type { Folder } from "../tree/folder.js";
import type { Listing } from "../tree/listing.js";
import type { TreeStore } from "../tree/store.js";

export class RowMarker {
  folder: Folder | null = null;
  ordinal = -1;

  set(folder: Folder | null, ordinal = -1): void {
    this.folder = folder;
    this.ordinal = ordinal;
  }

  /** The entry's row, or -1. */
  indexIn(store: TreeStore): number {
    return this.folder ? store.indexOf(this.folder, this.ordinal) : -1;
  }

  /** The folder has a new listing: finds the same name in it. */
  follow(folder: Folder, old: Listing): void {
    if (this.folder !== folder || this.ordinal < 0) return;
    const { names, start, end } = old.at(this.ordinal);
    this.ordinal = ordinalOf(folder.view!.listing, names.subarray(start, end));
  }
}

/** The first entry from `from` on that has this name, or -1. */
export function ordinalOf(listing: Listing, name: Uint8Array, from = 0): number {
  for (let ordinal = from; ordinal < listing.count; ordinal++) {
    const { names, start, end } = listing.at(ordinal);
    if (end - start === name.length && name.every((byte, i) => byte === names[start + i]))
      return ordinal;
  }
  return -1;
}
