// A directory that the store has heard of: by a record about it, or because somebody opened it.
import type { View } from "./view.js";
import { CUT_SHORT, type Listing } from "./listing.js";

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

let ids = 0;

export class Folder {
  /** Unlike any other folder's in this page. */
  readonly id = ids++;
  /** What is known of its entries; replaced as a whole. */
  listing: Listing | null = null;
  /** How its entries are shown, from the first time that it is opened. */
  view: View | null = null;
  /** Somebody asked for its entries, and nothing has come yet. */
  asked = false;
  /** Why the asking failed. */
  refusal: string | null = null;

  constructor(
    readonly root: Root,
    /** Relative to the root, without a slash at its end; text.ts says how bytes become a string. */
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
    if (this.asked) return "loading";
    if (this.refusal) return "failed";
    return this.listing ? (STATES[this.listing.status] ?? "failed") : "unread";
  }

  /** Why it is in this state: a status (listing.ts), or the server's word for a refusal. */
  get reason(): number | string {
    return this.refusal ?? this.listing?.status ?? CUT_SHORT;
  }
}

/** The folder with this path; made if it is new. */
export function folderAt(root: Root, path: string): Folder {
  let folder = root.folders.get(path);
  if (!folder) root.folders.set(path, (folder = new Folder(root, path)));
  return folder;
}
