// The state of one root in the index: how its scan is going, how old the index is, and what could
// not be read. Events arrive while a scan runs; the age is queried when one has ended.
import { pathIn, percentOf, type IndexClient, type RootEvent, type Summary } from "aether-client";

export interface Unread {
  count: number;
  /** There may be more. */
  atLeast?: boolean;
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
  /** When it was last scanned, in milliseconds since 1970; null if never, undefined until known. */
  scannedAt: number | null | undefined = $state();
  isStale = $state(false);
  /** Milliseconds from the request to the first entry. */
  firstEntry: number | null = $state(null);
  unread: Unread = $state.raw({ count: 0, first: [] });
  /** Of the scan that runs, or of the last one that reported to this page. */
  counts: Counts | null = $state.raw(null);
  readonly #index: IndexClient;
  /** What could not be read is looked at, and so named with each answer. */
  #isNaming = false;
  // Of all roots, one question after the other: the server takes only a few at a time.
  static #last: Promise<void> | null = null;

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

  /** Has what could not be read named, until the returned function is called. */
  nameUnread(): () => void {
    this.#isNaming = true;
    void this.queryAge();
    return () => (this.#isNaming = false);
  }

  /** Asks how fresh the index is. */
  queryAge(): Promise<void> {
    const asked = RootStatus.#last?.then(() => this.#query()) ?? this.#query();
    const last = asked
      .catch(() => {})
      .then(() => {
        if (RootStatus.#last === last) RootStatus.#last = null;
      });
    RootStatus.#last = last;
    return asked;
  }

  async #query(): Promise<void> {
    const options = { limit: 1, ...(this.#isNaming ? { errors: true } : {}) };
    const answer = await this.#index.children(this.key, "", options);
    if (!answer.ok) return;
    const { age_ms, stale, scanning, unreadable: count, errors } = answer.value;
    this.scannedAt = age_ms === null ? null : Date.now() - age_ms;
    this.isStale = stale && !scanning;
    // While a scan runs, it says itself what it cannot read.
    if (this.isScanning) return;
    const first = errors ?? (count === this.unread.count ? this.unread.first : []);
    this.unread = { count, atLeast: answer.value.unreadable_at_least, first };
  }
}

function countsOf(summary: Omit<Summary, "tag">): Counts {
  const { files, directories, symlinks, others, bytes, rate } = summary;
  return { entries: files + directories + symlinks + others, bytes, rate };
}
