// Reads one entry or one record of a slab. Nothing is decoded in advance.
import type { Columns, Slab } from "./slab.js";
import { decodeText } from "../text/encoding.js";

export const UNKNOWN = 0;
export const FILE = 1;
export const DIRECTORY = 2;
export const SYMLINK = 3;
export const OTHER = 4;
/** Set in a kind byte if nothing else is known. */
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

/** Where a symbolic link leads, as bytes; empty if unknown. Any path, so never join it to another. */
export const targetBytes = (columns: Columns, entry: number): Uint8Array =>
  columns.targets.subarray(startOf(columns.targetEnd, entry), columns.targetEnd[entry] ?? 0);

/** Where a symbolic link leads, as text like a name. */
export const targetOf = (columns: Columns, entry: number): string =>
  decodeText(targetBytes(columns, entry));

/** The path of a record's directory as bytes, relative to the root: a view into the slab. */
export const pathBytes = (slab: Slab, record: number): Uint8Array =>
  slab.paths.subarray(startOf(slab.pathEnd, record), slab.pathEnd[record]);

/** The path of a record's directory. */
export const pathOf = (slab: Slab, record: number): string => decodeText(pathBytes(slab, record));

/** The first entry of a record; its last is the one before `slab.entriesEnd[record]`. */
export const firstEntry = (slab: Slab, record: number): number => startOf(slab.entriesEnd, record);

/** Whether an entry has a value in a column. */
const isKnown = (columns: Columns, column: ArrayLike<number>, entry: number) =>
  columns.kind[entry] < NO_METADATA && column.length > 0;

/** Bytes, exact up to 2^53; null if unknown. */
export const sizeOf = (columns: Columns, entry: number): number | null =>
  isKnown(columns, columns.size, entry) ? unsigned(columns.size, entry) : null;

/** Milliseconds since 1970; null if unknown. */
export const mtimeOf = (columns: Columns, entry: number): number | null =>
  isKnown(columns, columns.mtime, entry) ? milliseconds(columns.mtime, entry) : null;

/** Bytes, exact; null if unknown. */
export const exactSizeOf = (columns: Columns, entry: number): bigint | null =>
  isKnown(columns, columns.size, entry) ? pair(columns.size, entry) : null;

/** Nanoseconds since 1970, exact; null if unknown. */
export const exactMtimeOf = (columns: Columns, entry: number): bigint | null =>
  isKnown(columns, columns.mtime, entry) ? BigInt.asIntN(64, pair(columns.mtime, entry)) : null;

/** Allocated bytes, exact up to 2^53; null if unknown, like all that follow. */
export const diskOf = (columns: Columns, entry: number): number | null =>
  isKnown(columns, columns.disk, entry) ? unsigned(columns.disk, entry) : null;

/** The inode's number, exact. */
export const inodeOf = (columns: Columns, entry: number): bigint | null =>
  isKnown(columns, columns.inode, entry) ? pair(columns.inode, entry) : null;

/** Distinguishes the devices of one scan, no more. */
export const deviceOf = (columns: Columns, entry: number): number | null =>
  isKnown(columns, columns.device, entry) ? columns.device[entry] : null;

/** Number of hard links. */
export const nlinkOf = (columns: Columns, entry: number): number | null =>
  isKnown(columns, columns.nlink, entry) ? columns.nlink[entry] : null;

/** Type and permissions: all 16 bits of st_mode. */
export const modeOf = (columns: Columns, entry: number): number | null =>
  isKnown(columns, columns.mode, entry) ? columns.mode[entry] : null;

export const uidOf = (columns: Columns, entry: number): number | null =>
  isKnown(columns, columns.uid, entry) ? columns.uid[entry] : null;

export const gidOf = (columns: Columns, entry: number): number | null =>
  isKnown(columns, columns.gid, entry) ? columns.gid[entry] : null;

/** When the inode last changed, in milliseconds since 1970. */
export const ctimeOf = (columns: Columns, entry: number): number | null =>
  isKnown(columns, columns.ctime, entry) ? milliseconds(columns.ctime, entry) : null;

/** When the entry was created, in milliseconds since 1970; also null if its file system keeps none. */
export function btimeOf({ kind, btime }: Columns, entry: number): number | null {
  const isKept = btime[2 * entry] !== 0 || btime[2 * entry + 1] !== 0x80000000;
  return kind[entry] < NO_METADATA && btime.length && isKept ? milliseconds(btime, entry) : null;
}

// From pairs of 32 bits: reading from a BigInt64Array costs 25 times as much.
export const unsigned = (pairs: Uint32Array, i: number): number =>
  pairs[2 * i] + pairs[2 * i + 1] * HIGH;

export const milliseconds = (pairs: Uint32Array, i: number): number =>
  (pairs[2 * i] + (pairs[2 * i + 1] | 0) * HIGH) / 1e6;

const pair = (pairs: Uint32Array, i: number) =>
  (BigInt(pairs[2 * i + 1]) << 32n) | BigInt(pairs[2 * i]);

const startOf = (ends: Uint32Array, i: number) => (i ? ends[i - 1] : 0);
