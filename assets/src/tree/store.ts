// The tree: takes slabs in, keeps folders, and returns rows to a list that shows some of them. It
// uses no DOM, timers or network: the owner of the store calls `work` regularly, which sorts and
// filters.
import { arrange } from "./arrange.js";
import { foldText } from "./compare.js";
import { DIRECTORY, nameOf } from "../slab/entry.js";
import { Folder, folderAt, View } from "./folder.js";
import { isFailure, Listing, OPEN } from "./listing.js";
import { prune } from "./prune.js";
import { makeRow, type Row } from "./row.js";
import { Scans } from "./scans.js";
import { NO_ATTRIBUTES, type Columns, type Slab } from "../slab/slab.js";
import { encoder } from "../text/encoding.js";
import { layout, rowOf, seek, type Segment } from "./layout.js";

export interface Watcher {
  /** Rows may have changed. `isFirst` if they include the first ones of an open folder. */
  changed(isFirst: boolean): void;
  /** A folder shows a new listing from now on: ordinals of the old one are void. */
  replaced?(folder: Folder, old: Listing): void;
}

export class TreeStore {
  /** Called to have a folder's entries sent; set by the connection. */
  onRequest: ((folder: Folder, isUrgent: boolean) => void) | null = null;

  /** Set by the component that shows the rows. */
  watcher: Watcher | null = null;

  // A folder of all roots: not a directory, and shown only if there are several roots.
  readonly #forest = new Folder({ key: "", label: "", folders: new Map() }, "");
  readonly #roots: Folder[] = [];
  readonly #scans = new Scans((...listing) => this.#onListing(...listing));
  readonly #stale = new Set<Folder>();
  // By folder for arranging, by old listing for pruning.
  readonly #tasks = new Map<Folder | Listing, Generator<void, void>>();
  #filterBytes: Uint8Array = new Uint8Array();
  #isFirst = false;
  #isPlaced = false;

  /** A root's folder, created by the first call. Roots are shown in the order of these calls. */
  root(key: string, label = key): Folder {
    const known = this.#roots.find((folder) => folder.root.key === key);
    if (known) return known;
    const folder = folderAt({ key, label, folders: new Map() }, "");
    const forest = this.#forest;
    forest.view ??= new View(forest, false);
    forest.view.listing.append(columnsOf(label), 0, 1);
    this.#attach(forest, this.#roots.push(folder) - 1, folder);
    this.#changed();
    return folder;
  }

  get firstRoot(): Folder | undefined {
    return this.#roots[0];
  }

  /** A folder by its path, if the store knows it. */
  folder(key: string, path: string): Folder | undefined {
    return this.root(key).root.folders.get(path);
  }

  /** From now on, slabs with this tag belong to a scan of the root that begins at `path`. */
  begin(tag: number, key: string, path = ""): void {
    this.#scans.begin(tag, folderAt(this.root(key).root, path));
  }

  /** Takes a slab in; false if its scan is not running, or if it is a duplicate. */
  apply(slab: Slab): boolean {
    const isTaken = this.#scans.take(slab);
    if (isTaken) this.#changed();
    return isTaken;
  }

  /** The scan with this tag has ended. */
  end(tag: number): void {
    this.#scans.end(tag);
    this.#changed();
  }

  /** The request for a folder has failed for a reason, or was withdrawn (null). */
  fail(folder: Folder, reason: string | null): void {
    folder.isRequested = false;
    folder.failure = reason;
    this.#changed();
  }

  // Rows

  get rowCount(): number {
    if (!this.#roots.length) return 0;
    if (!this.#isPlaced) layout(this.#top);
    this.#isPlaced = true;
    return this.#top.view!.size;
  }

  row(index: number): Row | undefined {
    return this.rows(index, index + 1)[0];
  }

  rows(from: number, to: number): Row[] {
    const rows: Row[] = [];
    const end = Math.min(to, this.rowCount);
    for (let index = Math.max(0, from); index < end;) {
      const segment = seek(this.#top, index);
      for (let i = 0; i < segment.length && index < end; i++, index++)
        rows.push(makeRow(segment, i, index, this.#childAt));
    }
    return rows;
  }

  /** The row of an entry now, or -1. */
  indexOf(parent: Folder, ordinal: number): number {
    return this.rowCount ? rowOf(this.#top, parent, ordinal) : -1;
  }

  /** The folder whose entries begin at a row, and how many consecutive rows they are. */
  segment(index: number): Segment | undefined {
    return index < this.rowCount ? seek(this.#top, index) : undefined;
  }

  // Opening and closing

  /** Opens a folder's entry, and requests its contents unless they are known. */
  open(parent: Folder, ordinal: number, isUrgent = true): void {
    const { columns, entry, isFolder } = parent.view!.listing.at(ordinal);
    if (!isFolder) return;
    const folder =
      parent === this.#forest
        ? this.#roots[ordinal]
        : folderAt(parent.root, parent.join(nameOf(columns, entry)));
    if (!folder.view?.isOpen) this.#attach(parent, ordinal, folder);
    const { listing } = folder;
    if (!listing || isFailure(listing.status)) this.request(folder, isUrgent);
    this.#changed();
  }

  close(folder: Folder): void {
    const { view } = folder;
    if (!view?.isOpen) return;
    const parent = view.parent!;
    view.isOpen = false;
    parent.view!.children = parent.view!.children.filter((child) => child !== folder);
    this.#rearrange(parent);
    this.#changed();
  }

  /** Requests a folder's entries, also if they are known. */
  request(folder: Folder, isUrgent = true): void {
    if (!this.onRequest || folder.isRequested) return;
    folder.isRequested = true;
    folder.failure = null;
    this.onRequest(folder, isUrgent);
    this.#changed();
  }

  // Sorting and filtering

  /** Shows only names that contain this text, and open folders. */
  set filter(text: string) {
    this.#filterBytes = foldText(text);
    const refresh = (folder: Folder) => {
      this.#tasks.delete(folder);
      this.#stale.add(folder);
      folder.view!.children.forEach(refresh);
    };
    this.#roots.forEach(refresh);
    this.#changed();
  }

  /** Sorts and filters for about this time; true if there is more to do. */
  work(milliseconds = Infinity): boolean {
    const deadline = performance.now() + milliseconds;
    for (const folder of this.#stale) {
      // If it has grown since its task began, it needs another one.
      if (this.#tasks.has(folder)) continue;
      this.#stale.delete(folder);
      this.#tasks.set(folder, arrange(folder, this.#filterBytes));
    }
    for (const [what, task] of this.#tasks) {
      const folder = what instanceof Folder ? what : null;
      const old = folder?.view!.listing;
      do if (task.next().done) this.#tasks.delete(what);
      while (this.#tasks.has(what) && performance.now() < deadline);
      if (this.#tasks.has(what)) return true;
      if (folder && old !== folder.view!.listing) this.watcher?.replaced?.(folder, old!);
      this.#changed();
    }
    return this.#stale.size > 0;
  }

  get #top(): Folder {
    return this.#roots.length > 1 ? this.#forest : this.#roots[0];
  }

  readonly #childAt = (parent: Folder, ordinal: number, name: string) =>
    parent === this.#forest ? this.#roots[ordinal] : parent.root.folders.get(parent.join(name));

  #attach(parent: Folder, ordinal: number, folder: Folder): void {
    const view = (folder.view ??= new View(folder, this.#filterBytes.length > 0));
    view.isOpen = true;
    view.ordinal = ordinal;
    view.parent = parent;
    this.#stale.add(folder);
    parent.view!.children.push(folder);
    parent.view!.moved = true;
    this.#rearrange(parent);
  }

  /** Filtering or replacing the parent's listing depends on which of its folders are open. */
  #rearrange(parent: Folder): void {
    if (this.#tasks.delete(parent) || this.#filterBytes.length) this.#stale.add(parent);
    this.#isPlaced = false;
  }

  #onListing(folder: Folder, isFirst: boolean, old: Listing | null): void {
    const { view } = folder;
    const listing = folder.listing!;
    if (view && isFirst) view.listing = listing;
    if (view?.isOpen) {
      this.#isFirst ||= isFirst;
      if (listing.status !== OPEN || this.#filterBytes.length) this.#stale.add(folder);
    }
    if (old?.count) this.#tasks.set(old, prune(folder, old, listing));
  }

  #changed(): void {
    const isFirst = this.#isFirst;
    this.#isFirst = this.#isPlaced = false;
    this.watcher?.changed(isFirst);
  }
}

/** A root as an entry of a directory, so that its row needs no special case. */
function columnsOf(label: string): Columns {
  const names = encoder.encode(label);
  const nameEnd = Uint32Array.of(names.length);
  return { ...NO_ATTRIBUTES, nameEnd, kind: Uint8Array.of(DIRECTORY), names };
}
