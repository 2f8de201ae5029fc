// Entries of many slabs in one set of columns. A slab can be small, and its objects would then cost
// more than its contents, so the store copies its columns here and drops it. A buffer is collected
// as garbage when no listing refers to it.
import {
  ATTRIBUTES,
  DISK,
  INODE,
  METADATA,
  MODE,
  OWNER,
  TARGET,
  TIMES,
  type Columns,
  type Slab,
} from "../slab/slab.js";

const CAPACITY = 8192;
// Enough for long names, so that entries fill up first: their columns are not shortened later.
const NAME_CAPACITY = 48 * CAPACITY;
// Few entries are symbolic links.
const TARGET_CAPACITY = 8 * CAPACITY;

export class ColumnBuffer implements Columns {
  readonly size: Uint32Array;
  readonly mtime: Uint32Array;
  readonly disk: Uint32Array;
  readonly inode: Uint32Array;
  readonly device: Uint32Array;
  readonly nlink: Uint32Array;
  readonly mode: Uint16Array;
  readonly ctime: Uint32Array;
  readonly btime: Uint32Array;
  readonly uid: Uint32Array;
  readonly gid: Uint32Array;
  readonly targetEnd: Uint32Array;
  readonly nameEnd: Uint32Array;
  readonly kind: Uint8Array;
  names: Uint8Array;
  targets: Uint8Array;
  #entries = 0;
  #nameBytes = 0;
  #targetBytes = 0;

  /** An empty buffer that has room for this slab at least, and for others of the same groups. */
  constructor({ groups, entries: least, names, targets }: Slab) {
    const entries = Math.max(CAPACITY, least);
    const words = (group: number, each: number) =>
      new Uint32Array(groups & group ? each * entries : 0);
    this.size = words(METADATA, 2);
    this.mtime = words(METADATA, 2);
    this.disk = words(DISK, 2);
    this.inode = words(INODE, 2);
    this.device = words(INODE, 1);
    this.nlink = words(INODE, 1);
    this.mode = new Uint16Array(groups & MODE ? entries : 0);
    this.ctime = words(TIMES, 2);
    this.btime = words(TIMES, 2);
    this.uid = words(OWNER, 1);
    this.gid = words(OWNER, 1);
    this.targetEnd = words(TARGET, 1);
    this.nameEnd = new Uint32Array(entries);
    this.kind = new Uint8Array(entries);
    this.names = new Uint8Array(Math.max(NAME_CAPACITY, names.length));
    this.targets = new Uint8Array(groups & TARGET ? Math.max(TARGET_CAPACITY, targets.length) : 0);
  }

  /** Whether there is room for a slab of the same groups. */
  fits(slab: Slab): boolean {
    return (
      this.#entries + slab.entries <= this.kind.length &&
      this.#nameBytes + slab.names.length <= this.names.length &&
      this.#targetBytes + slab.targets.length <= this.targets.length
    );
  }

  /** Appends a slab's entries; returns the index of the first. */
  append(slab: Slab): number {
    const [entries, nameBytes, targetBytes] = [this.#entries, this.#nameBytes, this.#targetBytes];
    if (slab.groups === METADATA) {
      // What most scans ask for.
      this.size.set(slab.size, 2 * entries);
      this.mtime.set(slab.mtime, 2 * entries);
    } else {
      for (const name of ATTRIBUTES) {
        const column = slab[name];
        if (column.length) this[name].set(column, entries * (column.length / slab.entries));
      }
      this.targets.set(slab.targets, targetBytes);
      for (let i = 0; i < slab.targetEnd.length; i++)
        this.targetEnd[entries + i] = slab.targetEnd[i] + targetBytes;
    }
    this.kind.set(slab.kind, entries);
    this.names.set(slab.names, nameBytes);
    for (let i = 0; i < slab.entries; i++) this.nameEnd[entries + i] = slab.nameEnd[i] + nameBytes;
    this.#entries += slab.entries;
    this.#nameBytes += slab.names.length;
    this.#targetBytes += slab.targets.length;
    return entries;
  }

  /** Releases unused space of names and targets; nothing may be appended afterwards. */
  close(): void {
    this.names = this.names.slice(0, this.#nameBytes);
    this.targets = this.targets.slice(0, this.#targetBytes);
  }
}
