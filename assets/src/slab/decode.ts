// Decodes a slab: checks it and lays typed arrays over its bytes, without copying them. The format
// is described in guides/slab-format.md. checks.ts checks the contents of columns, entry.ts reads
// one entry.
import { checkColumns } from "./checks.js";
import { DISK, INODE, METADATA, MODE, NO_ATTRIBUTES, OWNER, TARGET, TIMES } from "./slab.js";
import type { Slab } from "./slab.js";

export class DecodeError extends Error {
  override name = "DecodeError";
}

const HEADER = 40;
// "ASLB", read as a little-endian number.
const MAGIC = 0x424c5341;

/**
 * Checks a slab and lays typed arrays over it. Throws `DecodeError` if anything is wrong, so that
 * no later read can be out of bounds. Bytes that do not begin at a multiple of 8 in their buffer
 * are copied once.
 */
export function decodeSlab(input: ArrayBuffer | Uint8Array): Slab {
  let bytes = input instanceof Uint8Array ? input : new Uint8Array(input);
  if (bytes.byteOffset % 8) bytes = bytes.slice();
  const { buffer, byteOffset, byteLength } = bytes;
  if (byteLength < HEADER) throw new DecodeError(`${byteLength} bytes are too short for a header`);

  const header = new DataView(buffer, byteOffset, HEADER);
  const u32 = (at: number) => header.getUint32(at, true);
  const version = header.getUint16(4, true);
  const groups = header.getUint16(6, true);
  if (u32(0) !== MAGIC) throw new DecodeError("does not begin with ASLB");
  if (version !== 1) throw new DecodeError(`version ${version} is not known`);
  // All groups need the first one.
  if (groups > 127 || (groups && !(groups & METADATA)))
    throw new DecodeError(`flags ${groups} are not known`);
  const [records, entries, pathBytes, nameBytes] = [u32(16), u32(20), u32(24), u32(28)];
  const targetBytes = u32(32);
  if ((targetBytes && !(groups & TARGET)) || u32(36))
    throw new DecodeError("the reserved field is not zero");

  /** Number of entries in the columns of a group. */
  const of = (group: number) => (groups & group ? entries : 0);
  const total =
    HEADER +
    8 * (2 * of(METADATA) + of(DISK) + of(INODE) + 2 * of(TIMES)) +
    padded(2 * of(MODE)) +
    padded(4 * of(INODE)) * 2 +
    padded(4 * of(OWNER)) * 2 +
    padded(4 * of(TARGET)) +
    3 * padded(4 * records) +
    padded(4 * entries) +
    padded(entries) +
    padded(pathBytes) +
    padded(nameBytes) +
    padded(targetBytes);
  if (total !== byteLength)
    throw new DecodeError(`${byteLength} bytes, where the header's counts make ${total}`);

  let at = HEADER;
  const take = (name: string, length: number) => {
    const start = at;
    at += padded(length);
    for (let i = start + length; i < at; i++)
      if (bytes[i]) throw new DecodeError(`${name}: the padding is not zero`);
    return byteOffset + start;
  };
  // Typed arrays have the machine's byte order: little-endian, as a slab's, wherever browsers run.
  const words = (name: string, count: number) =>
    new Uint32Array(buffer, take(name, 4 * count), count);
  const octets = (name: string, count: number) => new Uint8Array(buffer, take(name, count), count);
  const { mode, targets } = NO_ATTRIBUTES;
  // Most slabs have few groups, and a view of nothing costs as much as any other.
  const some = (name: string, count: number) => (count ? words(name, count) : NO_ATTRIBUTES.size);

  // In the order of the format.
  const slab: Slab = {
    tag: u32(8),
    sequence: u32(12),
    groups,
    records,
    entries,
    size: words("size", 2 * of(METADATA)),
    mtime: words("mtime", 2 * of(METADATA)),
    disk: some("disk", 2 * of(DISK)),
    inode: some("inode", 2 * of(INODE)),
    device: some("device", of(INODE)),
    nlink: some("nlink", of(INODE)),
    mode: of(MODE) ? new Uint16Array(buffer, take("mode", 2 * entries), entries) : mode,
    ctime: some("ctime", 2 * of(TIMES)),
    btime: some("btime", 2 * of(TIMES)),
    uid: some("uid", of(OWNER)),
    gid: some("gid", of(OWNER)),
    targetEnd: some("target_end", of(TARGET)),
    entriesEnd: words("dir_entries_end", records),
    pathEnd: words("dir_path_end", records),
    status: words("dir_status", records),
    nameEnd: words("name_end", entries),
    kind: octets("kind", entries),
    paths: octets("paths", pathBytes),
    names: octets("names", nameBytes),
    targets: targetBytes ? octets("targets", targetBytes) : targets,
  };
  const defect = checkColumns(slab);
  if (defect) throw new DecodeError(defect);
  return slab;
}

const padded = (length: number) => Math.ceil(length / 8) * 8;
