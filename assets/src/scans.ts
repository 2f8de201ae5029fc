// What is on its way from the scans: for each tag which slab comes next, and the listings whose
// closing record has not come yet.
import { firstEntry, pathOf } from "./entry.js";
import type { Folder, Root } from "./folder.js";
import { CUT_SHORT, Listing, OPEN } from "./listing.js";
import { Page } from "./page.js";
import type { Slab } from "./slab.js";
import { decodeText } from "./text.js";

/** Whoever wants to know what a record did to a folder. */
export interface Records {
  folderAt(root: Root, path: string): Folder;
  /** A record came, the first of all for this folder or not. */
  grown(folder: Folder, isFirst: boolean): void;
  /** The listing is at its end, and is the folder's from now on; `old` was until now. */
  closed(folder: Folder, old: Listing | null): void;
}

interface Scan {
  readonly root: Root;
  /** Where it starts. */
  readonly folder: Folder;
  next: number;
  /** Slabs that came before their time. */
  readonly early: Map<number, Slab>;
  readonly open: Map<Folder, Listing>;
}

export class Scans {
  private readonly scans = new Map<number, Scan>();
  private page: Page | undefined;

  constructor(private readonly records: Records) {}

  begin(tag: number, folder: Folder): void {
    this.end(tag);
    const { root } = folder;
    this.scans.set(tag, { root, folder, next: 0, early: new Map(), open: new Map() });
  }

  /** False if the slab is of no scan that runs, or was here before. */
  take(slab: Slab): boolean {
    const scan = this.scans.get(slab.tag);
    if (!scan || slab.sequence < scan.next || scan.early.has(slab.sequence)) return false;
    scan.early.set(slab.sequence, slab);
    // A listing is complete when its closing record and all before it are here: so in their order.
    for (let due; (due = scan.early.get(scan.next)); scan.early.delete(scan.next++))
      this.enter(scan, due);
    return true;
  }

  /** No more comes under this tag: what is open stays cut short, unless it was a second look. */
  end(tag: number): void {
    const scan = this.scans.get(tag);
    if (!scan) return;
    this.scans.delete(tag);
    scan.folder.asked = false;
    for (const [folder, listing] of scan.open)
      if (folder.listing === listing) {
        listing.status = CUT_SHORT;
        this.records.closed(folder, null);
      }
  }

  private enter(scan: Scan, slab: Slab): void {
    if (!this.page?.fits(slab)) {
      this.page?.close();
      this.page = new Page(slab);
    }
    const base = this.page.append(slab);
    // If all of the table is one byte a character, its paths are parts of one string.
    const table = decodeText(slab.paths);
    const isPlain = table.length === slab.paths.length;
    for (let record = 0, start = 0; record < slab.records; record++) {
      const end = slab.pathEnd[record];
      const path = isPlain ? table.slice(start, end) : pathOf(slab, record);
      start = end;

      const folder = this.records.folderAt(scan.root, path);
      const status = slab.status[record];
      const listing = scan.open.get(folder) ?? new Listing();
      const first = firstEntry(slab, record);
      listing.append(this.page, base + first, slab.entriesEnd[record] - first);
      // The first look at a folder is shown as it grows, a later one when it is whole.
      const isFirst = !folder.listing;
      folder.listing ??= listing;
      if (status === OPEN) scan.open.set(folder, listing);
      else scan.open.delete(folder);
      folder.refusal = null;
      if (folder.listing === listing || status !== OPEN) this.records.grown(folder, isFirst);
      if (status !== OPEN) {
        listing.status = status;
        folder.asked = false;
        const old = folder.listing;
        folder.listing = listing;
        this.records.closed(folder, old === listing ? null : old);
      }
    }
  }
}
