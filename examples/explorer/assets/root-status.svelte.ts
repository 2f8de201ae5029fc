// What the index knows of one root: how its scan goes, how old what it knows is, what could not be
// read. News come unasked while a scan runs; the rest is asked for when one has ended.
import type { PathFields, Progress, Summary } from "aether-client";
import type { Session } from "./session.svelte";

type Scanning = { status: "scanning" } & Partial<Progress>;
type Ended = Omit<Summary, "tag" | "status"> & { status: Summary["status"] };
type Other = { status: "fresh" | "left" } | { status: "failed"; reason: string };
export type IndexNews = { root: string } & (Scanning | Ended | Other);

/** An answer of the index, without what was asked for. */
interface Age {
  age_ms: number | null;
  stale: boolean;
  scanning: boolean;
  exhaustive: boolean;
  unreadable: number;
}

export interface Unread {
  count: number;
  first: (PathFields & { reason: string })[];
}

export interface Counts {
  entries: number;
  bytes: number;
  rate: number;
}

export const isScanning = (news: IndexNews | null): boolean => news?.status === "scanning";

export class Knowledge {
  news: IndexNews | null = $state.raw(null);
  /** When it was last scanned, in milliseconds since 1970; null if never. */
  scannedAt: number | null = $state(null);
  isStale = $state(false);
  /** Milliseconds from the request to the first entry. */
  firstEntry: number | null = $state(null);
  unread: Unread = $state.raw({ count: 0, first: [] });
  /** Entries, bytes and rate, as of the last scan that told this page. */
  counts: Counts | null = $state.raw(null);

  constructor(
    readonly session: Session,
    readonly key: string,
  ) {}

  /** Of a hundred; null without an earlier scan to compare with. */
  get percent(): number | null {
    const { news } = this;
    if (news?.status !== "scanning" || !("expected" in news) || !news.expected) return null;
    return Math.min(99, Math.floor((100 * (news.found ?? 0)) / news.expected));
  }

  heard(news: IndexNews): void {
    this.news = news;
    const { totals } = this.session;
    if (news.status === "scanning") {
      totals.refresh();
      if (news.found === undefined) return;
      const { found: entries, bytes = 0, rate = 0, errors = 0 } = news;
      this.counts = { entries, bytes, rate };
      this.unread = { count: errors, first: [] };
      return;
    }
    if ("files" in news) {
      const { files, directories, symlinks, others, bytes, rate } = news;
      const entries = files + directories + symlinks + others;
      this.counts = { entries, bytes, rate };
      this.unread = news.errors;
    }
    totals.reload(this.key);
    void this.ask();
  }

  /** Asks how true it is what is known. */
  async ask(): Promise<void> {
    const answer = await this.session.connection.request("children", {
      root: this.key,
      path: "",
      limit: 1,
    });
    if (!answer.ok) return;
    const age = answer.value as Age;
    this.scannedAt = age.age_ms === null ? null : Date.now() - age.age_ms;
    this.isStale = age.stale && !age.scanning;
    if (!this.unread.first.length) this.unread = { count: age.unreadable, first: [] };
  }
}
