// The messages between a page and Aether.Channel; README.md describes them.
import type { Kind } from "../slab/entry.js";
import { decodeText, encodeText, isUtf8 } from "../text/encoding.js";

/** A path relative to a root: as text, or in base64 if it is not UTF-8. */
export type PathFields = { path: string } | { path_base64: string };

/** A file name, likewise. */
export type NameFields = { name: string } | { name_base64: string };

export interface JoinReply {
  /** Maximum number of slabs that the server sends ahead of the last ack. */
  window: number;
  /** Maximum number of scans that run, and that wait for their turn; more are refused. */
  running: number;
  waiting: number;
}

/** Attributes beside size and time of modification; the server decides which a client may have. */
export type AttributeGroup = "disk" | "inode" | "mode" | "owner" | "times" | "target";

/** Options of a scan. The server decides which of them a client may set. */
export interface ScanOptions {
  depth?: number | "infinity";
  /** A list implies size and time of modification, as true does. */
  metadata?: boolean | AttributeGroup[];
  hidden?: boolean;
  ignore?: false | "git" | string[];
  exclude?: string[];
  same_file_system?: boolean;
  progress?: boolean;
  /** Of a root, if the server has an index: true scans the whole root again, false does not. */
  index?: boolean;
}

export interface ScanReply {
  tag: number;
}

/** A slab; in base64 over a transport that carries only text, which is long polling. */
export type SlabPayload = ArrayBuffer | { base64: string };

export function bytesOf(payload: SlabPayload): ArrayBuffer {
  if (payload instanceof ArrayBuffer) return payload;
  return Uint8Array.from(atob(payload.base64), (char) => char.charCodeAt(0)).buffer;
}

export interface ErrorReply {
  /** `not_found`, `too_many_scans`, `bad_request`, or the name of an errno such as `eio`. */
  reason: string;
  /** Of `bad_request`: the member that is wrong. */
  member?: string;
  /** The one of its groups that does not exist, or that the client may not have. */
  group?: string;
}

export type Progress = PathFields & {
  tag: number;
  found: number;
  persisted: number | null;
  files: number;
  directories: number;
  bytes: number;
  errors: number;
  rate: number;
  /** Number of entries in an earlier scan, for a percentage. */
  expected: number | null;
  elapsed_ms: number;
};

export interface Summary {
  tag: number;
  status: "complete" | "partial" | "cancelled" | "failed";
  /** Why it failed (the error's reason) or was cancelled (`idle` or `client`). */
  reason: string | null;
  files: number;
  directories: number;
  symlinks: number;
  others: number;
  bytes: number;
  /** Allocated bytes as du counts them, if asked for; approximate unless `disk_exact`. */
  disk?: number | null;
  disk_exact?: boolean;
  errors: {
    count: number;
    by_reason: Record<string, number>;
    first: (PathFields & { reason: string; operation: string })[];
  };
  vanished: number;
  unread: number;
  skipped: number;
  max_depth: number;
  first_entry_ms: number | null;
  duration_ms: number;
  rate: number;
}

/**
 * What is known of one entry. Of what the server does not let clients have there is nothing here;
 * null is what the file system does not keep, or did not tell.
 */
export interface Stat {
  kind: Kind;
  size?: number | null;
  /** Times are in milliseconds since 1970. */
  mtime_ms?: number | null;
  ctime_ms?: number | null;
  btime_ms?: number | null;
  /** Allocated bytes: of a folder its own, and nothing of what is beneath. */
  disk?: number | null;
  /** In decimal, since it may be too large for a number. */
  inode?: string | null;
  device?: number | null;
  nlink?: number | null;
  mode?: number | null;
  uid?: number | null;
  gid?: number | null;
  /** Names of user and group, where the server knows them. */
  owner?: string | null;
  group?: string | null;
  /** Where a symbolic link leads, written like a name. */
  target?: string | null;
}

/** What a group is of: an extension that is not UTF-8 is in base64. */
export type KeyFields = { key: string | number } | { key_base64: string };

/** A target in a reply: as text, or in base64 if it is not UTF-8. */
export type TargetFields = { target?: string | null } | { target_base64: string };

export function pathFields(path: string): PathFields {
  if (isUtf8(path)) return { path };
  let binary = "";
  for (const byte of encodeText(path)) binary += String.fromCharCode(byte);
  return { path_base64: btoa(binary) };
}

/** The path in a message, as the store writes it. */
export const pathIn = (fields: PathFields): string =>
  "path" in fields ? fields.path : fromBase64(fields.path_base64);

/** A name in a message, likewise. */
export const nameIn = (fields: NameFields): string =>
  "name" in fields ? fields.name : fromBase64(fields.name_base64);

/** What a group is of, likewise. */
export const keyIn = (fields: KeyFields): string | number =>
  "key" in fields ? fields.key : fromBase64(fields.key_base64);

/** A target in a reply, likewise; undefined if it has none. */
export const targetIn = (fields: TargetFields): string | null | undefined =>
  "target_base64" in fields ? fromBase64(fields.target_base64) : fields.target;

const fromBase64 = (text: string) =>
  decodeText(Uint8Array.from(atob(text), (char) => char.charCodeAt(0)));
