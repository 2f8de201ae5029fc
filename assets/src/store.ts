// The tree: takes slabs in, knows folders, and gives out rows for a list that shows a few of them.
// No DOM, no timers, no network: whoever owns the store calls `work` now and then, which sorts.
import { arrange, startsWith } from "./arrange.js";
import { foldText } from "./compare.js";
import { DIRECTORY, nameOf } from "./entry.js";
import { Folder, type Root } from "./folder.js";
import { isFailure, Listing } from "./listing.js";
import { prune } from "./prune.js";
import { makeRow, type Row } from "./row.js";
import { Scans } from "./scans.js";
import type { Slab } from "./slab.js";
import { encodeText } from "./text.js";
import { layout, rowOf, seek, View } from "./view.js";

export interface Watcher {
  /** Rows may have changed; `isFirst` when somebody waits for them: an opened folder's first. */
  changed(isFirst: boolean): void;
  /** A folder shows another listing from now on: ordinals of the old one mean nothing any more. */
  replaced?(folder: Folder, old: Listing): void;
}

export class TreeStore {
  /** Called for a folder that was opened and is to be read; set by whoever can. */
  onneed: ((folder: Folder, isUrgent: boolean) => void) | null = null;

  // The folder of all roots. It is no directory, and shown only if there are several.
  private readonly forest = new Folder({ key: "", label: "", folders: new Map() }, "");
  private readonly roots: Folder[] = [];
  private readonly scans = new Scans({
    folderAt,
    grown: (folder, isFirst) => this.grown(folder, isFirst),
    closed: (folder, old) => this.closed(folder, old),
  });
  private readonly stale = new Set<Folder>();
  private readonly tasks = new Map<Folder, Generator<void, void>>();
  private readonly chores = new Set<Generator<void, void>>();
  private readonly watchers = new Set<Watcher>();
  private filterBytes: Uint8Array = new Uint8Array();
  private isFirst = false;
  private isPlaced = false;

  /** The root's own folder; made at the first call. Roots are shown in the order of these calls. */
  root(key: string, label = key): Folder {
    const known = this.roots.find((folder) => folder.root.key === key);
    if (known) return known;
    const folder = folderAt({ key, label, folders: new Map() }, "");
    this.roots.push(folder);
    this.forest.listing = listRoots(this.roots);
    this.forest.view ??= new View(this.forest, false);
    this.forest.view.listing = this.forest.listing;
    this.attach(this.forest, this.roots.length - 1, folder);
    this.changed();
    return folder;
  }

  /** A folder by its path, if the store has heard of it. */
  folder(key: string, path: string): Folder | undefined {
    return this.root(key).root.folders.get(path);
  }

  /** Slabs with this tag are of a scan of the root, beneath `path`. */
  begin(tag: number, key: string, path = ""): void {
    this.scans.begin(tag, folderAt(this.root(key).root, path));
  }

  /** Takes a slab in, unless it is of no scan that runs or was here before. */
  apply(slab: Slab): boolean {
    const isTaken = this.scans.take(slab);
    if (isTaken) this.changed();
    return isTaken;
  }

  /** The scan with this tag sends nothing more. */
  end(tag: number): void {
    this.scans.end(tag);
    this.changed();
  }

  /** What was asked for a folder is not to be had. */
  refuse(folder: Folder, reason: string): void {
    folder.asked = false;
    folder.refusal = reason;
    this.changed();
  }

  watch(watcher: Watcher): () => void {
    this.watchers.add(watcher);
    return () => this.watchers.delete(watcher);
  }

  // Rows

  get rowCount(): number {
    if (!this.roots.length) return 0;
    if (!this.isPlaced) layout(this.top);
    this.isPlaced = true;
    return this.top.view!.size;
  }

  row(index: number): Row | undefined {
    return this.rows(index, index + 1)[0];
  }

  rows(from: number, to: number): Row[] {
    const rows: Row[] = [];
    const end = Math.min(to, this.rowCount);
    for (let index = Math.max(0, from); index < end;) {
      const segment = seek(this.top, index);
      for (let i = 0; i < segment.length && index < end; i++, index++)
        rows.push(makeRow(segment, i, index, this.childAt));
    }
    return rows;
  }

  /** Where an entry is shown now, or -1. */
  indexOf(parent: Folder, ordinal: number): number {
    return this.rowCount ? rowOf(this.top, parent, ordinal) : -1;
  }

  /** The first row from `from` to before `to` whose name begins like this, or -1. */
  findRow(prefix: string, from: number, to: number): number {
    const folded = foldText(prefix);
    for (let index = from; index < Math.min(to, this.rowCount);) {
      const { folder, position, length } = seek(this.top, index);
      const view = folder.view!;
      for (let i = 0; i < length && index < to; i++, index++) {
        const ordinal = view.ordinalAt(position + i);
        const { page, shift } = view.listing.pieceOf(ordinal);
        const entry = ordinal + shift;
        const start = entry ? page.nameEnd[entry - 1] : 0;
        if (startsWith(page.names, start, page.nameEnd[entry], folded)) return index;
      }
    }
    return -1;
  }

  // Opening and closing

  open(row: Row): void {
    if (row.isFolder) this.openAt(row.parent, row.ordinal, row.name, true);
    this.changed();
  }

  /** Opens the folders beside a row, `limit` at most, and the row itself first. */
  openSiblings(row: Row, limit: number): void {
    const { parent } = row;
    const { listing, count } = parent.view!;
    this.open(row);
    for (let position = 0, left = limit - 1; position < count && left > 0; position++) {
      const ordinal = parent.view!.ordinalAt(position);
      const { page, shift } = listing.pieceOf(ordinal);
      if ((page.kind[ordinal + shift] & 15) !== DIRECTORY) continue;
      this.openAt(parent, ordinal, nameOf(page, ordinal + shift), false);
      left--;
    }
  }

  close(row: Row): void {
    const { folder, parent } = row;
    if (!folder?.view?.isOpen) return;
    folder.view.isOpen = false;
    parent.view!.children = parent.view!.children.filter((child) => child !== folder);
    this.rearrange(parent);
    this.changed();
  }

  /** Asks for a folder's entries (again). */
  need(folder: Folder, isUrgent = true): void {
    if (!this.onneed || folder.asked) return;
    folder.asked = true;
    folder.refusal = null;
    this.onneed(folder, isUrgent);
    this.changed();
  }

  // Sorting and filtering

  /** Shows only names with this text in them, and the folders that are open. */
  set filter(text: string) {
    this.filterBytes = foldText(text);
    this.tasks.clear();
    const refresh = (folder: Folder) => {
      this.stale.add(folder);
      folder.view!.children.forEach(refresh);
    };
    this.roots.filter((folder) => folder.view).forEach(refresh);
    this.changed();
  }

  /** Sorts and filters for about so many milliseconds; true if something is left to do. */
  work(milliseconds = Infinity): boolean {
    const deadline = performance.now() + milliseconds;
    for (const folder of this.stale) {
      // One that grew since its task began stays, and gets another.
      if (this.tasks.has(folder)) continue;
      this.stale.delete(folder);
      this.tasks.set(folder, arrange(folder, this.filterBytes));
    }
    for (const [folder, task] of this.tasks) {
      const old = folder.view!.listing;
      if (!run(task, deadline)) return true;
      this.tasks.delete(folder);
      if (old !== folder.view!.listing)
        for (const watcher of this.watchers) watcher.replaced?.(folder, old);
      this.changed();
    }
    for (const chore of this.chores) {
      if (!run(chore, deadline)) return true;
      this.chores.delete(chore);
      this.changed();
    }
    return this.stale.size > 0;
  }

  private get top(): Folder {
    return this.roots.length > 1 ? this.forest : this.roots[0];
  }

  private readonly childAt = (parent: Folder, ordinal: number, name: string) =>
    parent === this.forest ? this.roots[ordinal] : parent.root.folders.get(parent.join(name));

  private openAt(parent: Folder, ordinal: number, name: string, isUrgent: boolean): void {
    const folder = this.childAt(parent, ordinal, name) ?? folderAt(parent.root, parent.join(name));
    if (!folder.view?.isOpen) this.attach(parent, ordinal, folder);
    const { listing } = folder;
    if (!listing || isFailure(listing.status)) this.need(folder, isUrgent);
  }

  private attach(parent: Folder, ordinal: number, folder: Folder): void {
    const view = (folder.view ??= new View(folder, this.filterBytes.length > 0));
    view.isOpen = true;
    view.ordinal = ordinal;
    view.parent = parent;
    this.stale.add(folder);
    parent.view!.children.push(folder);
    parent.view!.moved = true;
    this.rearrange(parent);
  }

  /** What a filter or a new listing makes of the parent depends on which of its folders are open. */
  private rearrange(parent: Folder): void {
    if (this.tasks.delete(parent) || this.filterBytes.length) this.stale.add(parent);
    this.isPlaced = false;
  }

  private grown(folder: Folder, isFirst: boolean): void {
    const { view, listing } = folder;
    if (!view) return;
    if (isFirst) view.listing = listing!;
    if (isFirst && view.isOpen) this.isFirst = true;
    if (this.filterBytes.length && view.isOpen) this.stale.add(folder);
  }

  private closed(folder: Folder, old: Listing | null): void {
    if (folder.view?.isOpen) {
      this.stale.add(folder);
      if (old) this.tasks.delete(folder);
    }
    if (old?.count) this.chores.add(prune(folder, old, folder.listing!));
  }

  private changed(): void {
    const { isFirst } = this;
    this.isFirst = this.isPlaced = false;
    for (const watcher of this.watchers) watcher.changed(isFirst);
  }
}

function folderAt(root: Root, path: string): Folder {
  let folder = root.folders.get(path);
  if (!folder) root.folders.set(path, (folder = new Folder(root, path)));
  return folder;
}

/** The roots as entries of a directory, so that their rows are like all others. */
function listRoots(roots: Folder[]): Listing {
  const names = roots.map((folder) => encodeText(folder.root.label));
  let length = 0;
  const nameEnd = Uint32Array.from(names, (name) => (length += name.length));
  const bytes = new Uint8Array(length);
  names.forEach((name, i) => bytes.set(name, nameEnd[i] - name.length));
  const none = new Uint32Array();
  const kind = new Uint8Array(roots.length).fill(DIRECTORY);
  const listing = new Listing();
  listing.append({ size: none, mtime: none, nameEnd, kind, names: bytes }, 0, roots.length);
  return listing;
}

/** Lets a task go on until it is done, or the time is up; true if it is done. */
function run(task: Generator<void, void>, deadline: number): boolean {
  do if (task.next().done) return true;
  while (performance.now() < deadline);
  return false;
}
