// What is on its way from the scans: for each tag which slab comes next, and the listings whose
// closing record has not come yet.
import { firstEntry, pathOf } from "../slab/entry.js";
import { folderAt, type Folder } from "./folder.js";
import { CUT_SHORT, Listing, OPEN } from "./listing.js";
import { ColumnBuffer } from "./column-buffer.js";
import type { Slab } from "../slab/slab.js";
import { decodeText } from "../text/encoding.js";

/** What a record, or the end of a scan, did to a folder: its listing began, or is at its end. */
export type Heard = (folder: Folder, isFirst: boolean, old: Listing | null) => void;

interface Scan {
  /** Where it starts. */
  readonly folder: Folder;
  next: number;
  /** Slabs that came before their time. */
  readonly early: Map<number, Slab>;
  readonly open: Map<Folder, Listing>;
}

export class Scans {
  readonly #scans = new Map<number, Scan>();
  #buffer: ColumnBuffer | undefined;

  readonly #heard: Heard;

  constructor(heard: Heard) {
    this.#heard = heard;
  }

  begin(tag: number, folder: Folder): void {
    this.end(tag);
    this.#scans.set(tag, { folder, next: 0, early: new Map(), open: new Map() });
  }

  /** False if the slab is of no scan that runs, or was here before. */
  take(slab: Slab): boolean {
    const scan = this.#scans.get(slab.tag);
    if (!scan || slab.sequence < scan.next || scan.early.has(slab.sequence)) return false;
    scan.early.set(slab.sequence, slab);
    // A listing is complete when its closing record and all before it are here: so in their order.
    for (let due; (due = scan.early.get(scan.next)); scan.early.delete(scan.next++))
      this.#enter(scan, due);
    return true;
  }

  /** No more comes under this tag: what is open stays cut short, unless it was a second look. */
  end(tag: number): void {
    const scan = this.#scans.get(tag);
    if (!scan) return;
    this.#scans.delete(tag);
    scan.folder.isRequested = false;
    for (const [folder, listing] of scan.open)
      if (folder.listing === listing) {
        listing.status = CUT_SHORT;
        this.#heard(folder, false, null);
      }
  }

  #enter(scan: Scan, slab: Slab): void {
    if (!this.#buffer?.fits(slab)) {
      this.#buffer?.close();
      this.#buffer = new ColumnBuffer(slab);
    }
    const base = this.#buffer.append(slab);
    // If all of the table is one byte a character, its paths are parts of one string.
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
      listing.append(this.#buffer, base + first, slab.entriesEnd[record] - first);
      const old = folder.listing;
      // The first look at a folder is shown as it grows, a later one when it is whole.
      folder.listing ??= listing;
      if (status === OPEN) scan.open.set(folder, listing);
      else {
        if (scan.open.size) scan.open.delete(folder);
        listing.status = status;
        folder.listing = listing;
        folder.isRequested = false;
        folder.failure = null;
      }
      if (folder.listing === listing) this.#heard(folder, !old, old === listing ? null : old);
    }
  }
}
