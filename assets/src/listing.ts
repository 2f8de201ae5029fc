// The entries of one directory as one scan saw them, in the order in which they came. An entry is
// known by its ordinal, its place in that order; it lies in one of the pieces.
import type { Columns } from "./slab.js";

/** The listing's last record is yet to come. */
export const OPEN = 0;
export const COMPLETE = 1;
export const OTHER_FILE_SYSTEM = 2;
export const OWN_ANCESTOR = 3;
export const VANISHED = 4;
export const KEPT_CHANGING = 5;
/** Beyond it, an errno of Linux. */
export const ERRNO = 256;
/** The scan ended before the listing did. No status of a slab. */
export const CUT_SHORT = -1;

/** Asking again may help. */
export const isFailure = (status: number): boolean =>
  status === CUT_SHORT || status === VANISHED || status > ERRNO;

/** Entries that lie together: `ordinal + shift` is their place in the page. */
export interface Piece {
  readonly page: Columns;
  readonly start: number;
  readonly shift: number;
}

const NONE: Piece[] = [];

export class Listing {
  count = 0;
  /** A status of the slab format, or CUT_SHORT. */
  status = OPEN;
  // An array literal for the first, since one that grew has room for many.
  pieces = NONE;

  append(page: Columns, from: number, count: number): void {
    if (!count) return;
    const shift = from - this.count;
    const last = this.pieces.at(-1);
    if (!last) this.pieces = [{ page, start: 0, shift }];
    else if (last.page !== page || last.shift !== shift)
      this.pieces.push({ page, start: this.count, shift });
    this.count += count;
  }

  pieceOf(ordinal: number): Piece {
    const { pieces } = this;
    let low = 0;
    for (let high = pieces.length - 1; low < high;) {
      const middle = (low + high + 1) >> 1;
      if (pieces[middle].start <= ordinal) low = middle;
      else high = middle - 1;
    }
    return pieces[low];
  }

  /** Where the entries of a piece end, as an ordinal. */
  endOf(piece: number): number {
    return this.pieces[piece + 1]?.start ?? this.count;
  }
}
