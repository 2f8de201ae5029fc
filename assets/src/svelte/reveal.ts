// Finds an entry by its path: opens the folders on the way one by one, each when it has been listed
// in its parent. Takes a step whenever the store has changed.
import type { Folder } from "../tree/folder.js";
import type { Listing } from "../tree/listing.js";
import type { TreeStore } from "../tree/store.js";
import { encodeText } from "../text/encoding.js";
import { ordinalOf } from "./row-marker.js";

export class Reveal {
  #folder: Folder;
  readonly #names: string[];
  #listing: Listing | null = null;
  /** Number of entries of that listing that were examined. */
  #seen = 0;

  constructor(
    readonly store: TreeStore,
    key: string,
    path: string,
    /** Receives the entry; null if it does not exist or cannot be reached. */
    readonly done: (folder: Folder | null, ordinal: number) => void,
  ) {
    this.#folder = store.root(key);
    this.#names = path.split("/");
  }

  /** Goes as far as is possible now. */
  step(): void {
    const { store } = this;
    for (;;) {
      const folder = this.#folder;
      const ordinal = this.#find(encodeText(this.#names[0]));
      if (ordinal < 0) {
        if (mayGrow(folder)) return;
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
        // It was a folder when it was listed, and is not any more.
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

/** Whether there may be entries that were not examined. */
function mayGrow({ state, listing, view }: Folder): boolean {
  return (
    state === "loading" || state === "unread" || (listing !== null && listing !== view!.listing)
  );
}
