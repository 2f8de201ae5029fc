import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  btimeOf,
  ctimeOf,
  DecodeError,
  decodeSlab,
  decodeText,
  deviceOf,
  diskOf,
  encodeText,
  exactMtimeOf,
  exactSizeOf,
  firstEntry,
  gidOf,
  inodeOf,
  modeOf,
  mtimeOf,
  nameBytes,
  nameOf,
  nlinkOf,
  pathBytes,
  sizeOf,
  targetBytes,
  targetOf,
  uidOf,
  type Slab,
} from "../src/index.js";
import { encodeSlab } from "./support/encode.js";
import { damaged, damages, golden, goldenNames, reading, type Reading } from "./support/golden.js";

const base64 = (bytes: Uint8Array) => Buffer.from(bytes).toString("base64");

/** Everything in a slab, in the shape of the golden readings. */
function read(slab: Slab) {
  return Array.from({ length: slab.records }, (_, record) => ({
    path: base64(pathBytes(slab, record)),
    status: slab.status[record],
    entries: Array.from({ length: slab.entriesEnd[record] - firstEntry(slab, record) }, (_, i) => {
      const entry = firstEntry(slab, record) + i;
      return {
        name: base64(nameBytes(slab, entry)),
        kind: slab.kind[entry] & 15,
        size: exactSizeOf(slab, entry),
        mtime: exactMtimeOf(slab, entry),
        disk: diskOf(slab, entry),
        inode: inodeOf(slab, entry),
        device: deviceOf(slab, entry),
        nlink: nlinkOf(slab, entry),
        mode: modeOf(slab, entry),
        ctime: ctimeOf(slab, entry),
        btime: btimeOf(slab, entry),
        uid: uidOf(slab, entry),
        gid: gidOf(slab, entry),
        target: base64(targetBytes(slab, entry)),
      };
    }),
  }));
}

/** The same of an entry of a golden reading: null where it has no such column, or nothing is known. */
function expectedOf(entry: Reading["records"][0]["entries"][0]) {
  const known = <T, V>(value: T | undefined, convert: (value: T) => V) =>
    entry.metadata_known && value !== undefined ? convert(value) : null;
  const time = (ns: string | undefined) => known(ns, (ns) => Number(BigInt(ns)) / 1e6);
  return {
    name: entry.name_base64,
    kind: entry.kind,
    size: known(entry.size, BigInt),
    mtime: known(entry.mtime_ns, BigInt),
    disk: known(entry.disk, Number),
    inode: known(entry.inode, BigInt),
    device: known(entry.device, Number),
    nlink: known(entry.nlink, Number),
    mode: known(entry.mode, Number),
    ctime: time(entry.ctime_ns),
    // Of a file system that keeps none.
    btime: entry.btime_ns === "-9223372036854775808" ? null : time(entry.btime_ns),
    uid: known(entry.uid, Number),
    gid: known(entry.gid, Number),
    target: entry.target_base64 ?? "",
  };
}

describe("golden slabs", () => {
  it.each(goldenNames)("%s", (name) => {
    const slab = decodeSlab(golden(name));
    const expected = reading(name);
    expect([slab.tag, slab.sequence, slab.records, slab.entries]).toEqual([
      expected.tag,
      expected.sequence,
      expected.directories,
      expected.entries,
    ]);
    expect(read(slab)).toEqual(
      expected.records.map((record) => ({
        path: record.path_base64 ?? base64(Buffer.from(record.path!)),
        status: record.status,
        entries: record.entries.map(expectedOf),
      })),
    );
  });

  it("gives sizes as numbers and times in milliseconds", () => {
    const slab = decodeSlab(golden("slab-v1"));
    expect([0, 1, 3, 5].map((entry) => sizeOf(slab, entry))).toEqual([5, 4096, null, 2 ** 33]);
    expect(mtimeOf(slab, 0)).toBeCloseTo(1700000000123.4568, 3);
    expect([1, 2, 3].map((entry) => mtimeOf(slab, entry))).toEqual([-500, 0, null]);
  });
});

describe("attributes", () => {
  it("are as they were encoded, in any set of groups", () => {
    const u64 = fc.bigInt(0n, 2n ** 64n - 1n);
    const i64 = fc.bigInt(-(2n ** 63n), 2n ** 63n - 1n);
    const u32 = fc.nat(2 ** 32 - 1);
    const target = fc
      .uint8Array({ maxLength: 20 })
      .map((bytes) => decodeText(bytes.map((byte) => byte || 1)));
    const kind = fc.constantFrom(1, 2, 3, 4);
    const entry = fc
      .record({ kind, disk: u64, inode: u64, ctime: i64, btime: i64, target, mode: fc.nat(65535) })
      .chain((entry) =>
        fc.record({ device: u32, nlink: u32, uid: u32, gid: u32 }).map((more) => ({
          ...entry,
          ...more,
          name: "n",
          target: entry.kind === 3 ? entry.target : "",
        })),
      );
    const groups = fc.nat(63).map((groups) => 2 * groups);
    fc.assert(
      fc.property(groups, fc.array(entry, { maxLength: 9 }), (groups, entries) => {
        const slab = decodeSlab(encodeSlab({ groups, records: [{ path: "", entries }] }));
        expect(slab.groups).toBe(groups | 1);
        entries.forEach((entry, i) => {
          const has = <T>(group: number, value: T) => (groups & group ? value : null);
          expect(diskOf(slab, i)).toBe(has(2, Number(entry.disk)));
          expect(inodeOf(slab, i)).toBe(has(4, entry.inode));
          expect(deviceOf(slab, i)).toBe(has(4, entry.device));
          expect(nlinkOf(slab, i)).toBe(has(4, entry.nlink));
          expect(modeOf(slab, i)).toBe(has(8, entry.mode));
          expect(ctimeOf(slab, i)).toBe(has(16, Number(entry.ctime) / 1e6));
          const hasBtime = entry.btime !== -(2n ** 63n);
          expect(btimeOf(slab, i)).toBe(has(16, hasBtime ? Number(entry.btime) / 1e6 : null));
          expect(uidOf(slab, i)).toBe(has(64, entry.uid));
          expect(gidOf(slab, i)).toBe(has(64, entry.gid));
          expect(targetOf(slab, i)).toBe(has(32, entry.target) ?? "");
        });
      }),
    );
  });

  it("of a slab without entries may not have targets", () => {
    const bytes = encodeSlab({ groups: 32, records: [{ path: "", entries: [] }] });
    const longer = new Uint8Array(bytes.byteLength + 8);
    longer.set(new Uint8Array(bytes));
    longer[32] = 1;
    expect(() => decodeSlab(longer)).toThrow("target_end: ends at 0 instead of 1");
  });
});

describe("damaged slabs", () => {
  it.each(Object.entries(damages))("%s: %s", (name, words) => {
    expect(() => decodeSlab(damaged(name))).toThrow(new DecodeError(words));
  });

  it("any changed byte leads to another slab or a DecodeError", () => {
    const names = goldenNames.filter((name) => golden(name).byteLength < 8000);
    const change = fc.record({ at: fc.nat(), to: fc.nat(255) });
    fc.assert(
      fc.property(
        fc.constantFrom(...names),
        fc.array(change, { minLength: 1, maxLength: 4 }),
        (name, changes) => {
          const bytes = new Uint8Array(golden(name));
          for (const { at, to } of changes) bytes[at % bytes.length] = to;
          readOrDecodeError(bytes);
        },
      ),
      { numRuns: 3000 },
    );
  });

  it("arbitrary bytes do too, with or without a valid header", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), fc.boolean(), (bytes, withHeader) => {
        if (withHeader && bytes.length >= 8) bytes.set([65, 83, 76, 66, 1, 0, bytes[6] & 127, 0]);
        readOrDecodeError(bytes);
      }),
      { numRuns: 2000 },
    );
  });

  function readOrDecodeError(bytes: Uint8Array) {
    let slab: Slab;
    try {
      slab = decodeSlab(bytes);
    } catch (error) {
      expect(error).toBeInstanceOf(DecodeError);
      return;
    }
    read(slab);
  }
});

describe("views", () => {
  it("use the buffer that arrived", () => {
    const buffer = golden("slab-v1");
    const slab = decodeSlab(buffer);
    for (const column of [slab.size, slab.nameEnd, slab.kind, slab.names, slab.paths])
      expect(column.buffer).toBe(buffer);
  });

  it("are aligned even if the bytes were not", () => {
    const bytes = new Uint8Array(golden("names").byteLength + 3);
    bytes.set(new Uint8Array(golden("names")), 3);
    expect(read(decodeSlab(bytes.subarray(3)))).toEqual(read(decodeSlab(golden("names"))));
  });
});

describe("text", () => {
  it("keeps every byte", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
        expect(encodeText(decodeText(bytes))).toEqual(bytes);
      }),
    );
  });

  it("is the same text if it was UTF-8", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        expect(decodeText(new TextEncoder().encode(text))).toBe(text);
      }),
    );
  });

  it("survives a slab", () => {
    const name = fc
      .uint8Array({ minLength: 1, maxLength: 20 })
      .map((bytes) => decodeText(bytes.map((byte) => (byte === 0 || byte === 47 ? 32 : byte))))
      .filter((text) => text !== "." && text !== "..");
    fc.assert(
      fc.property(fc.array(name, { maxLength: 20 }), (names) => {
        const entries = names.map((name) => ({ name }));
        const slab = decodeSlab(encodeSlab({ records: [{ path: "", entries }] }));
        expect(names.map((_, i) => nameOf(slab, i))).toEqual(names);
      }),
    );
  });
});
