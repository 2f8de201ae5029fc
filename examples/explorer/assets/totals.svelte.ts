// How many files and bytes are beneath the folders in sight. The server watches a limited number of
// folders for a page and reports their totals as they change; of all others, totals are loaded
// once, and again when a scan has ended. Folders nearest to the root are watched first.
import type { Connection, Folder, FolderTotals, IndexClient, Row, TreeStore } from "aether-client";

export interface Total {
  files: number;
  bytes: number;
  /** Allocated bytes, where the index knows them. */
  disk?: number | null | undefined;
}

/** Maximum number of folders to watch; a channel allows 64. */
const MAX_WATCHES = 60;
/** Maximum number of pages to load of a folder, of this many entries each. */
const MAX_PAGES = 10;
const PAGE_SIZE = 1000;
/** How long rows may go on changing before folders are followed. */
const PAUSE = 100;

/** A folder in sight whose subfolders' totals are shown. */
interface Followed {
  readonly folder: Folder;
  /** By name; null until they are known. */
  totals: Map<string, Total> | null;
  /** Sum of the entries that are not folders; loaded of roots only. */
  own: Total | null;
  /** Ends the watch; null if the folder is not watched. */
  unwatch: (() => void) | null;
}

export class Totals {
  /** Grows with each change. */
  version = $state(0);
  /** Whether the index tells what folders take on disk. */
  hasDisk = $state(false);
  readonly #store: TreeStore;
  readonly #connection: Connection;
  readonly #index: IndexClient;
  /** Keys of roots that the index knows, or begins to. */
  readonly #roots = new Set<string>();
  readonly #followed = new Map<Folder, Followed>();
  #timer: ReturnType<typeof setTimeout> | undefined;
  // One request after the other: the server takes only a few at a time, and others make some, too.
  #last: Promise<void> = Promise.resolve();

  constructor(store: TreeStore, connection: Connection, index: IndexClient) {
    this.#store = store;
    this.#connection = connection;
    this.#index = index;
  }

  /** What is beneath a folder's row; undefined for other rows, and while it is unknown. */
  of(row: Row): Total | undefined {
    void this.version;
    if (!row.isFolder) return undefined;
    if (row.parent.root.key) return this.#followed.get(row.parent)?.totals?.get(row.name);
    return row.folder && this.ofRoot(row.folder.root.key);
  }

  /** What is beneath a whole root: not on disk, since folders may share files. */
  ofRoot(key: string): Total | undefined {
    void this.version;
    const followed = this.#followed.get(this.#store.root(key));
    if (!followed?.own || !followed.totals) return undefined;
    const sum = { ...followed.own };
    for (const { files, bytes } of followed.totals.values()) {
      sum.files += files;
      sum.bytes += bytes;
    }
    return sum;
  }

  /** A root is being scanned. */
  scanning(key: string): void {
    this.#roots.add(key);
    this.refresh();
  }

  /** A root's scan has ended, or none was needed. */
  scanned(key: string): void {
    this.#roots.add(key);
    for (const followed of this.#followed.values())
      if (followed.folder.root.key === key) this.#enqueue(followed);
    this.refresh();
  }

  /** Follows the open folders and no others. To be called when rows have changed. */
  refresh(): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      this.#follow();
    }, PAUSE);
  }

  #follow(): void {
    if (this.#connection.state !== "joined") return;
    const open = this.#openFolders();
    const wanted = new Set(open);
    for (const [folder, { unwatch }] of this.#followed) {
      if (wanted.has(folder)) continue;
      this.#followed.delete(folder);
      unwatch?.();
    }
    let watches = [...this.#followed.values()].filter(({ unwatch }) => unwatch).length;
    for (const folder of open) {
      if (this.#followed.has(folder)) continue;
      const followed: Followed = { folder, totals: null, own: null, unwatch: null };
      this.#followed.set(folder, followed);
      if (watches++ < MAX_WATCHES) this.#watch(followed);
      this.#enqueue(followed);
    }
  }

  /** Breadth first, from the roots that the index knows. */
  #openFolders(): Folder[] {
    const open = [...this.#roots].map((key) => this.#store.root(key));
    for (const folder of open) open.push(...(folder.view?.isOpen ? folder.view.children : []));
    return open;
  }

  #watch(followed: Followed): void {
    const { root, path } = followed.folder;
    followed.unwatch = this.#index.watch(
      root.key,
      path,
      (folders) => {
        // All that there are now: those that are missing have been deleted.
        followed.totals = null;
        this.#put(followed, folders);
      },
      (reason) => {
        // For other reasons the client tries again.
        if (reason !== "too_many_watches") return;
        followed.unwatch?.();
        followed.unwatch = null;
        this.#enqueue(followed);
      },
    );
  }

  #enqueue(followed: Followed): void {
    // A watched folder's totals arrive by themselves.
    if (followed.unwatch && followed.folder.path) return;
    this.#last = this.#last.then(() => this.#load(followed));
  }

  async #load(followed: Followed): Promise<void> {
    const { folder } = followed;
    const own: Total = { files: 0, bytes: 0 };
    let after: string | null = null;
    // The folder may have been closed since.
    for (let page = 0; page < MAX_PAGES && this.#followed.get(folder) === followed; page++) {
      const answer = await this.#index.children(folder.root.key, folder.path, {
        limit: PAGE_SIZE,
        after,
      });
      if (!answer.ok) return;
      const { entries, next } = answer.value;
      const folders = entries.filter(({ kind }) => kind === "directory");
      for (const { kind, bytes } of entries) {
        if (kind === "directory") continue;
        own.files++;
        own.bytes += bytes ?? 0;
      }
      if (!next && !folder.path) followed.own = own;
      if (followed.unwatch) this.version++;
      else this.#put(followed, folders);
      // Folders come first; other entries matter only for the sum of a root.
      if (!next || (folder.path && folders.length < entries.length)) return;
      after = next;
    }
  }

  #put(followed: Followed, folders: FolderTotals[]): void {
    followed.totals ??= new Map();
    for (const { name, file_count: files, bytes, disk } of folders)
      if (bytes !== null) followed.totals.set(name, { files, bytes, disk });
    if (folders.length) this.hasDisk = folders.every(({ disk }) => disk != null);
    this.version++;
  }
}
