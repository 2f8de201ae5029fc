// Keeps the address of the page in step with the place that is shown. A place becomes an entry of the
// browser's history when the folder changes; whatever else changes, changes that entry.
import { fromFragment, toFragment, type Place } from "./place";
import type { Session } from "./session.svelte";

/** How long a place stays before it is written: browsers allow a few changes a second at most. */
const PAUSE = 250;

export class Places {
  readonly #session: Session;
  /** The place of the entry of the history, as far as it was written here. */
  #entry: Place | null = null;
  /** The fragment for what is shown, and the place to write for it, if that is still to be done. */
  #seen = "";
  #waiting: Place | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** Grows when a place is shown that comes from the address. */
  #turn = 0;
  #isShowing = false;

  /** To be called while a component is made, with which it ends. */
  constructor(session: Session) {
    this.#session = session;
    if (location.hash) void this.#show();
    $effect(() => {
      const moved = () => void this.#show();
      addEventListener("popstate", moved);
      return () => removeEventListener("popstate", moved);
    });
    $effect(() => {
      const { place, isGoing, isAnywhere } = session;
      // On the way, nothing is where it will be; what was before is kept for Back.
      if (isGoing) this.#write();
      // What was written, such as a filter, is taken back also without a row.
      else if (place && !this.#isShowing && (isAnywhere || this.#seen)) this.#note(place);
    });
    $effect(() => () => clearTimeout(this.#timer));
  }

  /** Shows the place that the address names. */
  async #show(): Promise<void> {
    clearTimeout(this.#timer);
    this.#waiting = null;
    const turn = ++this.#turn;
    const session = this.#session;
    const place = fromFragment(location.hash, session.roots);
    this.#isShowing = true;
    const isPlace = typeof place !== "string";
    if (!isPlace) session.notice = place;
    const way = isPlace ? await session.show(place) : "failed";
    if (turn !== this.#turn) return;
    this.#isShowing = false;
    const now = session.place;
    // A single root has no row: what has the focus there is one below.
    this.#entry = now && isPlace && way !== "failed" ? { ...now, ...place } : now;
    this.#seen = now ? toFragment(now, session.roots) : "";
    if (way !== "stopped" || !now) return;
    // The address is of where nobody has come.
    this.#seen = location.hash;
    if (!session.isGoing) this.#note(now);
  }

  #note(place: Place): void {
    const fragment = toFragment(place, this.#session.roots);
    if (fragment === this.#seen) return;
    this.#seen = fragment;
    this.#waiting = place;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#write(), PAUSE);
  }

  #write(): void {
    clearTimeout(this.#timer);
    const [place, entry] = [this.#waiting, this.#entry];
    if (!place) return;
    this.#waiting = null;
    this.#entry = place;
    const fragment = toFragment(place, this.#session.roots);
    if (!entry || isElsewhere(entry, place)) history.pushState(null, "", fragment);
    else history.replaceState(null, "", fragment);
  }
}

/** Back leads from `now` to `before`; also to a search from what it has found. */
function isElsewhere(before: Place, now: Place): boolean {
  if (before.root !== now.root || before.folder !== now.folder) return true;
  return before.find !== null && now.find === null && before.select !== now.select;
}
