// The entries of one directory as one scan listed them, in order of arrival. An entry is identified
// by its ordinal, its index in that order, and is stored in one of the pieces.
import { DIRECTORY } from "../slab/entry.js";
import type { Columns } from "../slab/slab.js";

/** The listing's closing record has not arrived. */
export const OPEN = 0;
export const COMPLETE = 1;
export const OTHER_FILE_SYSTEM = 2;
export const OWN_ANCESTOR = 3;
export const VANISHED = 4;
export const KEPT_CHANGING = 5;
/** Statuses above this are an errno of Linux plus this. */
export const ERRNO = 256;
/** The scan ended before the listing did. Not a status in a slab. */
export const CUT_SHORT = -1;

/** Whether to request the listing again when the folder is opened. */
export const isFailure = (status: number): boolean =>
  status === CUT_SHORT || status === VANISHED || status > ERRNO;

/** Consecutive entries in the same columns, at `ordinal + shift`. */
export interface Piece {
  readonly columns: Columns;
  readonly start: number;
  readonly shift: number;
}

const NONE: Piece[] = [];

export class Listing {
  count = 0;
  /** A status of the slab format, or CUT_SHORT. */
  status = OPEN;
  // The first piece is set as an array literal: an array that grew has room for many.
  pieces = NONE;

  append(columns: Columns, from: number, count: number): void {
    if (!count) return;
    const shift = from - this.count;
    const last = this.pieces.at(-1);
    if (!last) this.pieces = [{ columns, start: 0, shift }];
    else if (last.columns !== columns || last.shift !== shift)
      this.pieces.push({ columns, start: this.count, shift });
    this.count += count;
  }

  /** Where an entry is stored. Valid until the next call, on any listing. */
  at(ordinal: number): Place {
    if (place.listing !== this || ordinal < place.from || ordinal >= place.to) this.#find(ordinal);
    const { nameEnd, kind } = place.columns!;
    const entry = (place.entry = ordinal + place.shift);
    place.start = entry ? nameEnd[entry - 1] : 0;
    place.end = nameEnd[entry];
    place.isFolder = (kind[entry] & 15) === DIRECTORY;
    return place as Place;
  }

  #find(ordinal: number): void {
    const { pieces } = this;
    let low = 0;
    for (let high = pieces.length - 1; low < high;) {
      const middle = (low + high + 1) >> 1;
      if (pieces[middle].start <= ordinal) low = middle;
      else high = middle - 1;
    }
    const { columns, start, shift } = pieces[low];
    const to = pieces[low + 1]?.start ?? this.count;
    Object.assign(place, { listing: this, columns, names: columns.names, from: start, to, shift });
  }
}

/** Where an entry is stored. */
export interface Place {
  readonly columns: Columns;
  readonly entry: number;
  /** The name is `names` from `start` to before `end`. */
  readonly names: Uint8Array;
  readonly start: number;
  readonly end: number;
  readonly isFolder: boolean;
}

// One object for all: a new one for each of a million lookups would cost more than the lookups. It
// remembers the piece, since lookups are mostly in order.
const place = {
  listing: null as Listing | null,
  columns: null as Columns | null,
  names: new Uint8Array() as Uint8Array,
  from: 0,
  to: 0,
  shift: 0,
  entry: 0,
  start: 0,
  end: 0,
  isFolder: false,
};
