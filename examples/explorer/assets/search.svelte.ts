// A search through all roots. The index answers one root at a time, page by page; here the pages
// are merged into one list, best match first, which only ever grows at its end.
import { formatReason, type Hit, type Kind, type Result, type SearchResult } from "aether-client";
import type { Session } from "./session.svelte";

export interface Choice {
  id: string;
  root: string;
  path: string;
  name: string;
  /** The folders on the way, with the root's label if there are several roots. */
  folder: string;
  kind: Kind;
  bytes: number | null;
  score: number;
}

/** What one root has returned so far, best match first. */
interface Part {
  key: string;
  hits: Choice[];
  /** Where the next page starts; null after the last. */
  next: string | null;
  matched: number;
  isTruncated: boolean;
}

/** Matches to show at a time, and to ask of a root. */
export const PAGE_SIZE = 100;
/** Maximum number of requests at a time; the server takes 8, and others make some, too. */
const MAX_REQUESTS = 4;

export class Search {
  choices: Choice[] = $state.raw([]);
  /** There are further matches to show. */
  hasMore = $state(false);
  /** Why nothing could be found, in words. */
  problem = $state("");
  isBusy = $state(false);
  #parts: Part[] = $state.raw([]);
  /** What the parts are for. */
  #text = "";
  readonly #session: Session;

  constructor(session: Session) {
    this.#session = session;
  }

  get query(): string {
    return this.#session.find ?? "";
  }

  get matched(): number {
    return this.#parts.reduce((sum, part) => sum + part.matched, 0);
  }

  /** There are more matches than `matched`. */
  get isTruncated(): boolean {
    return this.#parts.some((part) => part.isTruncated);
  }

  /**
   * Searches for the query, and again if it has changed by then; during a scan also if it has not.
   */
  async find(): Promise<void> {
    while (!this.isBusy) {
      const text = this.query.trim();
      if (text === this.#text && !this.#session.isScanning) return;
      this.#text = text;
      const roots = text ? this.#session.roots.map(({ key }) => ({ key, next: null })) : [];
      this.#show(await this.#request(roots));
      if (text === this.query.trim()) return;
    }
  }

  /** Shows the next page; false if the search had to start over for that. */
  async more(): Promise<boolean> {
    if (this.isBusy) return true;
    if (this.#ready().length < PAGE_SIZE) {
      // The roots that keep better matches of others from being shown come first.
      const open = this.#parts.filter(({ next }) => next !== null);
      const bar = Math.max(...open.map(lastScore));
      const wanted = open.filter((part) => lastScore(part) === bar);
      const answers = await this.#request(wanted);
      // Names have been added, or the connection was lost.
      const isOutdated = answers.some((answer) => !answer.ok);
      if (isOutdated) this.#text = "";
      if (isOutdated || this.#text !== this.query.trim()) {
        await this.find();
        return false;
      }
      this.#parts = this.#parts.map((part) => {
        const answer = answers[wanted.indexOf(part)];
        if (!answer?.ok) return part;
        const page = this.#part(part.key, answer.value);
        return { ...page, hits: [...part.hits, ...page.hits] };
      });
    }
    this.#showNext();
    return true;
  }

  /** One page of each of these roots. */
  async #request(roots: Pick<Part, "key" | "next">[]): Promise<Result<SearchResult>[]> {
    const { index, current } = this.#session;
    const near = current?.parent;
    const answers: Result<SearchResult>[] = [];
    this.isBusy = true;
    for (let at = 0; at < roots.length; at += MAX_REQUESTS) {
      const requests = roots.slice(at, at + MAX_REQUESTS).map(({ key, next: after }) => {
        const place = near?.root.key === key ? { path: near.path } : {};
        return index.search(key, this.#text, { limit: PAGE_SIZE, after, ...place });
      });
      answers.push(...(await Promise.all(requests)));
    }
    this.isBusy = false;
    return answers;
  }

  /** Shows the first page of a new search. */
  #show(answers: Result<SearchResult>[]): void {
    const { roots } = this.#session;
    const refused = answers.find((answer) => !answer.ok);
    this.#parts = answers.flatMap((answer, at) =>
      answer.ok ? [this.#part(roots[at].key, answer.value)] : [],
    );
    this.problem = !this.#parts.length && refused && !refused.ok ? explain(refused.reason) : "";
    this.choices = [];
    this.#showNext();
  }

  #showNext(): void {
    const ready = this.#ready();
    this.choices = [...this.choices, ...ready.slice(0, PAGE_SIZE)];
    this.hasMore = ready.length > PAGE_SIZE || this.#parts.some(({ next }) => next !== null);
  }

  /** Matches that are not shown yet, and that no root can still surpass. */
  #ready(): Choice[] {
    const bar = Math.max(...this.#parts.filter(({ next }) => next !== null).map(lastScore));
    const seen = new Set(this.choices.map(({ id }) => id));
    return this.#parts
      .flatMap(({ hits }) => hits)
      .filter(({ id, score }) => score >= bar && !seen.has(id) && seen.add(id))
      .sort((one, other) => other.score - one.score);
  }

  #part(key: string, { hits, next, matched, truncated }: SearchResult): Part {
    const choices = hits.map((hit) => this.#choice(hit));
    return { key, hits: choices, next, matched, isTruncated: truncated };
  }

  #choice({ root, path, kind, bytes, score }: Hit): Choice {
    const { roots } = this.#session;
    const label = roots.length > 1 ? roots.find(({ key }) => key === root)?.label : "";
    const slash = path.lastIndexOf("/");
    const folder = [label, path.slice(0, Math.max(0, slash))].filter(Boolean).join("/");
    const name = path.slice(slash + 1);
    return { id: `${root}/${path}`, root, path, name, folder, kind, bytes, score };
  }
}

const lastScore = ({ hits }: Part) => hits.at(-1)?.score ?? -Infinity;

function explain(reason: string): string {
  if (reason === "not_found") return "Nothing has been scanned yet.";
  if (reason === "bad_request") return "This is not a valid pattern.";
  return `Could not search: ${formatReason(reason)}`;
}
