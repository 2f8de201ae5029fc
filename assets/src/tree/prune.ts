// Forgets folders that a new listing of their parent does not have any more, and all beneath them.
// In steps, like sorting: a directory may have held a million others.
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
  // Meanwhile a yet newer listing may have brought some of them back.
  if (folder.listing !== now) return;
  const { folders } = folder.root;
  const paths = Array.from(gone, (name) => folder.join(name));
  for (let path; (path = paths.pop()) !== undefined;) {
    const dropped = folders.get(path);
    if (!dropped) continue;
    folders.delete(path);
    const siblings = dropped.view?.parent?.view;
    if (siblings) siblings.children = siblings.children.filter((child) => child !== dropped);
    if (!dropped.listing) continue;
    for (const name of directories(dropped.listing)) {
      if (name) paths.push(dropped.join(name));
      else yield;
    }
  }
}

/** The names of a listing's directories, and an empty one now and then, to pause at. */
function* directories(listing: Listing): Generator<string, void> {
  for (let ordinal = 0; ordinal < listing.count; ordinal++) {
    const { columns, entry, isFolder } = listing.at(ordinal);
    if (isFolder) yield nameOf(columns, entry);
    if (ordinal % FEWER_STEPS === 0) yield "";
  }
}
