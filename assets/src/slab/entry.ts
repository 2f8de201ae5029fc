// Reads one entry or one record of a slab. Nothing is decoded in advance.
import type { Columns, Slab } from "./slab.js";
import { decodeText } from "../text/encoding.js";

export const UNKNOWN = 0;
export const FILE = 1;
export const DIRECTORY = 2;
export const SYMLINK = 3;
export const OTHER = 4;
/** Set in a kind byte if size and mtime are unknown. */
export const NO_METADATA = 0x80;

export const KINDS = ["unknown", "file", "directory", "symlink", "other"] as const;
export type Kind = (typeof KINDS)[number];

const HIGH = 2 ** 32;

/** The name of an entry's kind. */
export const kindOf = (columns: Columns, entry: number): Kind => KINDS[columns.kind[entry] & 15];

/** An entry's name as bytes, a view into the columns. */
export const nameBytes = (columns: Columns, entry: number): Uint8Array =>
  columns.names.subarray(startOf(columns.nameEnd, entry), columns.nameEnd[entry]);

/** An entry's name; see text/encoding.ts for bytes that are not UTF-8. */
export const nameOf = (columns: Columns, entry: number): string =>
  decodeText(nameBytes(columns, entry));

/** The path of a record's directory as bytes, relative to the root: a view into the slab. */
export const pathBytes = (slab: Slab, record: number): Uint8Array =>
  slab.paths.subarray(startOf(slab.pathEnd, record), slab.pathEnd[record]);

/** The path of a record's directory. */
export const pathOf = (slab: Slab, record: number): string => decodeText(pathBytes(slab, record));

/** The first entry of a record; its last is the one before `slab.entriesEnd[record]`. */
export const firstEntry = (slab: Slab, record: number): number => startOf(slab.entriesEnd, record);

const isKnown = (columns: Columns, entry: number) =>
  columns.kind[entry] < NO_METADATA && columns.size.length > 0;

/** Bytes, exact up to 2^53; null if unknown. */
export const sizeOf = (columns: Columns, entry: number): number | null =>
  isKnown(columns, entry) ? unsigned(columns.size, entry) : null;

/** Milliseconds since 1970; null if unknown. */
export const mtimeOf = (columns: Columns, entry: number): number | null =>
  isKnown(columns, entry) ? milliseconds(columns.mtime, entry) : null;

/** Bytes, exact; null if unknown. */
export const exactSizeOf = (columns: Columns, entry: number): bigint | null =>
  isKnown(columns, entry) ? pair(columns.size, entry) : null;

/** Nanoseconds since 1970, exact; null if unknown. */
export const exactMtimeOf = (columns: Columns, entry: number): bigint | null =>
  isKnown(columns, entry) ? BigInt.asIntN(64, pair(columns.mtime, entry)) : null;

// From pairs of 32 bits: reading from a BigInt64Array costs 25 times as much.
export const unsigned = (pairs: Uint32Array, i: number): number =>
  pairs[2 * i] + pairs[2 * i + 1] * HIGH;

export const milliseconds = (pairs: Uint32Array, i: number): number =>
  (pairs[2 * i] + (pairs[2 * i + 1] | 0) * HIGH) / 1e6;

const pair = (pairs: Uint32Array, i: number) =>
  (BigInt(pairs[2 * i + 1]) << 32n) | BigInt(pairs[2 * i]);

const startOf = (ends: Uint32Array, i: number) => (i ? ends[i - 1] : 0);
