// How many files and bytes are beneath the folders in sight. The server watches a limited number of
// folders for a page and reports their totals as they change; of all others, totals are loaded
// once, and again when a scan has ended. Folders nearest to the root are watched first. Of a folder
// with very many subfolders the first are reported; the others are asked for one by one, in sight.
import type {
  Connection,
  Folder,
  FolderTotals,
  IndexClient,
  OwnTotals,
  Row,
  TreeStore,
} from "aether-client";

export interface Total {
  files: number;
  bytes: number;
  /** Allocated bytes, where the index knows them. */
  disk?: number | null | undefined;
  /** `disk` may count a file more than once. */
  isAbout: boolean;
  /** Not everything beneath is known: there may be more. */
  isAtLeast: boolean;
}

/** Maximum number of folders to watch; a channel allows 64. */
const MAX_WATCHES = 60;
/** Maximum number of subfolders that the server reports of a watched folder, as loaded here. */
const MAX_FOLDERS = 10_000;
const PAGE_SIZE = 1000;
/** Maximum number of subfolders beyond those that wait to be asked for; rows come and go. */
const MAX_WAITING = 100;
/** How long rows may go on changing before folders are followed. */
const PAUSE = 100;

/** A folder in sight whose subfolders' totals are shown. */
interface Followed {
  readonly folder: Folder;
  /** By name; null until they are known. */
  totals: Map<string, Total> | null;
  /** Of subfolders beyond MAX_FOLDERS, as far as they were in sight. */
  readonly beyond: Map<string, Total>;
  /** Which of them were asked for since totals have changed. */
  readonly asked: Set<string>;
  /** What the folder itself holds; loaded of roots only. */
  own: Total | null;
  /** That waits to be loaded: it may change faster than it is answered. */
  isOwnQueued: boolean;
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
  /** Subfolders to ask for, the latest last. */
  #waiting: [Followed, string][] = [];
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
    if (!row.parent.root.key) return row.folder && this.ofRoot(row.folder.root.key);
    const followed = this.#followed.get(row.parent);
    const total = followed?.totals?.get(row.name);
    if (total || !followed?.totals || followed.totals.size < MAX_FOLDERS) return total;
    this.#ask(followed, row.name);
    return followed.beyond.get(row.name);
  }

  /** What is beneath a whole root. */
  ofRoot(key: string): Total | undefined {
    void this.version;
    return this.#followed.get(this.#store.root(key))?.own ?? undefined;
  }

  /** A root is being scanned. */
  scanning(key: string): void {
    this.#roots.add(key);
    this.refresh();
  }

  /** A root's scan has ended, or none was needed. */
  scanned(key: string): void {
    this.#roots.add(key);
    for (const followed of this.#followed.values()) {
      if (followed.folder.root.key !== key) continue;
      followed.asked.clear();
      this.#enqueue(followed);
    }
    // Has those in sight asked for again.
    this.version++;
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
      const followed: Followed = {
        folder,
        totals: null,
        beyond: new Map(),
        asked: new Set(),
        own: null,
        isOwnQueued: false,
        unwatch: null,
      };
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
    const { folder } = followed;
    const { root, path } = folder;
    followed.unwatch = this.#index.watch(
      root.key,
      path,
      (folders) => {
        // All that there are now: those that are missing have been deleted.
        followed.totals = null;
        this.#put(followed, folders);
        if (!folder.path) this.#enqueue(followed);
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
    const { folder, unwatch } = followed;
    if (!folder.path && !followed.isOwnQueued) {
      followed.isOwnQueued = true;
      this.#next(() => this.#loadOwn(followed));
    }
    // A watched folder's totals arrive by themselves.
    if (!unwatch) this.#next(() => this.#load(followed));
  }

  #next(job: () => Promise<void>): void {
    // One that fails must not keep the others from being made.
    this.#last = this.#last.then(job).catch((error: unknown) => console.error(error));
  }

  async #loadOwn(followed: Followed): Promise<void> {
    followed.isOwnQueued = false;
    if (!this.#isOpen(followed)) return;
    const own = await this.#ownOf(followed, followed.folder.path);
    if (own) {
      followed.own = own;
      // A root without folders tells it by nothing else.
      this.hasDisk = own.disk != null;
    }
    this.version++;
  }

  async #load(followed: Followed): Promise<void> {
    const { folder } = followed;
    let after: string | null = null;
    // The folder may have been closed since.
    for (let from = 0; from < MAX_FOLDERS && this.#isOpen(followed); from += PAGE_SIZE) {
      const options = { limit: PAGE_SIZE, after };
      const answer = await this.#index.children(folder.root.key, folder.path, options);
      if (!answer.ok) return;
      const { entries, next } = answer.value;
      const folders = entries.filter(({ kind }) => kind === "directory");
      if (!from) followed.totals = null;
      this.#put(followed, folders);
      // Folders come first.
      if (!next || folders.length < entries.length) return;
      after = next;
    }
  }

  #isOpen(followed: Followed): boolean {
    return this.#followed.get(followed.folder) === followed;
  }

  /** Has a subfolder asked for that is in sight, unless it has been. */
  #ask(followed: Followed, name: string): void {
    if (followed.asked.has(name)) return;
    followed.asked.add(name);
    this.#waiting.push([followed, name]);
    // Those that have been in sight before are left out, until they are again.
    const [left] = this.#waiting.length > MAX_WAITING ? this.#waiting.splice(0, 1) : [];
    if (left) left[0].asked.delete(left[1]);
    else this.#next(() => this.#loadBeyond());
  }

  async #loadBeyond(): Promise<void> {
    const [followed, name] = this.#waiting.pop() ?? [];
    if (!followed || !this.#isOpen(followed)) return;
    const total = await this.#ownOf(followed, followed.folder.join(name!));
    if (total) followed.beyond.set(name!, total);
    this.version++;
  }

  /** What a folder holds, also one with more entries than anybody would load. */
  async #ownOf({ folder }: Followed, path: string): Promise<Total | null> {
    const answer = await this.#index.children(folder.root.key, path, { limit: 1 });
    return answer.ok && answer.value.totals ? totalOf(answer.value.totals) : null;
  }

  #put(followed: Followed, folders: FolderTotals[]): void {
    followed.totals ??= new Map();
    followed.asked.clear();
    for (const folder of folders) {
      const total = totalOf(folder);
      if (total) followed.totals.set(folder.name, total);
    }
    if (folders.length) this.hasDisk = folders.every(({ disk }) => disk != null);
    this.version++;
  }
}

function totalOf(from: FolderTotals | OwnTotals): Total | null {
  const { file_count: files, bytes, disk, disk_exact } = from;
  if (bytes === null) return null;
  // Watched totals do not tell what is unknown.
  const unknown = "unknown_below" in from ? from.unknown_below : 0;
  const isPending = "disk_pending" in from && from.disk_pending;
  const isAbout = disk_exact === false || !!isPending;
  return { files, bytes, disk, isAbout, isAtLeast: !!unknown };
}
