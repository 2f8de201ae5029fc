// Entries of many slabs, one after the other in one set of columns. Slabs can be small, and one
// object for each would cost more than what is in it; so the store copies their columns here, and
// lets go of them. A buffer is dropped by the engine when no listing refers to it any more.
import { NO_METADATA } from "../slab/entry.js";
import type { Columns, Slab } from "../slab/slab.js";

const ENTRIES = 8192;
// Room for long names, so that it is the entries that fill a buffer: their columns keep their length.
const NAME_BYTES = 48 * ENTRIES;

export class ColumnBuffer implements Columns {
  readonly size: Uint32Array;
  readonly mtime: Uint32Array;
  readonly nameEnd: Uint32Array;
  readonly kind: Uint8Array;
  names: Uint8Array;
  #entries = 0;
  #nameBytes = 0;

  /** Empty, with room for the usual, or for a larger slab. */
  constructor(slab: Slab) {
    const entries = Math.max(ENTRIES, slab.entries);
    this.size = new Uint32Array(2 * entries);
    this.mtime = new Uint32Array(2 * entries);
    this.nameEnd = new Uint32Array(entries);
    this.kind = new Uint8Array(entries);
    this.names = new Uint8Array(Math.max(NAME_BYTES, slab.names.length));
  }

  fits(slab: Slab): boolean {
    return (
      this.#entries + slab.entries <= this.kind.length &&
      this.#nameBytes + slab.names.length <= this.names.length
    );
  }

  /** Takes a slab's entries in, and says where they begin. */
  append(slab: Slab): number {
    const [entries, nameBytes] = [this.#entries, this.#nameBytes];
    this.size.set(slab.size, 2 * entries);
    this.mtime.set(slab.mtime, 2 * entries);
    this.kind.set(slab.kind, entries);
    this.names.set(slab.names, nameBytes);
    for (let i = 0; i < slab.entries; i++) this.nameEnd[entries + i] = slab.nameEnd[i] + nameBytes;
    if (!slab.size.length)
      for (let i = 0; i < slab.entries; i++) this.kind[entries + i] |= NO_METADATA;
    this.#entries += slab.entries;
    this.#nameBytes += slab.names.length;
    return entries;
  }

  /** Gives back what names did not need: no more comes. */
  close(): void {
    this.names = this.names.slice(0, this.#nameBytes);
  }
}
