// Answers of the index, with names and paths as strings.
import type { Kind } from "../slab/entry.js";

/** How fresh and how complete an answer is. */
export interface Answer {
  /** Time since the folder was last listed; null if it never was. */
  age_ms: number | null;
  /** Older than an hour, never listed, or being scanned. */
  stale: boolean;
  scanning: boolean;
  /** Everything beneath is known. Where it is false, counts and sizes are lower bounds. */
  exhaustive: boolean;
  /** Directories beneath that could not be read. */
  unreadable: number;
  /** There may be more of them: not everything was looked at. */
  unreadable_at_least: boolean;
  imported: boolean;
  rolled_back: boolean;
}

export interface Child {
  name: string;
  kind: Kind;
  /** Of a directory: everything beneath it except directories. */
  file_count: number;
  bytes: number | null;
  mtime_ms: number | null;
  /** Of a directory: how its last listing ended; `unread` if it was never listed. */
  status: string | null;
  unknown_below: number | null;
  /**
   * Allocated bytes, if the server lets the client have them: of a directory with all beneath, an
   * inode with several names once, as du counts. Null until a whole scan has run to its end.
   */
  disk?: number | null;
  /** Of a directory: the part of `disk` that is freed with it, without files with names elsewhere. */
  disk_unshared?: number | null;
  /** Of a directory: whether `disk` counts every file once, as nearly always. */
  disk_exact?: boolean | null;
  /** Type and permissions, if the client may have the group `mode` and the index keeps owners. */
  mode?: number;
  /** User and group, likewise with the group `owner`. */
  uid?: number;
  gid?: number;
  /** Names of a file, if the server lets the client have the group `inode`. */
  nlink?: number | null;
  imported: boolean;
}

/** What a folder holds itself; members as in `Child`. */
export interface OwnTotals extends Pick<
  Child,
  "file_count" | "bytes" | "status" | "unknown_below" | "disk" | "disk_unshared" | "disk_exact"
> {
  /** Files of removed folders still count in `disk`, which is an upper bound until they are deleted. */
  disk_pending?: boolean;
}

export interface Children extends Answer {
  entries: Child[];
  /** On the first page: what the folder holds with all beneath it. */
  totals?: OwnTotals;
  /** If asked for: at most a hundred directories beneath that could not be read, and why. */
  errors?: { path: string; reason: string }[];
  /** For `after`; null after the last page. */
  next: string | null;
  /** The folder has changed since the previous page. */
  moved: boolean;
}

export interface ChildrenOptions {
  limit?: number;
  after?: string | null;
  /** By `disk` if the server lets the client have it; refused as `bad_request` otherwise. */
  sort?: "name" | "size" | "count" | "mtime" | "disk";
  order?: "asc" | "desc";
  /** Names what could not be read. */
  errors?: boolean;
}

/** A file's other names. */
export interface Links extends Answer {
  /** Those beneath the root; null if no such file is there. */
  paths: string[] | null;
  /** There are more beneath the root. */
  more: boolean;
  /** How many names it has, and how many of them are not beneath the root; null if unknown. */
  nlink: number | null;
  elsewhere: number | null;
}

/** A folder with all beneath it, or a file. */
export interface Sized {
  path: string;
  bytes: number;
  file_count: number;
  /** Both if the server lets the client have it; null as in `Child`. */
  disk?: number | null;
  disk_exact?: boolean | null;
}

/** The largest folders and files beneath a folder, the largest first. */
export interface Largest extends Answer {
  folders: Sized[];
  files: Sized[];
  /** Nothing was left out. */
  complete: boolean;
}

export interface LargestOptions {
  limit?: number;
  /** By `disk` if the server lets the client have it; refused as `bad_request` otherwise. */
  by?: "size" | "disk";
}

/** Sums of files: all that is not a directory. */
export interface GroupSums {
  files: number;
  bytes: number;
  /** Each inode once, in the group of its first name. */
  disk?: number | null;
  newest_ms: number | null;
}

/** Those of one extension, age, or user. */
export interface Group extends GroupSums {
  /** An extension, `day`, `week`, `month`, `year` or `older`, or a user's number; or `unknown`. */
  key: string | number;
}

/** What lies beneath a folder in groups, the one with the most bytes first. */
export interface Breakdown extends Answer {
  groups: Group[];
  /** All other groups together. */
  others: GroupSums | null;
  /** Whether `disk` of the groups counts every file once; as in `Child`. */
  disk_exact?: boolean | null;
}

export interface BreakdownOptions {
  limit?: number;
  /** By `owner` if the server lets the client have it; refused as `bad_request` otherwise. */
  by?: "extension" | "age" | "owner";
}

export interface Hit {
  /** The key of the root, and the path relative to it. */
  root: string;
  path: string;
  kind: Kind;
  file_count: number | null;
  bytes: number | null;
  mtime_ms: number | null;
  score: number;
}

export interface SearchResult extends Answer {
  hits: Hit[];
  /** Matches on all pages, including those that `larger` and `newer_ms` leave out. */
  matched: number;
  /** For `after`; null after the last page. */
  next: string | null;
  /** The search ran out of time before the page was full: continue from `next`. */
  more: boolean;
  /** Of a query that is a path with `:line` or `:line:column` at its end. */
  position: { line: number; column: number | null } | null;
  loaded: boolean;
  /** A scan has added names since they were loaded: search again later. */
  outdated: boolean;
  truncated: boolean;
}

export interface SearchOptions {
  /** A folder; matches close to it come first. */
  path?: string;
  limit?: number;
  mode?: "auto" | "substring" | "glob" | "fuzzy";
  /**
   * `next` of the previous page of the same query; refused as `cursor_outdated` if names have been
   * added since.
   */
  after?: string | null;
  kind?: Kind[];
  /** File name extensions, without the dot. */
  ext?: string[];
  /** Minimum size in bytes; of a folder, the sum of all files beneath it. */
  larger?: number;
  /** Changed after this time, in milliseconds since 1970. */
  newer_ms?: number;
}

/** What a subfolder of a watched folder holds, at any depth. */
export interface FolderTotals {
  name: string;
  file_count: number;
  bytes: number | null;
  /** As in `Child`. */
  disk?: number | null;
  disk_exact?: boolean | null;
}
