// A decoded slab: typed arrays over the bytes that arrived. decode.ts makes it, and
// guides/slab-format.md describes the format.

/** The columns of entries. */
export interface Columns {
  /** Pairs of 32 bits, low word first; empty if the scan read no metadata. */
  readonly size: Uint32Array;
  /** Likewise, signed. */
  readonly mtime: Uint32Array;
  readonly nameEnd: Uint32Array;
  readonly kind: Uint8Array;
  readonly names: Uint8Array;
}

/** The columns of entries, and those of directory records. */
export interface Slab extends Columns {
  readonly tag: number;
  readonly sequence: number;
  readonly records: number;
  /** Number of entries in all records together. */
  readonly entries: number;
  readonly entriesEnd: Uint32Array;
  readonly pathEnd: Uint32Array;
  readonly status: Uint32Array;
  readonly paths: Uint8Array;
}
