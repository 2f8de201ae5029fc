// Sorts a listing: directories first, then by name (compare.ts). A generator, so that the caller
// can stop after a few milliseconds and continue in the next frame: a million names take longer
// than a frame.
//
// Names are compared by numeric keys, which encode the beginning of what follows their common
// prefix. Names with equal keys are then sorted among themselves in the same way.
import { compareNames, fold, isDigit, keyOf } from "./compare.js";
import type { Listing } from "./listing.js";

/** Number of steps between two yields; they take a fraction of a millisecond. */
export const STEPS = 4096;
/** The same where each step decodes a name. */
export const FEWER_STEPS = 512;
/** Maximum number of names with equal keys that are compared directly. */
const MAX_DIRECT = 12;

/** The ordinals of the first `count` entries, in order. */
export function* sortListing(listing: Listing, count: number): Generator<void, Uint32Array> {
  const order = new Uint32Array(count);
  for (let i = 0; i < count; i++) {
    order[i] = i;
    if (i % STEPS === 0) yield;
  }
  // The key of each place in `order`, moved along with it.
  const keys = new Float64Array(count);
  const spareOrder = new Uint32Array(count);
  const spareKeys = new Float64Array(count);
  let steps = 0;
  const isTime = () => steps >= STEPS && !(steps = 0);

  yield* sort(0, count);
  return order;

  function* sort(from: number, to: number): Generator<void, void> {
    if (to - from < 2) return;
    const common = yield* commonPrefix(from, to);
    for (let i = from; i < to; i++) {
      const { names, start, end, isFolder } = listing.at(order[i]);
      keys[i] = (isFolder ? 0 : 2 ** 52) + keyOf(names, start + common, end);
      steps += 4;
      if (isTime()) yield;
    }
    yield* merge(from, to, false);
    for (let start = from, end = from; start < to; start = end) {
      while (end < to && keys[end] === keys[start]) end++;
      if (++steps >= STEPS && isTime()) yield;
      if (end - start === 1) continue;
      if (end - start > MAX_DIRECT && end - start < to - from) yield* sort(start, end);
      // Or the keys cannot distinguish them: "a" and "A", or 1 and 01.
      else yield* merge(start, end, true);
    }
  }

  /** Length of the common prefix of all names, not ending within a run of digits. */
  function* commonPrefix(from: number, to: number): Generator<void, number> {
    const { names: first, start: origin, end } = listing.at(order[from]);
    let common = end - origin;
    for (let i = from; i < to && common; i++) {
      const { names, start, end } = listing.at(order[i]);
      const most = Math.min(common, end - start);
      for (common = 0; common < most; common++) {
        const [a, b] = [names[start + common], first[origin + common]];
        if (a !== b && fold(a) !== fold(b)) break;
      }
      steps += 2;
      if (isTime()) yield;
    }
    while (common && isDigit(first[origin + common - 1])) common--;
    return common;
  }

  /** Merge sort, bottom-up: by key, and with `byName` also by name. */
  function* merge(from: number, to: number, byName: boolean): Generator<void, void> {
    for (let width = 1; width < to - from; width *= 2) {
      for (let start = from; start + width < to; start += 2 * width) {
        const middle = start + width;
        const end = Math.min(middle + width, to);
        const [before, after] = [middle - 1, middle];
        // Often the halves are in order already: file systems return names in some order, too.
        if (!isBefore(keys[after], order[after], keys[before], order[before], byName)) continue;
        spareOrder.set(order.subarray(start, middle), start);
        spareKeys.set(keys.subarray(start, middle), start);
        for (let left = start, right = middle, at = start; left < middle; at++) {
          if (
            right < end &&
            isBefore(keys[right], order[right], spareKeys[left], spareOrder[left], byName)
          ) {
            keys[at] = keys[right];
            order[at] = order[right++];
          } else {
            keys[at] = spareKeys[left];
            order[at] = spareOrder[left++];
          }
          if (++steps >= STEPS && isTime()) yield;
        }
        steps += 8;
        if (isTime()) yield;
      }
    }
  }

  function isBefore(
    key: number,
    ordinal: number,
    otherKey: number,
    other: number,
    byName: boolean,
  ) {
    if (key !== otherKey || !byName) return key < otherKey;
    steps += 8;
    const { names, start, end } = listing.at(ordinal);
    const b = listing.at(other);
    const order = compareNames(names, start, end, b.names, b.start, b.end) || ordinal - other;
    return order < 0;
  }
}
