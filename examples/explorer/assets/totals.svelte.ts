// What lies beneath folders, in files and bytes: asked for once for each open folder, and then told by
// the server while a scan writes. The server watches some folders for a page; the nearest to the root
// come first.
import { pathFields, pathIn, type Folder, type PathFields, type Row } from "aether-client";
import type { Session } from "./session.svelte";

export interface Total {
  files: number;
  bytes: number;
}

/** A name as the server writes it. */
export type NameFields = { name: string } | { name_base64: string };
export type Child = NameFields & {
  kind: string;
  file_count: number;
  bytes: number | null;
  mtime_ms: number | null;
};
type Told = NameFields & { file_count: number; bytes: number | null };

/** Of the 64 folders that a channel watches. */
const WATCHES = 60;
/** Pages of 1,000 folders. */
const PAGES = 10;
const PAUSE = 100;

export const nameIn = (fields: NameFields): string =>
  pathIn("name" in fields ? { path: fields.name } : { path_base64: fields.name_base64 });

interface Followed {
  readonly folder: Folder;
  readonly totals: Map<string, Total>;
  /** What is in it beside folders; asked for of roots alone. */
  own: Total | null;
  isWatched: boolean;
}

export class Totals {
  /** Grows when there are others. */
  version = $state(0);
  readonly #session: Session;
  readonly #followed = new Map<Folder, Followed>();
  #timer: ReturnType<typeof setTimeout> | undefined;
  // One question after the other: the server takes a few at once, and others ask as well.
  #last: Promise<void> = Promise.resolve();

  constructor(
    session: Session,
    channel: { on(event: string, callback: (news: FoldersNews) => void): number },
  ) {
    this.#session = session;
    channel.on("folders", (news) => this.#told(news));
  }

  /** What lies beneath a folder's row; nothing for other rows, and where it is not known. */
  of(row: Row): Total | undefined {
    void this.version;
    if (!row.isFolder) return undefined;
    if (row.parent.root.key) return this.#followed.get(row.parent)?.totals.get(row.name);
    return row.folder && this.ofRoot(row.folder.root.key);
  }

  /** What lies beneath a whole root. */
  ofRoot(key: string): Total | undefined {
    void this.version;
    const followed = this.#followed.get(this.#session.store.root(key));
    if (!followed?.own) return undefined;
    const sum = { ...followed.own };
    for (const { files, bytes } of followed.totals.values()) {
      sum.files += files;
      sum.bytes += bytes;
    }
    return sum;
  }

  /** Has what is open followed, and nothing else. Called when rows have changed. */
  refresh(): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      this.#follow();
    }, PAUSE);
  }

  /** The server does not watch for this page any more. */
  forget(): void {
    this.#followed.clear();
  }

  /** Asks anew: a scan has ended, or begun to be kept. */
  reload(key: string): void {
    for (const followed of this.#followed.values())
      if (followed.folder.root.key === key) this.#enqueue(followed);
    this.refresh();
  }

  #follow(): void {
    const { store, roots, knowledge, state } = this.#session;
    if (state !== "joined") return;
    const open: Folder[] = [];
    for (const { key } of roots) if (knowledge[key].news) open.push(store.root(key));
    for (const folder of open) open.push(...(folder.view?.isOpen ? folder.view.children : []));
    const wanted = new Set(open);
    for (const [folder, { isWatched }] of this.#followed) {
      if (wanted.has(folder)) continue;
      this.#followed.delete(folder);
      if (isWatched) this.#request("unwatch", folder);
    }
    let watched = [...this.#followed.values()].filter((one) => one.isWatched).length;
    for (const folder of open) {
      if (this.#followed.has(folder)) continue;
      const followed: Followed = {
        folder,
        totals: new Map(),
        own: null,
        isWatched: watched < WATCHES,
      };
      this.#followed.set(folder, followed);
      if (followed.isWatched) watched++;
      this.#enqueue(followed);
    }
  }

  #enqueue(followed: Followed): void {
    this.#last = this.#last.then(() => this.#load(followed));
  }

  async #load(followed: Followed): Promise<void> {
    const { folder, isWatched } = followed;
    // It was closed, or the connection lost, before its turn came.
    if (this.#followed.get(folder) !== followed) return;
    // A folder that is too new for the index is told of when it is not any more.
    if (isWatched && !(await this.#request("watch", folder)).ok) followed.isWatched = false;
    let after: string | null = null;
    const own: Total = { files: 0, bytes: 0 };
    for (let page = 0; page < PAGES && this.#followed.get(folder) === followed; page++) {
      const answer = await this.#request("children", folder, { limit: 1000, after });
      if (!answer.ok) return;
      const { entries, next } = answer.value as { entries: Child[]; next: string | null };
      const folders = entries.filter(({ kind }) => kind === "directory");
      for (const { kind, bytes } of entries) {
        if (kind === "directory") continue;
        own.files++;
        own.bytes += bytes ?? 0;
      }
      if (!next && !folder.path) followed.own = own;
      this.#put(followed, folders);
      // Folders come first; the rest is of interest for the sum of a root alone.
      if (!next || (folder.path && folders.length < entries.length)) return;
      after = next;
    }
  }

  #told({ root, folders, ...path }: FoldersNews): void {
    const folder = this.#session.store.folder(root, pathIn(path));
    const followed = folder && this.#followed.get(folder);
    if (followed) this.#put(followed, folders);
  }

  #put({ totals }: Followed, folders: Told[]): void {
    for (const fields of folders)
      if (fields.bytes !== null)
        totals.set(nameIn(fields), { files: fields.file_count, bytes: fields.bytes });
    this.version++;
  }

  #request(event: string, folder: Folder, more: object = {}) {
    const fields = { root: folder.root.key, ...pathFields(folder.path), ...more };
    return this.#session.connection.request(event, fields);
  }
}

type FoldersNews = { root: string; folders: Told[] } & PathFields;
