// Remembers an entry while rows move, and when a new listing of its folder comes.
import type { Folder } from "../folder.js";
import type { Listing } from "../listing.js";
import type { TreeStore } from "../store.js";

export class Mark {
  folder: Folder | null = null;
  ordinal = -1;

  set(folder: Folder | null, ordinal = -1): void {
    this.folder = folder;
    this.ordinal = ordinal;
  }

  /** The row that it is at, or -1. */
  indexIn(store: TreeStore): number {
    return this.folder ? store.indexOf(this.folder, this.ordinal) : -1;
  }

  /** The folder has another listing: looks for the same name in it. */
  follow(folder: Folder, old: Listing): void {
    if (this.folder !== folder || this.ordinal < 0) return;
    const { names, start, end } = old.at(this.ordinal);
    const name = names.subarray(start, end);
    const { listing } = folder.view!;
    this.ordinal = -1;
    for (let ordinal = 0; ordinal < listing.count; ordinal++) {
      const other = listing.at(ordinal);
      if (other.end - other.start !== name.length) continue;
      if (!name.every((byte, i) => byte === other.names[other.start + i])) continue;
      this.ordinal = ordinal;
      return;
    }
  }
}
