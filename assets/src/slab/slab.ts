// What a decoded slab holds: typed arrays over the bytes that arrived. decode.ts makes it, and
// guides/slab-format.md describes the format.

/** What there is of each entry, one column beside the other. */
export interface Columns {
  /** Pairs of 32 bits, low first; without values where nothing is known of any entry. */
  readonly size: Uint32Array;
  /** Likewise, signed. */
  readonly mtime: Uint32Array;
  readonly nameEnd: Uint32Array;
  readonly kind: Uint8Array;
  readonly names: Uint8Array;
}

/** One slab: the columns of its entries, and those of its directory records. */
export interface Slab extends Columns {
  readonly tag: number;
  readonly sequence: number;
  readonly records: number;
  /** Number of entries, of all records together. */
  readonly entries: number;
  readonly entriesEnd: Uint32Array;
  readonly pathEnd: Uint32Array;
  readonly status: Uint32Array;
  readonly paths: Uint8Array;
}
