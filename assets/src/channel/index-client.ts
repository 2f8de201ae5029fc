// What an index behind the channel knows: pages of a folder, searches, totals that are watched, and
// scans of whole roots. Over the connection of connect.ts, which asks for slabs; nothing here does.
import type { Connection, Result } from "./connection.js";
import type { Kind } from "../slab/entry.js";
import {
  nameIn,
  pathFields,
  pathIn,
  type NameFields,
  type PathFields,
  type Progress,
  type Summary,
} from "./wire.js";

/** How true an answer is. */
export interface Answer {
  /** Since the folder was last seen; null if it never was. */
  age_ms: number | null;
  /** Older than an hour, never seen, or being scanned. */
  stale: boolean;
  scanning: boolean;
  /** Nothing beneath is unknown: where it is false, counts and sizes read "at least". */
  exhaustive: boolean;
  /** Directories beneath that could not be read. */
  unreadable: number;
  imported: boolean;
  rolled_back: boolean;
}

export interface Child {
  name: string;
  kind: Kind;
  /** Of a directory, all beneath it that is none itself. */
  file_count: number;
  bytes: number | null;
  mtime_ms: number | null;
  /** Of a directory, how its last listing ended; `unread` if none did. */
  status: string | null;
  unknown_below: number | null;
  imported: boolean;
}

export interface Children extends Answer {
  entries: Child[];
  /** For `after`; null after the last page. */
  next: string | null;
  /** The folder has changed since the page before. */
  moved: boolean;
}

export interface ChildrenOptions {
  limit?: number;
  after?: string | null;
  sort?: "name" | "size" | "count" | "mtime";
  order?: "asc" | "desc";
}

export interface Hit {
  /** The key of the root, and the path in it. */
  root: string;
  path: string;
  kind: Kind;
  file_count: number | null;
  bytes: number | null;
  mtime_ms: number | null;
  score: number;
}

export interface Found extends Answer {
  hits: Hit[];
  /** On all pages; those that `larger` and `newer_ms` leave out are among them. */
  matched: number;
  /** For `after`; null after the last page. */
  next: string | null;
  /** Time was up before there were enough hits, as so few are larger or newer: go on from `next`. */
  more: boolean;
  /** Of a query that is a path with `:line` or `:line:column` at its end. */
  position: { line: number; column: number | null } | null;
  loaded: boolean;
  /** A scan has come in between: search once more in a while. */
  outdated: boolean;
  truncated: boolean;
}

export interface SearchOptions {
  /** A folder; what is near to it comes first. */
  path?: string;
  limit?: number;
  mode?: "auto" | "substring" | "glob" | "fuzzy";
  /** `next` of the page before, of the same query; refused as `cursor_outdated` when names have come since. */
  after?: string | null;
  kind?: Kind[];
  /** What names end with after a dot. */
  ext?: string[];
  /** In bytes; of a folder those of all files beneath count. */
  larger?: number;
  /** Changed after this time, in milliseconds since 1970. */
  newer_ms?: number;
}

/** What a folder in a watched folder holds, all beneath it. */
export interface Totals {
  name: string;
  file_count: number;
  bytes: number | null;
}

/** How the scan of a whole root goes: `scanning` may have the numbers of a progress, an end those of a summary. */
export type RootNews = {
  root: string;
  status: "scanning" | "fresh" | "left" | Summary["status"];
} & Partial<Omit<Progress, "tag" | "path"> & Omit<Summary, "tag" | "status">>;

export interface KnownOptions {
  onroot?(news: RootNews): void;
}

export interface Known {
  /** A page of a folder's entries, folders first. */
  children(root: string, path: string, options?: ChildrenOptions): Promise<Result<Children>>;
  /** The best matches in a root. A newer search of the same root ends the one before: `cancelled`. */
  search(root: string, query: string, options?: SearchOptions): Promise<Result<Found>>;
  /**
   * Calls back with the totals of all folders in a folder, at once and when they have changed, also after a lost
   * connection. What comes back ends it. A root that the index does not know yet is watched from when it does;
   * `onrefused` is told so, as `not_found`.
   */
  watch(
    root: string,
    path: string,
    onfolders: (folders: Totals[]) => void,
    onrefused?: (reason: string) => void,
  ): () => void;
  /** Has a whole root scanned, or hears how it goes: only if it is older than an hour, unless `again`. */
  scan(root: string, options?: { again?: boolean }): Promise<Result>;
  /** Ends that, unless others have it scanned as well. */
  cancel(root: string): Promise<Result>;
  /** Ends all watching and hearing. */
  close(): void;
}

/** A folder of which totals are wanted, by whomever. */
interface Watch {
  readonly root: string;
  readonly path: string;
  readonly listeners: Set<(folders: Totals[]) => void>;
  readonly refused: Set<(reason: string) => void>;
  /** The request for it in this join, unless that was refused. */
  asked: Promise<Result> | null;
  last: Totals[] | null;
}

export function connectKnown(connection: Connection, options: KnownOptions = {}): Known {
  const watches = new Map<string, Watch>();
  // Roots that are being scanned as far as the server has said.
  const scanning = new Set<string>();
  const keyOf = (root: string, path: string) => JSON.stringify([root, path]);

  function ask(watch: Watch): void {
    if (connection.state !== "joined") return;
    // Joining asks for all of them.
    if (connection.state !== "joined") return;
    const { root, path } = watch;
    const asked = connection.request("watch", { root, ...pathFields(path) });
    watch.asked = asked;
    void asked.then((result) => {
      // What is said of a connection that was lost, or of what nobody wants, is of no interest.
      if (result.ok || watch.asked !== asked) return;
      watch.asked = null;
      for (const callback of watch.refused) callback(result.reason);
    });
  }

  function folders(message: PathFields & { root: string; folders: (NameFields & Totals)[] }): void {
    const watch = watches.get(keyOf(message.root, pathIn(message)));
    if (!watch) return;
    watch.last = message.folders.map((totals) => ({ ...totals, name: nameIn(totals) }));
    for (const callback of watch.listeners) callback(watch.last);
  }

  function news(message: RootNews): void {
    if (message.status === "scanning") scanning.add(message.root);
    else scanning.delete(message.root);
    options.onroot?.(message);
    for (const watch of watches.values()) {
      if (watch.root !== message.root) continue;
      // The server may have lost its index, and what was watched with it.
      if (message.status === "failed") watch.asked = null;
      // It knows the root now, or does again.
      if (!watch.asked) ask(watch);
    }
  }

  const ends = [
    connection.on("folders", folders),
    connection.on("index", news),
    connection.onjoin(() => {
      for (const watch of watches.values()) ask(watch);
      // Whoever waits for the end of a scan is to hear of it.
      for (const root of scanning) void connection.request("index", { root });
    }),
  ];

  return {
    async children(root, path, wanted = {}) {
      const payload = { root, ...pathFields(path), ...wanted };
      const result = await connection.request<Wired<Children, "entries", NameFields>>(
        "children",
        payload,
      );
      if (!result.ok) return result;
      const entries = result.value.entries.map((child) => ({ ...child, name: nameIn(child) }));
      return { ok: true, value: { ...result.value, entries } as Children };
    },
    async search(root, query, { path, ...wanted } = {}) {
      const near = path === undefined ? {} : pathFields(path);
      const payload = { root, query, ...near, ...wanted };
      const result = await connection.request<Wired<Found, "hits", PathFields>>("search", payload);
      if (!result.ok) return result;
      const hits = result.value.hits.map((hit) => ({ ...hit, path: pathIn(hit) }));
      return { ok: true, value: { ...result.value, hits } as Found };
    },
    watch(root, path, onfolders, onrefused) {
      const key = keyOf(root, path);
      let watch = watches.get(key);
      if (!watch) {
        const none = { listeners: new Set<never>(), refused: new Set<never>() };
        watch = { root, path, ...none, asked: null, last: null };
        watches.set(key, watch);
      }
      const { listeners, refused } = watch;
      // Each call is one of its own, also with a function that was given before.
      const listener = (folders: Totals[]) => onfolders(folders);
      const refusal = (reason: string) => onrefused?.(reason);
      listeners.add(listener);
      refused.add(refusal);
      if (watch.last) listener(watch.last);
      if (!watch.asked) ask(watch);
      return () => {
        listeners.delete(listener);
        refused.delete(refusal);
        if (listeners.size || watches.get(key) !== watch) return;
        watches.delete(key);
        watch.asked = null;
        if (connection.state === "joined")
          void connection.request("unwatch", { root, ...pathFields(path) });
      };
    },
    scan: (root, { again = false } = {}) => connection.request("index", { root, again }),
    cancel: (root) => connection.request("cancel", { root }),
    close() {
      for (const end of ends) end();
      if (connection.state === "joined")
        for (const { root, path } of watches.values())
          void connection.request("unwatch", { root, ...pathFields(path) });
      for (const watch of watches.values()) watch.asked = null;
      watches.clear();
      scanning.clear();
    },
  };
}

/** An answer as it comes: with names or paths as they go through JSON. */
type Wired<T, Key extends keyof T, Fields> = Omit<T, Key> & {
  [K in Key]: (T[K] extends (infer Item)[] ? Item & Fields : never)[];
};
