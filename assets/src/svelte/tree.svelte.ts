// A store as reactive state for Svelte. Hundreds of slabs may arrive in a second: the first rows of
// a folder that was just opened are shown at once, everything else in one update per frame, which
// also lets the store sort for a few milliseconds.
import type { ConnectOptions } from "../channel/connection.js";
import { formatBytes, formatReason, percentOf } from "../text/format.js";
import { findRow, openSiblings } from "../tree/navigate.js";
import { RowMarker } from "./row-marker.js";
import { Reveal, type Revealed } from "./reveal.js";
import type { Folder } from "../tree/folder.js";
import type { Row } from "../tree/row.js";
import type { TreeStore } from "../tree/store.js";

/** Maximum time to sort in a frame, which lasts 6.9 ms at 144 Hz, in milliseconds. */
const WORK_BUDGET = 4;
/** Maximum number of folders that one key opens. */
const MAX_SIBLINGS = 1000;

export class TreeState {
  /** Grows with each update; effects that read it run again after the next. */
  #version = $state(0);
  #filter = $state("");
  /** The row that keys act on, and the row chosen last. */
  readonly focus = new RowMarker(true);
  readonly selected = new RowMarker(false);
  /** The row that keeps its place on the screen. */
  readonly anchor = new RowMarker(true);
  /** How the scan is going, as text for people. */
  status = $state("");
  /** Grows when the focused row must be scrolled into view. */
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

  /** The index of the focused row, or of one near it if its entry is gone; -1 without rows. */
  get focusIndex(): number {
    const { rowCount } = this.#read();
    if (!this.focus.folder || !rowCount) return -1;
    const index = this.focus.indexIn(this.store);
    if (index >= 0) return (this.#focusIndex = index);
    return Math.min(this.#focusIndex, rowCount - 1);
  }

  /** Sets the row that keeps its place; -1 for none. */
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
    openSiblings(this.store, row, MAX_SIBLINGS);
    this.flush();
  }

  close(row: Row): void {
    const { folder } = row;
    if (!folder) return;
    // A focused row beneath would disappear.
    for (let inner = this.focus.folder; inner; inner = inner.view?.parent ?? null)
      if (inner === folder) this.focusRow(row);
    this.store.close(folder);
    this.flush();
  }

  toggle(row: Row): void {
    if (row.isOpen) this.close(row);
    else this.open(row);
  }

  /** The next row from `from` on whose name begins with `prefix`; wraps around. */
  find(prefix: string, from: number): Row | undefined {
    const { store } = this;
    let index = findRow(store, prefix, from, store.rowCount);
    if (index < 0) index = findRow(store, prefix, 0, from);
    return index < 0 ? undefined : store.row(index);
  }

  /**
   * Opens the folders on the way to an entry, and focuses it when it is listed; `""` is the root.
   * With `open`, a folder is opened as well.
   */
  reveal(key: string, path: string, { open = false } = {}): Promise<Revealed> {
    this.stopReveal("superseded");
    if (this.filter) this.filter = "";
    const { parent, ordinal } = this.store.root(key).view!;
    if (!path) {
      this.#focusFound(parent!, ordinal, open);
      // A single root has no row.
      if (this.focus.indexIn(this.store) < 0) this.focusRow(this.row(0));
      return Promise.resolve({ ok: true });
    }
    return new Promise((done) => {
      const end = (how: Revealed) => {
        this.#reveal = null;
        done(how);
      };
      this.#reveal = new Reveal(
        this.store,
        key,
        path,
        (folder, ordinal) => {
          this.#focusFound(folder, ordinal, open);
          this.selected.set(folder, ordinal);
          end({ ok: true });
        },
        (failure) => end({ ok: false, ...failure }),
      );
      this.flush();
    });
  }

  /** Gives up going to an entry. */
  stopReveal(reason = "cancelled"): void {
    this.#reveal?.stop(reason);
  }

  #focusFound(folder: Folder, ordinal: number, isOpening: boolean): void {
    if (isOpening) this.store.open(folder, ordinal);
    this.focus.set(folder, ordinal);
    this.revealed++;
  }

  get filter(): string {
    return this.#filter;
  }

  /** Gives up going to an entry: the filter may hide it. */
  set filter(text: string) {
    this.stopReveal();
    this.#filter = text;
    this.store.filter = text;
    this.flush();
  }

  /** Callbacks for `connectScan` that update `status`. */
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
      // For an opened folder the rows say enough.
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

  /** Updates the rows now. */
  flush(): void {
    if (this.#isFlushing) return;
    this.#isFlushing = true;
    let isLeft = this.store.work(WORK_BUDGET);
    if (this.#reveal) {
      this.#reveal.step();
      isLeft = this.store.work(WORK_BUDGET);
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

  /** The store, for readers that must run again when it changes. */
  #read(): TreeStore {
    void this.#version;
    return this.store;
  }
}

const entries = (count: number) => `${count.toLocaleString()} ${count === 1 ? "entry" : "entries"}`;
const unread = (errors: number) => (errors ? `, ${errors.toLocaleString()} unreadable` : "");
