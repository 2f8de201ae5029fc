// A decoded slab: typed arrays over the bytes that arrived. decode.ts makes it, and
// guides/slab-format.md describes the format.

// The groups of attributes that a slab may have: flags of its header.
/** Size and mtime, which all other groups need. */
export const METADATA = 1;
export const DISK = 2;
export const INODE = 4;
export const MODE = 8;
export const TIMES = 16;
export const TARGET = 32;
export const OWNER = 64;

/** What lstat says of entries. Columns of a group that the scan did not ask for are empty. */
export interface Attributes {
  /** Pairs of 32 bits, low word first. */
  readonly size: Uint32Array;
  /** Likewise, signed: nanoseconds since 1970. */
  readonly mtime: Uint32Array;
  /** Allocated bytes, in pairs. */
  readonly disk: Uint32Array;
  /** In pairs. */
  readonly inode: Uint32Array;
  /** Distinguishes the devices of one scan. */
  readonly device: Uint32Array;
  readonly nlink: Uint32Array;
  /** All 16 bits of st_mode. */
  readonly mode: Uint16Array;
  /** Pairs, like mtime. */
  readonly ctime: Uint32Array;
  /** Likewise; -2^63 where the file system keeps none. */
  readonly btime: Uint32Array;
  readonly uid: Uint32Array;
  readonly gid: Uint32Array;
}

/** The columns of entries. */
export interface Columns extends Attributes {
  /** Empty without TARGET. */
  readonly targetEnd: Uint32Array;
  readonly nameEnd: Uint32Array;
  readonly kind: Uint8Array;
  readonly names: Uint8Array;
  readonly targets: Uint8Array;
}

/** The columns of entries, and those of directory records. */
export interface Slab extends Columns {
  readonly tag: number;
  readonly sequence: number;
  /** The groups that there are columns of. */
  readonly groups: number;
  readonly records: number;
  /** Number of entries in all records together. */
  readonly entries: number;
  readonly entriesEnd: Uint32Array;
  readonly pathEnd: Uint32Array;
  readonly status: Uint32Array;
  readonly paths: Uint8Array;
}

const none = new Uint32Array();

/** The columns of entries without metadata. */
export const NO_ATTRIBUTES: Attributes & Pick<Columns, "targetEnd" | "targets"> = {
  size: none,
  mtime: none,
  disk: none,
  inode: none,
  device: none,
  nlink: none,
  mode: new Uint16Array(),
  ctime: none,
  btime: none,
  uid: none,
  gid: none,
  targetEnd: none,
  targets: new Uint8Array(),
};

/** The names of these columns. */
export const ATTRIBUTES = [
  "size",
  "mtime",
  "disk",
  "inode",
  "device",
  "nlink",
  "mode",
  "ctime",
  "btime",
  "uid",
  "gid",
] as const satisfies (keyof Attributes)[];
