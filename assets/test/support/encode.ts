// Encodes slabs for tests, according to guides/slab-format.md: the opposite of src/slab/decode.ts.
import { encodeText } from "../../src/text/encoding.js";

export interface EntrySpec {
  name: string;
  /** Default 1, a file; 0x80 is set if metadata is unknown. */
  kind?: number;
  size?: bigint | number;
  /** Nanoseconds. */
  mtime?: bigint | number;
  disk?: bigint | number;
  inode?: bigint | number;
  device?: number;
  nlink?: number;
  mode?: number;
  /** Nanoseconds. */
  ctime?: bigint | number;
  btime?: bigint | number;
  uid?: number;
  gid?: number;
  target?: string;
}

export interface RecordSpec {
  path: string;
  /** Default 1, complete. */
  status?: number;
  entries?: EntrySpec[];
}

export interface SlabSpec {
  tag?: number;
  sequence?: number;
  metadata?: boolean;
  /** Flags of further groups of attributes. */
  groups?: number;
  records: RecordSpec[];
}

export function encodeSlab({
  tag = 1,
  sequence = 0,
  metadata = true,
  groups = 0,
  records,
}: SlabSpec): ArrayBuffer {
  const entries = records.flatMap((record) => record.entries ?? []);
  const paths = records.map((record) => encodeText(record.path));
  const names = entries.map((entry) => encodeText(entry.name));
  const pathBytes = sum(paths.map((path) => path.length));
  const nameBytes = sum(names.map((name) => name.length));
  const [d, n] = [records.length, entries.length];
  const padded = (length: number) => (length + 7) & ~7;
  const flags = groups | Number(metadata);
  const columns = ATTRIBUTES.filter(([, group]) => flags & group);
  const targets = entries.map((entry) => encodeText(entry.target ?? ""));
  const hasTargets = (flags & 32) > 0;
  const targetBytes = hasTargets ? sum(targets.map((target) => target.length)) : 0;
  const total =
    40 +
    sum(columns.map(([, , width]) => padded(width * n))) +
    (hasTargets ? padded(4 * n) + padded(targetBytes) : 0) +
    3 * padded(4 * d) +
    padded(4 * n) +
    padded(n) +
    padded(pathBytes) +
    padded(nameBytes);
  const buffer = new ArrayBuffer(total);
  const view = new DataView(buffer);
  const bytes = new Uint8Array(buffer);

  view.setUint32(0, 0x424c5341, true);
  view.setUint16(4, 1, true);
  view.setUint16(6, flags, true);
  [tag, sequence, d, n, pathBytes, nameBytes, targetBytes].forEach((value, i) =>
    view.setUint32(8 + 4 * i, value, true),
  );

  let at = 40;
  const u32s = (values: number[]) => {
    values.forEach((value, i) => view.setUint32(at + 4 * i, value, true));
    at += padded(4 * values.length);
  };
  const blob = (parts: Uint8Array[], length: number) => {
    let to = at;
    for (const part of parts) {
      bytes.set(part, to);
      to += part.length;
    }
    at += padded(length);
  };
  for (const [name, , width] of columns) {
    entries.forEach((entry, i) => {
      const value = BigInt(entry[name] ?? 0);
      if (width === 8) view.setBigUint64(at + 8 * i, BigInt.asUintN(64, value), true);
      else if (width === 4) view.setUint32(at + 4 * i, Number(value), true);
      else view.setUint16(at + 2 * i, Number(value), true);
    });
    at += padded(width * n);
  }
  if (hasTargets) u32s(ends(targets.map((target) => target.length)));
  u32s(ends(records.map((record) => record.entries?.length ?? 0)));
  u32s(ends(paths.map((path) => path.length)));
  u32s(records.map((record) => record.status ?? 1));
  u32s(ends(names.map((name) => name.length)));
  bytes.set(
    entries.map((entry) => entry.kind ?? 1),
    at,
  );
  at += padded(n);
  blob(paths, pathBytes);
  blob(names, nameBytes);
  if (hasTargets) blob(targets, targetBytes);
  return buffer;
}

/** Columns in the order of the format: name, flag of the group, bytes of a value. */
const ATTRIBUTES = [
  ["size", 1, 8],
  ["mtime", 1, 8],
  ["disk", 2, 8],
  ["inode", 4, 8],
  ["device", 4, 4],
  ["nlink", 4, 4],
  ["mode", 8, 2],
  ["ctime", 16, 8],
  ["btime", 16, 8],
  ["uid", 64, 4],
  ["gid", 64, 4],
] as const;

const sum = (values: number[]) => values.reduce((a, b) => a + b, 0);

function ends(lengths: number[]): number[] {
  let end = 0;
  return lengths.map((length) => (end += length));
}
