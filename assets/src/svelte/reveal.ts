// The way to an entry of which only the path is known: its folders are opened one by one, each when it
// is listed in the one before. Takes a step whenever the store has changed.
import type { Folder } from "../tree/folder.js";
import type { Listing } from "../tree/listing.js";
import type { TreeStore } from "../tree/store.js";
import { encodeText } from "../text/encoding.js";
import { ordinalOf } from "./row-marker.js";

export class Reveal {
  #folder: Folder;
  readonly #names: string[];
  #listing: Listing | null = null;
  /** Entries of that listing that were looked at. */
  #seen = 0;

  constructor(
    readonly store: TreeStore,
    key: string,
    path: string,
    /** Where the entry is; null if it is not there, or cannot be come to. */
    readonly done: (folder: Folder | null, ordinal: number) => void,
  ) {
    this.#folder = store.root(key);
    this.#names = path.split("/");
  }

  /** Goes as far as it can now. */
  step(): void {
    const { store } = this;
    for (;;) {
      const folder = this.#folder;
      const ordinal = this.#find(encodeText(this.#names[0]));
      if (ordinal < 0) {
        if (isToCome(folder)) return;
        this.done(null, -1);
        return;
      }
      if (this.#names.length === 1) {
        this.done(folder, ordinal);
        return;
      }
      const next = folder.join(this.#names.shift()!);
      store.open(folder, ordinal);
      const opened = store.folder(folder.root.key, next);
      if (!opened?.view?.isOpen) {
        // It was a folder when it was found, and is none now.
        this.done(null, -1);
        return;
      }
      this.#folder = opened;
    }
  }

  #find(name: Uint8Array): number {
    const { listing } = this.#folder.view!;
    if (listing !== this.#listing) this.#seen = 0;
    this.#listing = listing;
    const ordinal = ordinalOf(listing, name, this.#seen);
    this.#seen = listing.count;
    return ordinal;
  }
}

/** Whether there may be entries that are not seen yet. */
function isToCome({ state, listing, view }: Folder): boolean {
  return (
    state === "loading" || state === "unread" || (listing !== null && listing !== view!.listing)
  );
}
