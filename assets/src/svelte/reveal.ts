// Finds an entry by its path: opens the folders on the way one by one, each when it has been listed
// in its parent. Takes a step whenever the store has changed.
import type { Folder } from "../tree/folder.js";
import type { Listing } from "../tree/listing.js";
import type { TreeStore } from "../tree/store.js";
import { encodeText } from "../text/encoding.js";
import { ordinalOf } from "./row-marker.js";

/**
 * How it ended. `folder` is where it could not go on, `name` what was to come next in it, and `reason`
 * why: `not_found` if that is not in it, `not_a_folder` if it is one no longer, `cancelled`,
 * `superseded` by another call, or the folder's own reason. `formatReason` turns it into words.
 */
export type Revealed = { ok: true } | ({ ok: false } & Failure);

export interface Failure {
  reason: number | string;
  folder: Folder;
  name: string;
}

export class Reveal {
  #folder: Folder;
  readonly #names: string[];
  #listing: Listing | null = null;
  /** Number of entries of that listing that were examined. */
  #seen = 0;
  /** The folder has been requested since this began: what it lacks does not exist. */
  #isFresh = false;

  constructor(
    readonly store: TreeStore,
    key: string,
    path: string,
    /** Receives the entry, as an ordinal of the folder in which it is. */
    readonly found: (folder: Folder, ordinal: number) => void,
    readonly failed: (failure: Failure) => void,
  ) {
    this.#folder = store.root(key);
    this.#names = path.split("/");
    const { parent, ordinal } = this.#folder.view!;
    this.#enter(this.#folder, parent!, ordinal);
  }

  /** Goes as far as is possible now. */
  step(): void {
    for (;;) {
      const folder = this.#folder;
      const ordinal = this.#find(encodeText(this.#names[0]));
      if (ordinal < 0) {
        if (!mayGrow(folder) && !this.#askAgain()) this.#fail(reasonOf(folder));
        return;
      }
      if (this.#names.length === 1) {
        this.found(folder, ordinal);
        return;
      }
      const path = folder.join(this.#names[0]);
      this.store.open(folder, ordinal);
      const next = this.store.folder(folder.root.key, path);
      if (!next?.view?.isOpen) {
        // It was a folder when it was listed, and is not any more.
        this.#fail("not_a_folder");
        return;
      }
      this.#names.shift();
      this.#enter(next, folder, ordinal);
    }
  }

  /** Gives up, for this reason. */
  stop(reason: string): void {
    this.#fail(reason);
  }

  #fail(reason: number | string): void {
    this.failed({ reason, folder: this.#folder, name: this.#names[0] });
  }

  #enter(folder: Folder, parent: Folder, ordinal: number): void {
    this.store.open(parent, ordinal);
    this.#folder = folder;
    this.#isFresh = folder.isRequested;
  }

  /** Requests a listing that was complete before this began: the entry may be newer. */
  #askAgain(): boolean {
    const folder = this.#folder;
    if (this.#isFresh || folder.state !== "complete") return false;
    this.#isFresh = true;
    this.store.request(folder);
    return folder.isRequested;
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
  return state === "loading" || (listing !== null && listing !== view!.listing);
}

function reasonOf({ state, reason }: Folder): number | string {
  // A request that was withdrawn leaves nothing.
  if (state === "unread") return "cancelled";
  return state === "complete" ? "not_found" : reason;
}
