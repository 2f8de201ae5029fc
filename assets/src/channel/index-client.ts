// Queries to the index behind a channel: pages of a folder, searches, totals that are kept up to
// date, and scans of whole roots. Uses a connection made by connect.ts; no slabs are involved.
import type {
  Breakdown,
  BreakdownOptions,
  Children,
  ChildrenOptions,
  FolderTotals,
  Group,
  Largest,
  LargestOptions,
  Links,
  SearchOptions,
  SearchResult,
  Sized,
} from "./answers.js";
import type { Connection, Result } from "./connection.js";
import {
  keyIn,
  nameIn,
  pathFields,
  pathIn,
  type KeyFields,
  type NameFields,
  type PathFields,
  type Progress,
  type Summary,
} from "./wire.js";

/** Without numbers when the scan begins or is joined, with them while it runs. */
type Scanning = { status: "scanning" } & Partial<Omit<Progress, "tag">>;
/** The index was fresh enough, or others go on with a scan that this client has left. */
type NotScanned = { status: "fresh" | "left" };
/** The scan could not begin. */
type NotBegun = { status: "failed"; reason: string };

/** How the scan of a whole root is going. */
export type RootEvent = { root: string } & (
  Scanning | Omit<Summary, "tag"> | NotScanned | NotBegun
);

export interface IndexClientOptions {
  onroot?(event: RootEvent): void;
}

export interface IndexClient {
  /** A page of a folder's entries, folders first. */
  children(root: string, path: string, options?: ChildrenOptions): Promise<Result<Children>>;
  /** A file's other names, if the server lets the client have the group `inode`. */
  links(root: string, path: string, options?: { limit?: number }): Promise<Result<Links>>;
  /** The largest folders and files beneath a folder. */
  largest(root: string, path: string, options?: LargestOptions): Promise<Result<Largest>>;
  /** What lies beneath a folder, by extension, age or owner. Reads all files beneath it. */
  breakdown(root: string, path: string, options?: BreakdownOptions): Promise<Result<Breakdown>>;
  /** The best matches in a root. A newer search of the same root ends this one as `cancelled`. */
  search(root: string, query: string, options?: SearchOptions): Promise<Result<SearchResult>>;
  /**
   * Calls back with the totals of all subfolders of a folder, immediately and whenever they change,
   * also after a lost connection; the returned function ends it. Where the server refuses, as with
   * `not_found` for a root that the index does not know yet, `onrefused` is called, and the client
   * tries again when a scan of the root begins or ends.
   */
  watch(
    root: string,
    path: string,
    onfolders: (folders: FolderTotals[]) => void,
    onrefused?: (reason: string) => void,
  ): () => void;
  /**
   * Has a whole root scanned, or joins a scan that is running; `onroot` reports on it. Without
   * `again`, only if the index is older than an hour.
   */
  scan(root: string, options?: { again?: boolean }): Promise<Result>;
  /** Cancels that scan, or only leaves it if others have asked for it as well. */
  cancel(root: string): Promise<Result>;
}

interface Watcher {
  onfolders(folders: FolderTotals[]): void;
  onrefused?: ((reason: string) => void) | undefined;
}

/** A watched folder, with everyone who watches it. */
interface Watch {
  readonly root: string;
  readonly path: string;
  readonly watchers: Set<Watcher>;
  /** The request to the server; null if it was not sent yet, or was refused. */
  request: Promise<Result> | null;
  last: FolderTotals[] | null;
}

type FoldersMessage = PathFields & { root: string; folders: (NameFields & FolderTotals)[] };

export function connectIndex(
  connection: Connection,
  options: IndexClientOptions = {},
): IndexClient {
  const watches = new Map<string, Watch>();
  // Roots that are being scanned, as far as the server has said.
  const scanning = new Set<string>();
  const keyOf = (root: string, path: string) => JSON.stringify([root, path]);

  function subscribe(watch: Watch): void {
    // Joining subscribes to all of them.
    if (connection.state !== "joined") return;
    const { root, path } = watch;
    const request = connection.request("watch", { root, ...pathFields(path) });
    watch.request = request;
    void request.then((result) => {
      // The connection may have been lost since, or the watch ended.
      if (result.ok || watch.request !== request) return;
      watch.request = null;
      for (const { onrefused } of watch.watchers) onrefused?.(result.reason);
    });
  }

  connection.on("folders", (message: FoldersMessage) => {
    const watch = watches.get(keyOf(message.root, pathIn(message)));
    if (!watch) return;
    const folders = message.folders.map((totals) => ({ ...totals, name: nameIn(totals) }));
    watch.last = folders;
    for (const { onfolders } of watch.watchers) onfolders(folders);
  });

  connection.on("index", (event: RootEvent) => {
    const { root, status } = event;
    if (status === "scanning") scanning.add(root);
    else scanning.delete(root);
    options.onroot?.(event);
    // Mere progress lets in no watch that was refused before.
    if (status === "scanning" && event.found !== undefined) return;
    for (const watch of watches.values()) {
      if (watch.root !== root) continue;
      // The server may have lost its index, and the subscriptions with it.
      if (status === "failed") watch.request = null;
      if (!watch.request) subscribe(watch);
    }
  });

  connection.onjoin(() => {
    for (const watch of watches.values()) subscribe(watch);
    // So that the end of these scans is reported here.
    for (const root of scanning) void connection.request("index", { root });
  });

  return {
    async children(root, path, wanted = {}) {
      const payload = { root, ...pathFields(path), ...wanted };
      type Sent = Omit<Encoded<Children, "entries", NameFields>, "errors"> & {
        errors?: (PathFields & { reason: string })[];
      };
      const result = await connection.request<Sent>("children", payload);
      if (!result.ok) return result;
      const entries = result.value.entries.map((child) => ({ ...child, name: nameIn(child) }));
      const errors = result.value.errors?.map((error) => ({
        path: pathIn(error),
        reason: error.reason,
      }));
      const value = { ...result.value, entries, ...(errors ? { errors } : {}) };
      return { ok: true, value: value as Children };
    },
    async links(root, path, wanted = {}) {
      const payload = { root, ...pathFields(path), ...wanted };
      type Sent = Omit<Links, "paths"> & { paths: PathFields[] | null };
      const result = await connection.request<Sent>("links", payload);
      if (!result.ok) return result;
      const paths = result.value.paths?.map(pathIn) ?? null;
      return { ok: true, value: { ...result.value, paths } };
    },
    async largest(root, path, wanted = {}) {
      const payload = { root, ...pathFields(path), ...wanted };
      type Item = Omit<Sized, "path"> & PathFields;
      type Sent = Omit<Largest, "folders" | "files"> & { folders: Item[]; files: Item[] };
      const result = await connection.request<Sent>("largest", payload);
      if (!result.ok) return result;
      const sized = (item: Item): Sized => ({ ...item, path: pathIn(item) });
      const [folders, files] = [result.value.folders.map(sized), result.value.files.map(sized)];
      return { ok: true, value: { ...result.value, folders, files } };
    },
    async breakdown(root, path, wanted = {}) {
      const payload = { root, ...pathFields(path), ...wanted };
      type Item = Omit<Group, "key"> & KeyFields;
      type Sent = Omit<Breakdown, "groups"> & { groups: Item[] };
      const result = await connection.request<Sent>("breakdown", payload);
      if (!result.ok) return result;
      const groups = result.value.groups.map((group) => ({ ...group, key: keyIn(group) }));
      return { ok: true, value: { ...result.value, groups } };
    },
    async search(root, query, { path, ...wanted } = {}) {
      const near = path === undefined ? {} : pathFields(path);
      const result = await connection.request<Encoded<SearchResult, "hits", PathFields>>("search", {
        root,
        query,
        ...near,
        ...wanted,
      });
      if (!result.ok) return result;
      const hits = result.value.hits.map((hit) => ({ ...hit, path: pathIn(hit) }));
      return { ok: true, value: { ...result.value, hits } as SearchResult };
    },
    watch(root, path, onfolders, onrefused) {
      const key = keyOf(root, path);
      let watch = watches.get(key);
      if (!watch) {
        watch = { root, path, watchers: new Set(), request: null, last: null };
        watches.set(key, watch);
      }
      const { watchers } = watch;
      const watcher = { onfolders, onrefused };
      watchers.add(watcher);
      if (watch.last) onfolders(watch.last);
      if (!watch.request) subscribe(watch);
      return () => {
        watchers.delete(watcher);
        if (watchers.size || watches.get(key) !== watch) return;
        watches.delete(key);
        watch.request = null;
        if (connection.state === "joined")
          void connection.request("unwatch", { root, ...pathFields(path) });
      };
    },
    scan: (root, { again = false } = {}) => connection.request("index", { root, again }),
    cancel: (root) => connection.request("cancel", { root }),
  };
}

/** An answer as it is sent: names or paths that are not UTF-8 are in base64. */
type Encoded<T, Key extends keyof T, Fields> = Omit<T, Key> & {
  [K in Key]: (T[K] extends (infer Item)[] ? Item & Fields : never)[];
};
