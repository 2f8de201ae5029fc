// Forgets the folders that are missing in a new listing of their parent, and everything beneath
// them. Runs in steps, like sorting: a directory may have contained a million others.
import { nameOf } from "../slab/entry.js";
import type { Folder } from "./folder.js";
import type { Listing } from "./listing.js";
import { FEWER_STEPS } from "./sort.js";

export function* prune(folder: Folder, old: Listing, now: Listing): Generator<void, void> {
  const gone = new Set<string>();
  for (const name of directories(old)) {
    if (name) gone.add(name);
    else yield;
  }
  for (const name of directories(now)) {
    if (name) gone.delete(name);
    else yield;
  }
  // An even newer listing may have brought some of them back.
  if (folder.listing !== now) return;
  const { folders } = folder.root;
  const paths = Array.from(gone, (name) => folder.join(name));
  for (let path; (path = paths.pop()) !== undefined;) {
    const dropped = folders.get(path);
    if (!dropped) continue;
    folders.delete(path);
    const { view } = dropped;
    // Nothing beneath it has a row, not even for code that still has a reference to it.
    if (view) Object.assign(view, { isOpen: false, ordinal: -1 });
    const siblings = view?.parent?.view;
    if (siblings) siblings.children = siblings.children.filter((child) => child !== dropped);
    if (!dropped.listing) continue;
    for (const name of directories(dropped.listing)) {
      if (name) paths.push(dropped.join(name));
      else yield;
    }
  }
}

/** The names of a listing's directories; now and then an empty one, as a place to pause. */
function* directories(listing: Listing): Generator<string, void> {
  for (let ordinal = 0; ordinal < listing.count; ordinal++) {
    const { columns, entry, isFolder } = listing.at(ordinal);
    if (isFolder) yield nameOf(columns, entry);
    if (ordinal % FEWER_STEPS === 0) yield "";
  }
}
