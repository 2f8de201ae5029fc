// Encodes slabs for tests, according to guides/slab-format.md: the opposite of src/slab/decode.ts.
import { encodeText } from "../../src/text/encoding.js";

export interface EntrySpec {
  name: string;
  /** Default 1, a file; 0x80 is set if metadata is unknown. */
  kind?: number;
  size?: bigint | number;
  /** Nanoseconds. */
  mtime?: bigint | number;
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
  records: RecordSpec[];
}

export function encodeSlab({
  tag = 1,
  sequence = 0,
  metadata = true,
  records,
}: SlabSpec): ArrayBuffer {
  const entries = records.flatMap((record) => record.entries ?? []);
  const paths = records.map((record) => encodeText(record.path));
  const names = entries.map((entry) => encodeText(entry.name));
  const pathBytes = sum(paths.map((path) => path.length));
  const nameBytes = sum(names.map((name) => name.length));
  const [d, n] = [records.length, entries.length];
  const padded = (length: number) => (length + 7) & ~7;
  const metadataBytes = metadata ? 16 * n : 0;
  const total =
    40 +
    metadataBytes +
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
  view.setUint16(6, metadata ? 1 : 0, true);
  [tag, sequence, d, n, pathBytes, nameBytes].forEach((value, i) =>
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
  if (metadata) {
    entries.forEach((e, i) => view.setBigUint64(at + 8 * i, BigInt(e.size ?? 0), true));
    at += 8 * n;
    entries.forEach((e, i) => view.setBigInt64(at + 8 * i, BigInt(e.mtime ?? 0), true));
    at += 8 * n;
  }
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
  return buffer;
}

const sum = (values: number[]) => values.reduce((a, b) => a + b, 0);

function ends(lengths: number[]): number[] {
  let end = 0;
  return lengths.map((length) => (end += length));
}
