// A store as Svelte sees it. Slabs come by the hundred in a second: the first rows of a folder that
// somebody just opened are shown at once, everything else in one update for each frame, in which the
// store may also sort for a few milliseconds.
import type { ConnectOptions } from "../channel/connection.js";
import { formatBytes, formatReason, percentOf } from "../text/format.js";
import { findRow, openSiblings } from "../tree/navigate.js";
import { RowMarker } from "./row-marker.js";
import { Reveal } from "./reveal.js";
import type { Folder } from "../tree/folder.js";
import type { Row } from "../tree/row.js";
import type { TreeStore } from "../tree/store.js";

/** Of a frame of 6.9 ms (144 Hz), what the store may have. */
const WORK = 4;
/** Folders that one key opens. */
const SIBLINGS = 1000;

export class TreeState {
  /** Grows with each update; whoever reads it is run again after the next. */
  #version = $state(0);
  #filter = $state("");
  /** The row that keys act on, and the one that was chosen last. */
  readonly focus = new RowMarker();
  readonly selected = new RowMarker();
  /** What is kept in its place on the screen. */
  readonly anchor = new RowMarker();
  /** In words, for people: what the scan is at. */
  status = $state("");
  /** Grows when the focused row is to be brought into sight. */
  revealed = $state(0);
  #reveal: Reveal | null = null;
  #frame = 0;
  #isFlushing = false;
  #focusIndex = 0;

  constructor(readonly store: TreeStore) {
    store.watcher = {
      changed: (isFirst) => this.#changed(isFirst),
      replaced: (folder, old) => {
        for (const marker of [this.focus, this.selected, this.anchor]) marker.follow(folder, old);
      },
    };
    this.flush();
  }

  get version(): number {
    return this.#version;
  }

  get rowCount(): number {
    return this.#read().rowCount;
  }

  /** The only root, or the first of several. */
  get firstRoot(): Folder | undefined {
    return this.#read().firstRoot;
  }

  retry(): void {
    const { firstRoot } = this;
    if (firstRoot) this.store.request(firstRoot);
  }

  rows(from: number, to: number): Row[] {
    return this.#read().rows(from, to);
  }

  row(index: number): Row | undefined {
    return this.#read().row(index);
  }

  /** The focused row's index; of the nearest one if its entry is gone; -1 without any. */
  get focusIndex(): number {
    const { rowCount } = this.#read();
    if (!this.focus.folder || !rowCount) return -1;
    const index = this.focus.indexIn(this.store);
    if (index >= 0) return (this.#focusIndex = index);
    return Math.min(this.#focusIndex, rowCount - 1);
  }

  /** What is to be kept in its place; -1 for nothing. */
  anchorAt(index: number): void {
    const segment = index < 0 ? undefined : this.store.segment(index);
    const ordinal = segment?.folder.view!.ordinalAt(segment.position);
    this.anchor.set(segment?.folder ?? null, ordinal);
  }

  focusRow(row: Row | undefined): void {
    if (!row) return;
    this.focus.set(row.parent, row.ordinal);
    this.#focusIndex = row.index;
    this.#version++;
  }

  select(row: Row): void {
    this.selected.set(row.parent, row.ordinal);
    this.#version++;
  }

  isSelected(row: Row): boolean {
    return this.selected.folder === row.parent && this.selected.ordinal === row.ordinal;
  }

  open(row: Row): void {
    this.store.open(row.parent, row.ordinal);
    this.flush();
  }

  openSiblings(row: Row): void {
    openSiblings(this.store, row, SIBLINGS);
    this.flush();
  }

  close(row: Row): void {
    const { folder } = row;
    if (!folder) return;
    // What has the focus would be gone with the rows beneath.
    for (let inner = this.focus.folder; inner; inner = inner.view?.parent ?? null)
      if (inner === folder) this.focusRow(row);
    this.store.close(folder);
    this.flush();
  }

  toggle(row: Row): void {
    if (row.isOpen) this.close(row);
    else this.open(row);
  }

  /** The next row whose name begins like this, from `from` on and around. */
  find(prefix: string, from: number): Row | undefined {
    const { store } = this;
    let index = findRow(store, prefix, from, store.rowCount);
    if (index < 0) index = findRow(store, prefix, 0, from);
    return index < 0 ? undefined : store.row(index);
  }

  /**
   * Opens the folders on the way to an entry, and goes there when it is listed; `""` is the root.
   * False if it is not there, or if somebody wants to go elsewhere meanwhile.
   */
  reveal(key: string, path: string): Promise<boolean> {
    this.#reveal?.done(null, -1);
    if (this.filter) this.filter = "";
    if (!path) {
      const { parent, ordinal } = this.store.root(key).view!;
      this.focus.set(parent, ordinal);
      // The only root has no row.
      if (this.focus.indexIn(this.store) < 0) this.focusRow(this.row(0));
      this.revealed++;
      return Promise.resolve(true);
    }
    return new Promise((done) => {
      this.#reveal = new Reveal(this.store, key, path, (folder, ordinal) => {
        this.#reveal = null;
        if (folder) {
          this.focus.set(folder, ordinal);
          this.selected.set(folder, ordinal);
          this.revealed++;
        }
        done(folder !== null);
      });
      this.flush();
    });
  }

  get filter(): string {
    return this.#filter;
  }

  set filter(text: string) {
    this.#filter = text;
    this.store.filter = text;
    this.flush();
  }

  /** Callbacks for `connectScan` that keep `status`. */
  readonly callbacks = {
    onstate: (state, reason) => {
      if (state === "lost") this.status = "Connection lost. Trying again …";
      else if (state === "refused") this.status = `Refused: ${formatReason(reason ?? "failed")}`;
      else this.status = "";
    },
    onprogress: (_folder, { found, bytes, errors, expected }) => {
      const percent = percentOf(found, expected);
      const progress = percent === null ? "" : ` (${percent} %)`;
      this.status = `Scanning${progress}: ${entries(found)}, ${formatBytes(bytes)}${unread(errors)}`;
    },
    oncompleted: (
      folder,
      { status, reason, files, directories, symlinks, others, bytes, errors },
    ) => {
      // The rows of an opened folder say enough.
      if (folder.path) return;
      const found = files + directories + symlinks + others;
      const how = { complete: "", partial: "", cancelled: "Cancelled: ", failed: "Failed: " }[
        status
      ];
      const why = status === "failed" ? `${formatReason(reason ?? "failed")}, ` : "";
      this.status = `${how}${why}${entries(found)}, ${formatBytes(bytes)}${unread(errors.count)}`;
    },
    onerror: (reason, folder) => {
      if (!folder?.path) this.status = formatReason(reason);
    },
  } satisfies ConnectOptions;

  /** Shows what there is now. */
  flush(): void {
    if (this.#isFlushing) return;
    this.#isFlushing = true;
    let isLeft = this.store.work(WORK);
    if (this.#reveal) {
      this.#reveal.step();
      isLeft = this.store.work(WORK);
    }
    this.#isFlushing = false;
    this.#version++;
    if (isLeft) this.#schedule();
  }

  #changed(isFirst: boolean): void {
    if (this.#isFlushing) return;
    if (isFirst) this.flush();
    else this.#schedule();
  }

  #schedule(): void {
    this.#frame ||= requestAnimationFrame(() => {
      this.#frame = 0;
      this.flush();
    });
  }

  /** The store, for whoever is to be run again when it changes. */
  #read(): TreeStore {
    void this.#version;
    return this.store;
  }
}

const entries = (count: number) => `${count.toLocaleString()} ${count === 1 ? "entry" : "entries"}`;
const unread = (errors: number) => (errors ? `, ${errors.toLocaleString()} unreadable` : "");
