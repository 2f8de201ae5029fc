// A directory that the store knows, from a record about it or because it was opened, and how it is
// shown.
import { CUT_SHORT, Listing } from "./listing.js";

export type FolderState = "unread" | "loading" | "complete" | "not-entered" | "failed";

// By the status of the listing, starting with OPEN; all others are failures.
const STATES: readonly FolderState[] = [
  "loading",
  "complete",
  "not-entered",
  "not-entered",
  "failed",
  "complete",
];

/** A directory that the server has under a key, with all known folders by their paths. */
export interface Root {
  readonly key: string;
  readonly label: string;
  readonly folders: Map<string, Folder>;
}

const NOTHING = new Uint32Array();
let ids = 0;

export class Folder {
  /** Unique in this page. */
  readonly id = ids++;
  /** Its entries as far as they are known; replaced as a whole. */
  listing: Listing | null = null;
  /** How its entries are shown; null until it is first opened. */
  view: View | null = null;
  /** Its entries were requested, and the request is not complete. */
  isRequested = false;
  /** Why the request failed. */
  failure: string | null = null;

  constructor(
    readonly root: Root,
    /**
     * Relative to the root, without a trailing slash; see text/encoding.ts for bytes as strings.
     */
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

  /**
   * Why it is in this state: a status (listing.ts), or the server's reason for a failed request.
   */
  get reason(): number | string {
    return this.failure ?? this.listing?.status ?? CUT_SHORT;
  }
}

/** The folder with this path, created if it is new. */
export function folderAt(root: Root, path: string): Folder {
  let folder = root.folders.get(path);
  if (!folder) root.folders.set(path, (folder = new Folder(root, path)));
  return folder;
}

/** How an opened folder shows its entries. */
export class View {
  /** The listing that is shown: an older one until the folder's listing has been arranged. */
  listing: Listing;
  /** Ordinals in the order in which they are shown; null for the order of arrival. */
  order: Uint32Array | null = null;
  /** The index of each ordinal in `order`, or -1. */
  positions: Int32Array | null = null;
  /** The sorted ordinals of `listing`, before a filter. */
  sorted: Uint32Array | null = null;
  isOpen = false;
  /** The ordinal of its entry in the parent. */
  ordinal = -1;
  parent: Folder | null = null;
  /** Open children, by position. */
  children: Folder[] = [];
  /** The children's positions must be computed again. */
  moved = false;

  // In the parent: the position of its own row, and the first row of its block (layout.ts).
  position = -1;
  first = 0;
  /** Number of rows in its block. */
  size = 0;

  constructor(folder: Folder, isFiltered: boolean) {
    this.listing = folder.listing ?? new Listing();
    if (isFiltered) this.order = NOTHING;
  }

  /** Number of entries that are shown. */
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
