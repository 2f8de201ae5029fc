// Entries of many slabs in one set of columns. A slab can be small, and its objects would then cost
// more than its contents, so the store copies its columns here and drops it. A buffer is collected
// as garbage when no listing refers to it.
import { NO_METADATA } from "../slab/entry.js";
import type { Columns, Slab } from "../slab/slab.js";

const CAPACITY = 8192;
// Enough for long names, so that entries fill up first: their columns are not shortened later.
const NAME_CAPACITY = 48 * CAPACITY;

export class ColumnBuffer implements Columns {
  readonly size: Uint32Array;
  readonly mtime: Uint32Array;
  readonly nameEnd: Uint32Array;
  readonly kind: Uint8Array;
  names: Uint8Array;
  #entries = 0;
  #nameBytes = 0;

  /** An empty buffer that has room for this slab at least. */
  constructor(slab: Slab) {
    const entries = Math.max(CAPACITY, slab.entries);
    this.size = new Uint32Array(2 * entries);
    this.mtime = new Uint32Array(2 * entries);
    this.nameEnd = new Uint32Array(entries);
    this.kind = new Uint8Array(entries);
    this.names = new Uint8Array(Math.max(NAME_CAPACITY, slab.names.length));
  }

  fits(slab: Slab): boolean {
    return (
      this.#entries + slab.entries <= this.kind.length &&
      this.#nameBytes + slab.names.length <= this.names.length
    );
  }

  /** Appends a slab's entries; returns the index of the first. */
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

  /** Releases unused space of names; nothing may be appended afterwards. */
  close(): void {
    this.names = this.names.slice(0, this.#nameBytes);
  }
}
