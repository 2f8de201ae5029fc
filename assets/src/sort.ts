// Sorts a listing: directories first, then by name (compare.ts). A generator, so that whoever runs
// it can stop after some milliseconds and go on in the next frame: a million names take longer than
// any frame has.
import { compareNames, fold, isDigit, keyOf } from "./compare.js";
import { DIRECTORY } from "./entry.js";
import type { Listing } from "./listing.js";

/** Steps between two yields, a fraction of a millisecond. */
export const STEPS = 4096;
const RUN = 8;

/** The ordinals of the first `count` entries, in order. */
export function* sortListing(listing: Listing, count: number): Generator<void, Uint32Array> {
  const keys = new Float64Array(count);
  yield* writeKeys(listing, keys);

  let order = new Uint32Array(count);
  for (let i = 0; i < count; i++) order[i] = i;
  let steps = 0;
  // What is compared by key alone is cheap, and the rest is counted as more.
  const before = (a: number, b: number) => {
    if (keys[a] !== keys[b]) return keys[a] < keys[b];
    steps += 8;
    return compareOrdinals(listing, a, b) < 0;
  };

  for (let start = 0; start < count; start += RUN) {
    const end = Math.min(start + RUN, count);
    for (let i = start + 1; i < end; i++) {
      const ordinal = order[i];
      let at = i;
      for (; at > start && before(ordinal, order[at - 1]); at--) order[at] = order[at - 1];
      order[at] = ordinal;
    }
    if ((steps += 16) >= STEPS) yield void (steps = 0);
  }

  let spare = new Uint32Array(count);
  for (let width = RUN; width < count; width *= 2) {
    for (let start = 0; start < count; start += 2 * width) {
      const middle = Math.min(start + width, count);
      const end = Math.min(middle + width, count);
      let [left, right, to] = [start, middle, start];
      // Often they already follow each other: file systems hand out names in an order, too.
      if (middle < end && before(order[middle], order[middle - 1]))
        while (left < middle && right < end) {
          spare[to++] = before(order[right], order[left]) ? order[right++] : order[left++];
          if (++steps >= STEPS) yield void (steps = 0);
        }
      spare.set(order.subarray(left, middle), to);
      spare.set(order.subarray(right, end), to + middle - left);
      if ((steps += 16) >= STEPS) yield void (steps = 0);
    }
    [order, spare] = [spare, order];
  }
  return order;
}

/** A key for each name, from where the names begin to differ. */
function* writeKeys(listing: Listing, keys: Float64Array): Generator<void, void> {
  const common = yield* commonPrefix(listing, keys.length);
  for (let p = 0; p < listing.pieces.length; p++) {
    const { page, start, shift } = listing.pieces[p];
    const end = Math.min(listing.endOf(p), keys.length);
    for (let ordinal = start; ordinal < end; ordinal++) {
      const i = ordinal + shift;
      const from = i ? page.nameEnd[i - 1] : 0;
      const rank = (page.kind[i] & 15) === DIRECTORY ? 0 : 2 ** 52;
      keys[ordinal] = rank + keyOf(page.names, from + common, page.nameEnd[i]);
      if (ordinal % STEPS === STEPS - 1) yield;
    }
  }
}

/** How many bytes all names begin with alike, without the half of a run of digits. */
function* commonPrefix(listing: Listing, count: number): Generator<void, number> {
  let first: Uint8Array = new Uint8Array();
  let common = Infinity;
  for (let p = 0; p < listing.pieces.length && common; p++) {
    const { page, start, shift } = listing.pieces[p];
    const end = Math.min(listing.endOf(p), count);
    for (let ordinal = start; ordinal < end && common; ordinal++) {
      const i = ordinal + shift;
      const from = i ? page.nameEnd[i - 1] : 0;
      if (ordinal === 0) first = page.names.subarray(from, page.nameEnd[i]);
      common = Math.min(common, page.nameEnd[i] - from);
      let same = 0;
      while (same < common && fold(page.names[from + same]) === fold(first[same])) same++;
      common = same;
      if (ordinal % STEPS === STEPS - 1) yield;
    }
  }
  if (!count) return 0;
  while (common && isDigit(first[common - 1])) common--;
  return common;
}

function compareOrdinals(listing: Listing, a: number, b: number): number {
  const pieceA = listing.pieceOf(a);
  const pieceB = listing.pieceOf(b);
  const i = a + pieceA.shift;
  const j = b + pieceB.shift;
  const endsA = pieceA.page.nameEnd;
  const endsB = pieceB.page.nameEnd;
  return (
    compareNames(
      pieceA.page.names,
      i ? endsA[i - 1] : 0,
      endsA[i],
      pieceB.page.names,
      j ? endsB[j - 1] : 0,
      endsB[j],
    ) || a - b
  );
}
