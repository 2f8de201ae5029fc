// A directory that the store has heard of: by a record about it, or because somebody opened it.
import { CUT_SHORT, Listing } from "./listing.js";

export type FolderState = "unread" | "loading" | "complete" | "not-entered" | "failed";

// By the status of the listing, from OPEN on; all others are failures.
const STATES: readonly FolderState[] = [
  "loading",
  "complete",
  "not-entered",
  "not-entered",
  "failed",
  "complete",
];

/** A tree of its own: a directory that the server knows by a key. */
export interface Root {
  readonly key: string;
  readonly label: string;
  readonly folders: Map<string, Folder>;
}

const NOTHING = new Uint32Array();
let ids = 0;

export class Folder {
  /** Unlike any other folder's in this page. */
  readonly id = ids++;
  /** What is known of its entries; replaced as a whole. */
  listing: Listing | null = null;
  /** How its entries are shown, from the first time that it is opened. */
  view: View | null = null;
  /** Somebody asked for its entries, and nothing has come yet. */
  isRequested = false;
  /** Why the asking failed. */
  failure: string | null = null;

  constructor(
    readonly root: Root,
    /** Relative to the root, without a slash at its end; text/encoding.ts says how bytes become a string. */
    readonly path: string,
  ) {}

  get name(): string {
    return this.path.slice(this.path.lastIndexOf("/") + 1);
  }

  /** The path of an entry in it. */
  join(name: string): string {
    return this.path ? `${this.path}/${name}` : name;
  }

  get state(): FolderState {
    if (this.isRequested) return "loading";
    if (this.failure) return "failed";
    return this.listing ? (STATES[this.listing.status] ?? "failed") : "unread";
  }

  /** Why it is in this state: a status (listing.ts), or the server's word for a refusal. */
  get reason(): number | string {
    return this.failure ?? this.listing?.status ?? CUT_SHORT;
  }
}

/** The folder with this path; made if it is new. */
export function folderAt(root: Root, path: string): Folder {
  let folder = root.folders.get(path);
  if (!folder) root.folders.set(path, (folder = new Folder(root, path)));
  return folder;
}

/** How an opened folder shows its entries. */
export class View {
  /** What is shown; older than the folder's listing until that has been arranged. */
  listing: Listing;
  /** Ordinals in the order in which they are shown; null is the order of arrival. */
  order: Uint32Array | null = null;
  /** Where each ordinal is in `order`; -1 for those that are not. */
  positions: Int32Array | null = null;
  /** The sorted ordinals of `listing`, before a filter. */
  sorted: Uint32Array | null = null;
  isOpen = false;
  /** Which entry of the parent it is. */
  ordinal = -1;
  parent: Folder | null = null;
  /** Opened children, by their place. */
  children: Folder[] = [];
  /** The children's positions are to be found anew. */
  moved = false;

  // Its place in the parent: the position of its own row, and the first row of its block.
  position = -1;
  first = 0;
  /** Rows in its block. */
  size = 0;

  constructor(folder: Folder, isFiltered: boolean) {
    this.listing = folder.listing ?? new Listing();
    if (isFiltered) this.order = NOTHING;
  }

  /** How many of its entries are shown. */
  get count(): number {
    return this.order?.length ?? this.listing.count;
  }

  ordinalAt(position: number): number {
    return this.order ? this.order[position] : position;
  }

  positionOf(ordinal: number): number {
    return this.order ? (this.positions?.[ordinal] ?? -1) : ordinal;
  }
}
