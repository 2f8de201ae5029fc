// Compares names as bytes: ASCII letters without case, runs of digits by value, everything else by
// byte; names that are equal by that, by all bytes. The order is total, and the same in all
// locales.
import { encoder } from "../text/encoding.js";

export const isDigit = (byte: number): boolean => byte >= 48 && byte <= 57;
export const fold = (byte: number): number => (byte >= 65 && byte <= 90 ? byte + 32 : byte);

export function compareNames(
  a: Uint8Array,
  aStart: number,
  aEnd: number,
  b: Uint8Array,
  bStart: number,
  bEnd: number,
): number {
  let i = aStart;
  let j = bStart;
  while (i < aEnd && j < bEnd) {
    if (isDigit(a[i]) && isDigit(b[j])) {
      while (i < aEnd && a[i] === 48) i++;
      while (j < bEnd && b[j] === 48) j++;
      // The longer number is larger; at equal length the first digit that differs decides.
      let difference = 0;
      for (; i < aEnd && j < bEnd && isDigit(a[i]) && isDigit(b[j]); i++, j++)
        difference ||= a[i] - b[j];
      if (i < aEnd && isDigit(a[i])) return 1;
      if (j < bEnd && isDigit(b[j])) return -1;
      if (difference) return difference;
    } else {
      const difference = fold(a[i++]) - fold(b[j++]);
      if (difference) return difference;
    }
  }
  if (i < aEnd || j < bEnd) return i < aEnd ? 1 : -1;
  for (i = aStart, j = bStart; i < aEnd && j < bEnd; i++, j++)
    if (a[i] !== b[j]) return a[i] - b[j];
  return aEnd - i - (bEnd - j);
}

/** Typed text as case-folded bytes, to compare with names. */
export const foldText = (text: string): Uint8Array => encoder.encode(text).map(fold);

const BITS = 52;

/**
 * The beginning of a name as a number that sorts like the name: the name with the smaller key comes
 * first; names with equal keys must be compared. A run of digits is encoded as "0", its length, and
 * four bits per digit.
 */
export function keyOf(names: Uint8Array, start: number, end: number): number {
  let key = 0;
  let room = BITS;
  for (let at = start; at < end && room;) {
    const byte = names[at++];
    if (!isDigit(byte)) {
      if (room < 8) return key * 2 ** room + (fold(byte) >> (8 - room));
      key = key * 256 + fold(byte);
      room -= 8;
      continue;
    }
    let digits = at - 1;
    while (digits < end && names[digits] === 48) digits++;
    for (at = digits; at < end && isDigit(names[at]);) at++;
    const length = at - digits;
    // The rest is left to the comparison, and so is the length of a very long run.
    if (room < 16) return (key * 256 + 48) * 2 ** (room - 8);
    key = (key * 256 + 48) * 256 + Math.min(length, 255);
    room -= 16;
    if (length >= 255) break;
    for (; digits < at && room >= 4; digits++, room -= 4) key = key * 16 + names[digits] - 48;
    if (digits < at) break;
  }
  return key * 2 ** room;
}
