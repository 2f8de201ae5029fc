// Which sizes the tree shows: what is allocated on disk, or the apparent size, as chosen on the page.
import type { Row } from "aether-client";
import { keep, kept } from "./kept";
import type { Total } from "./totals.svelte";

const KEY = "aether-sizes";
const APPARENT = "apparent";

class Sizes {
  isApparent = $state(kept(KEY) === APPARENT);

  get name(): string {
    return this.isApparent ? "apparent" : "on disk";
  }

  toggle(): void {
    this.isApparent = !this.isApparent;
    keep(KEY, this.isApparent ? APPARENT : "disk");
  }

  /** The size to show for a row; of a folder, of everything beneath it. */
  of(row: Row, total: Total | undefined): number | null {
    const [disk, apparent] = row.isFolder ? [total?.disk, total?.bytes] : [row.disk, row.size];
    return (this.isApparent ? null : disk) ?? apparent ?? null;
  }

  /** Heads the column. The index need not know what folders take on disk. */
  label(isDiskOfFoldersKnown: boolean): string {
    if (this.isApparent) return "Apparent size";
    return isDiskOfFoldersKnown ? "On disk" : "On disk (folders: apparent)";
  }
}

export const sizes = new Sizes();
