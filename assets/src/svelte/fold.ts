// By how many levels rows are indented less, so that names stay readable at any depth and width.
import type { Row } from "../tree/row.js";

// In rem, as the styles have it: the width from which on there are sizes, and dates; and what is
// beside the indentation, with room for a name.
const WITH_SIZES = 15;
const WITH_DATES = 32;
const NAME = 13;
const SIZE = 5.5;
const DATE = 11.5;

/**
 * The deepest of the rows in sight is indented by no more than leaves room for a name, and all others
 * stand further out by as much. `width` is in rem; so much is a level indented.
 */
export function foldOf(rows: Row[], [from, to]: [number, number], width: number): number {
  let deepest = 1;
  for (const { index, level } of rows)
    if (index >= from && index < to) deepest = Math.max(deepest, level);
  const beside = NAME + (width > WITH_SIZES ? SIZE : 0) + (width > WITH_DATES ? DATE : 0);
  return Math.max(0, deepest - 1 - Math.max(1, Math.floor(width - beside)));
}
