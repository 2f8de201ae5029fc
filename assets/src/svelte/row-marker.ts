// Follows an entry while rows move, and when its folder gets a new listing.
import { encodeText } from "../text/encoding.js";
import { compareNames } from "../tree/compare.js";
import type { Folder } from "../tree/folder.js";
import type { Listing } from "../tree/listing.js";
import type { TreeStore } from "../tree/store.js";

export class RowMarker {
  folder: Folder | null = null;
  ordinal = -1;

  /** With `keepsPlace`, it goes to the row that is in the place of its entry when that is gone. */
  constructor(readonly keepsPlace: boolean) {}

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
    if (this.ordinal < 0) return;
    const entry = this.#entryIn(folder, old);
    if (!entry) return;
    const { listing, parent, ordinal: own } = folder.view!;
    const ordinal = entry.isGone ? -1 : ordinalOf(listing, entry.name);
    if (ordinal >= 0) this.ordinal = ordinal;
    else if (!this.keepsPlace) this.set(null);
    else if (folder.view!.count) this.set(folder, nearest(folder, entry.name, entry.isFolder));
    else this.set(parent, own);
  }

  /** The entry of this folder that the marked entry is, or is beneath. */
  #entryIn(folder: Folder, old: Listing) {
    if (this.folder === folder) {
      const { names, start, end, isFolder } = old.at(this.ordinal);
      return { name: names.slice(start, end), isFolder, isGone: false };
    }
    let child = this.folder;
    while (child && child.view?.parent !== folder) child = child.view?.parent ?? null;
    // The open folder on the way is still there, and found again by the store.
    if (!child || child.view!.ordinal >= 0) return null;
    return { name: encodeText(child.name), isFolder: true, isGone: true };
  }
}

/** The entry that is shown where this one would be, or the last. */
function nearest(folder: Folder, name: Uint8Array, isFolder: boolean): number {
  const view = folder.view!;
  const isBefore = (position: number) => {
    const { names, start, end, isFolder: isOther } = view.listing.at(view.ordinalAt(position));
    if (isOther !== isFolder) return isOther;
    return compareNames(names, start, end, name, 0, name.length) < 0;
  };
  let [low, high] = [0, view.count - 1];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (isBefore(middle)) low = middle + 1;
    else high = middle;
  }
  return view.ordinalAt(low);
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
