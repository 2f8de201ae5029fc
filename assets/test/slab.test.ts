import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  DecodeError,
  decodeSlab,
  decodeText,
  encodeText,
  exactMtimeOf,
  exactSizeOf,
  firstEntry,
  mtimeOf,
  nameBytes,
  nameOf,
  pathBytes,
  sizeOf,
  type Slab,
} from "../src/index.js";
import { encodeSlab } from "./support/encode.js";
import { damaged, damages, golden, goldenNames, reading } from "./support/golden.js";

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
      };
    }),
  }));
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
        entries: record.entries.map((entry) => ({
          name: entry.name_base64,
          kind: entry.kind,
          size: entry.metadata_known ? BigInt(entry.size) : null,
          mtime: entry.metadata_known ? BigInt(entry.mtime_ns) : null,
        })),
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
        if (withHeader && bytes.length >= 8) bytes.set([65, 83, 76, 66, 1, 0, bytes[6] & 1, 0]);
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
