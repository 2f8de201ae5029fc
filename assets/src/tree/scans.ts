// The scans that are running: for each tag, the slab that comes next, and the listings whose
// closing record has not arrived.
import { firstEntry, pathOf } from "../slab/entry.js";
import { folderAt, type Folder } from "./folder.js";
import { CUT_SHORT, Listing, OPEN } from "./listing.js";
import { ColumnBuffer } from "./column-buffer.js";
import type { Slab } from "../slab/slab.js";
import { decodeText } from "../text/encoding.js";

/**
 * Called when a record or the end of a scan has changed a folder's listing. `isFirst` if it is the
 * first one of the folder; `old` is the listing that it replaces.
 */
export type OnListing = (folder: Folder, isFirst: boolean, old: Listing | null) => void;

interface Scan {
  /** Where it began. */
  readonly folder: Folder;
  next: number;
  /** Slabs that arrived before the ones that precede them. */
  readonly early: Map<number, Slab>;
  readonly open: Map<Folder, Listing>;
}

export class Scans {
  readonly #scans = new Map<number, Scan>();
  /**
   * For each set of groups, the buffer that is being filled. It outlives its scans: most open one
   * folder, and share it. A page asks for few sets, and each keeps one buffer at most.
   */
  readonly #buffers = new Map<number, ColumnBuffer>();

  readonly #onListing: OnListing;

  constructor(onListing: OnListing) {
    this.#onListing = onListing;
  }

  begin(tag: number, folder: Folder): void {
    this.end(tag);
    this.#scans.set(tag, { folder, next: 0, early: new Map(), open: new Map() });
  }

  /** Takes a slab in; false if its scan is not running, or if it is a duplicate. */
  take(slab: Slab): boolean {
    const scan = this.#scans.get(slab.tag);
    if (!scan || slab.sequence < scan.next || scan.early.has(slab.sequence)) return false;
    scan.early.set(slab.sequence, slab);
    // In sequence: a listing is complete only if everything before its closing record is here.
    for (let due; (due = scan.early.get(scan.next)); scan.early.delete(scan.next++))
      this.#enter(scan, due);
    return true;
  }

  /**
   * The scan has ended: open listings are cut short, except those of folders that have an older
   * one.
   */
  end(tag: number): void {
    const scan = this.#scans.get(tag);
    if (!scan) return;
    this.#scans.delete(tag);
    scan.folder.isRequested = false;
    for (const [folder, listing] of scan.open)
      if (folder.listing === listing) {
        listing.status = CUT_SHORT;
        this.#onListing(folder, false, null);
      }
  }

  #enter(scan: Scan, slab: Slab): void {
    let buffer = this.#buffers.get(slab.groups);
    if (!buffer?.fits(slab)) {
      buffer?.close();
      this.#buffers.set(slab.groups, (buffer = new ColumnBuffer(slab)));
    }
    const base = buffer.append(slab);
    // If every character of the table is one byte, paths are substrings of one string.
    const table = decodeText(slab.paths);
    const isPlain = table.length === slab.paths.length;
    for (let record = 0, start = 0; record < slab.records; record++) {
      const end = slab.pathEnd[record];
      const path = isPlain ? table.slice(start, end) : pathOf(slab, record);
      start = end;

      const folder = folderAt(scan.folder.root, path);
      const status = slab.status[record];
      const listing = (scan.open.size && scan.open.get(folder)) || new Listing();
      const first = firstEntry(slab, record);
      listing.append(buffer, base + first, slab.entriesEnd[record] - first);
      const old = folder.listing;
      // The first listing of a folder is shown as it grows, a later one when it is complete.
      folder.listing ??= listing;
      if (status === OPEN) scan.open.set(folder, listing);
      else {
        if (scan.open.size) scan.open.delete(folder);
        listing.status = status;
        folder.listing = listing;
        folder.isRequested = false;
        folder.failure = null;
      }
      if (folder.listing === listing) this.#onListing(folder, !old, old === listing ? null : old);
    }
  }
}
