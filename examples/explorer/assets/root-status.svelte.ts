// The state of one root in the index: how its scan is going, how old the index is, and what could
// not be read. Events arrive while a scan runs; the age is queried when one has ended.
import { pathIn, percentOf, type IndexClient, type RootEvent, type Summary } from "aether-client";

export interface Unread {
  count: number;
  first: { path: string; reason: string }[];
}

export interface Counts {
  entries: number;
  bytes: number;
  rate: number;
}

export class RootStatus {
  /** The latest event; null until the server has said anything about the root. */
  event: RootEvent | null = $state.raw(null);
  /** When it was last scanned, in milliseconds since 1970; null if never. */
  scannedAt: number | null = $state(null);
  isStale = $state(false);
  /** Milliseconds from the request to the first entry. */
  firstEntry: number | null = $state(null);
  unread: Unread = $state.raw({ count: 0, first: [] });
  /** Of the scan that runs, or of the last one that reported to this page. */
  counts: Counts | null = $state.raw(null);
  readonly #index: IndexClient;

  constructor(
    index: IndexClient,
    readonly key: string,
  ) {
    this.#index = index;
  }

  get isScanning(): boolean {
    return this.event?.status === "scanning";
  }

  /** Percentage; null without an earlier scan to compare with. */
  get percent(): number | null {
    const { event } = this;
    return event?.status === "scanning" ? percentOf(event.found ?? 0, event.expected) : null;
  }

  receive(event: RootEvent): void {
    this.event = event;
    if (event.status === "scanning") {
      if (event.found === undefined) return;
      const { found: entries, bytes = 0, rate = 0, errors = 0 } = event;
      this.counts = { entries, bytes, rate };
      this.unread = { count: errors, first: [] };
      return;
    }
    if ("files" in event) {
      this.counts = countsOf(event);
      const { count, first } = event.errors;
      this.unread = {
        count,
        first: first.map((error) => ({ path: pathIn(error), reason: error.reason })),
      };
    }
    void this.queryAge();
  }

  /** Asks how fresh the index is. */
  async queryAge(): Promise<void> {
    const answer = await this.#index.children(this.key, "", { limit: 1, errors: true });
    if (!answer.ok) return;
    const { age_ms, stale, scanning, unreadable, errors: first = [] } = answer.value;
    this.scannedAt = age_ms === null ? null : Date.now() - age_ms;
    this.isStale = stale && !scanning;
    if (!this.unread.first.length) this.unread = { count: unreadable, first };
  }
}

function countsOf(summary: Omit<Summary, "tag">): Counts {
  const { files, directories, symlinks, others, bytes, rate } = summary;
  return { entries: files + directories + symlinks + others, bytes, rate };
}
