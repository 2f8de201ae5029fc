// The keys of the WAI-ARIA tree pattern (https://www.w3.org/WAI/ARIA/apg/patterns/treeview/).
import type { Row } from "../tree/row.js";
import type { TreeState } from "./tree.svelte.js";

/** How long to wait for the next key of a typed word, in milliseconds. */
const PAUSE = 500;

export interface Typed {
  text: string;
  at: number;
}

/**
 * Handles a key; false if it has no meaning here. `page` is the number of rows on a page, and
 * `activate` is called for Enter and Space.
 */
export function pressKey(
  tree: TreeState,
  event: KeyboardEvent,
  page: number,
  typed: Typed,
  activate: (row: Row) => void,
  isRightToLeft = false,
): boolean {
  if (event.ctrlKey || event.metaKey || event.altKey) return false;
  const last = tree.rowCount - 1;
  const index = tree.focusIndex;
  const row = tree.row(index);
  if (last < 0) return false;
  const go = (to: number) => tree.focusRow(tree.row(Math.max(0, Math.min(to, last))));
  // A space continues a word that is being typed.
  const isTyping = event.timeStamp - typed.at < PAUSE && typed.text !== "";

  // Inwards is where the text goes.
  const key =
    (isRightToLeft && { ArrowLeft: "ArrowRight", ArrowRight: "ArrowLeft" }[event.key]) || event.key;

  switch (key) {
    case "ArrowDown":
      go(index + 1);
      break;
    case "ArrowUp":
      go(index - 1);
      break;
    case "PageDown":
      go(index + page);
      break;
    case "PageUp":
      go(index - page);
      break;
    case "Home":
      go(0);
      break;
    case "End":
      go(last);
      break;
    case "ArrowRight":
      if (row?.isFolder && !row.isOpen) tree.open(row);
      else if (row?.isOpen && tree.row(index + 1)?.parent === row.folder) go(index + 1);
      break;
    case "ArrowLeft":
      if (row?.isOpen) tree.close(row);
      else if (row && row.level > 1) go(index - offsetOfParent(tree, row));
      break;
    case "Enter":
      if (row) activate(row);
      break;
    case "*":
      if (row) tree.openSiblings(row);
      break;
    default:
      if (event.key === " " && !isTyping) {
        if (row) activate(row);
        break;
      }
      if ([...event.key].length !== 1) return false;
      typed.text = isTyping ? typed.text + event.key : event.key;
      typed.at = event.timeStamp;
      // The first letter moves to the next match, further ones may stay on this row.
      tree.focusRow(tree.find(typed.text, typed.text === event.key ? index + 1 : index));
      return true;
  }
  typed.text = "";
  return true;
}

/** Number of rows between a row and its parent's. */
function offsetOfParent(tree: TreeState, { parent, index }: Row): number {
  const { parent: grandparent, ordinal } = parent.view!;
  return index - tree.store.indexOf(grandparent!, ordinal);
}
