// The messages between a page and Aether.Channel; README.md describes them.
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

/** Options of a scan. The server decides which of them a client may set. */
export interface ScanOptions {
  depth?: number | "infinity";
  metadata?: boolean;
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

export interface ErrorReply {
  /** `not_found`, `too_many_scans`, `bad_request`, or the name of an errno such as `eio`. */
  reason: string;
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

const fromBase64 = (text: string) =>
  decodeText(Uint8Array.from(atob(text), (char) => char.charCodeAt(0)));
