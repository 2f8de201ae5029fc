import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compareNames, foldText, keyOf } from "../src/tree/compare.js";
import { Listing } from "../src/tree/listing.js";
import { ColumnBuffer } from "../src/tree/column-buffer.js";
import { decodeSlab, decodeText, encodeText, nameOf } from "../src/index.js";
import { sortListing } from "../src/tree/sort.js";
import { encodeSlab, type EntrySpec } from "./support/encode.js";

/** The same order computed differently: token by token, with numbers as big integers. */
function oracle(a: string, b: string): number {
  const tokens = (text: string) =>
    [...latin1(foldText(text)).matchAll(/[0-9]+|[^0-9]/g)].map(([token]) => token);
  const [left, right] = [tokens(a), tokens(b)];
  for (let i = 0; i < Math.min(left.length, right.length); i++) {
    const bothNumbers = /^\d/.test(left[i]) && /^\d/.test(right[i]);
    const difference = bothNumbers
      ? Number(BigInt(left[i]) - BigInt(right[i]))
      : left[i].charCodeAt(0) - right[i].charCodeAt(0);
    if (difference) return difference;
  }
  return left.length - right.length || (latin1(encodeText(a)) < latin1(encodeText(b)) ? -1 : 1);
}

const latin1 = (bytes: Uint8Array) => Buffer.from(bytes).toString("latin1");

// Few letters, so that names are similar.
const name = fc.oneof(
  { weight: 6, arbitrary: fc.stringMatching(/^[aAbB019._-]{1,12}$/) },
  { weight: 3, arbitrary: fc.stringMatching(/^IMG_00[0-9]{1,14}[a-c]?$/) },
  { weight: 1, arbitrary: fc.string({ minLength: 1, maxLength: 8, unit: "binary" }) },
  { weight: 1, arbitrary: fc.nat(600).map((n) => "7".repeat(n + 1)) },
);
const usable = name
  .map((text) => decodeText(encodeText(text).map((byte) => byte || 32)).replaceAll("/", "|"))
  .filter((text) => text !== "." && text !== "..");

/** A listing of several pieces, in separate buffers or in one. */
function listingOf(parts: EntrySpec[][], isApart: boolean): Listing {
  const listing = new Listing();
  let buffer: ColumnBuffer | undefined;
  for (const entries of parts) {
    const slab = decodeSlab(encodeSlab({ records: [{ path: "", entries }] }));
    if (isApart || !buffer) buffer = new ColumnBuffer(slab);
    listing.append(buffer, buffer.append(slab), slab.entries);
  }
  return listing;
}

describe("sorting", () => {
  it("agrees with the comparison", () => {
    const entry = fc.record({ name: usable, kind: fc.constantFrom(1, 2, 3) });
    fc.assert(
      fc.property(
        fc.array(fc.uniqueArray(entry, { selector: (e) => e.name, maxLength: 40 }), {
          minLength: 1,
          maxLength: 5,
        }),
        fc.boolean(),
        (parts, isApart) => {
          const all = parts.flat();
          const listing = listingOf(parts, isApart);
          const order = finish(sortListing(listing, listing.count));
          const expected = all
            .map((_, ordinal) => ordinal)
            .sort((a, b) => {
              const rank = (i: number) => (all[i].kind === 2 ? 0 : 1);
              if (rank(a) !== rank(b)) return rank(a) - rank(b);
              return all[a].name === all[b].name ? a - b : oracle(all[a].name, all[b].name);
            });
          expect([...order]).toEqual(expected);
        },
      ),
      { numRuns: 500 },
    );
  });

  it("handles many names, in pieces, in any order", () => {
    const numbers = Array.from({ length: 30_000 }, (_, i) => (i * 7919) % 30_000);
    const parts = [0, 1, 2].map((part) =>
      numbers.slice(part * 10_000, (part + 1) * 10_000).map((n) => ({ name: `file-${n}.txt` })),
    );
    const listing = listingOf(parts, true);
    const order = finish(sortListing(listing, listing.count));
    const sorted = Array.from(order, (ordinal) => {
      const { columns, entry } = listing.at(ordinal);
      return nameOf(columns, entry);
    });
    expect(sorted).toEqual(Array.from({ length: 30_000 }, (_, n) => `file-${n}.txt`));
  });

  it("pauses", () => {
    const entries = Array.from({ length: 50_000 }, (_, i) => ({ name: `${(i * 7919) % 50_000}` }));
    const listing = listingOf([entries], false);
    let pauses = 0;
    for (const task = sortListing(listing, listing.count); !task.next().done;) pauses++;
    expect(pauses).toBeGreaterThan(100);
  });
});

describe("keys", () => {
  it("agree with the comparison", () => {
    fc.assert(
      fc.property(usable, usable, (a, b) => {
        const [x, y] = [encodeText(a), encodeText(b)];
        const [keyX, keyY] = [keyOf(x, 0, x.length), keyOf(y, 0, y.length)];
        const order = compareNames(x, 0, x.length, y, 0, y.length);
        if (keyX < keyY) expect(order).toBeLessThan(0);
        if (keyX > keyY) expect(order).toBeGreaterThan(0);
      }),
      { numRuns: 5000 },
    );
  });
});

function finish<T>(task: Generator<void, T>): T {
  for (;;) {
    const step = task.next();
    if (step.done) return step.value;
  }
}
