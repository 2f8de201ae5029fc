// Which rows a scroll box shows, and where. Browsers limit the height of elements to some ten
// million pixels, and a million rows need more: beyond that, the scrollbar is scaled to the list.

/** Maximum height in pixels. Firefox allows 17.8 million, Chromium 33.5 million. */
const MAX_HEIGHT = 15_000_000;
/** Number of extra rows beyond each edge, so that they are there for a small scroll. */
const OVERSCAN = 8;

export class Viewport {
  /** Of the scrolled content. */
  readonly height: number;
  /** Pixels of the list per pixel scrolled. */
  readonly scale: number;
  /** The largest `top`. */
  readonly last: number;

  constructor(
    readonly rowCount: number,
    readonly rowHeight: number,
    readonly boxHeight: number,
  ) {
    const whole = rowCount * rowHeight;
    this.height = Math.min(whole, MAX_HEIGHT);
    this.last = Math.max(0, whole - boxHeight);
    this.scale = this.height > boxHeight ? this.last / (this.height - boxHeight) : 1;
  }

  /** Converts a scroll offset to the list's pixel at the upper edge, and back. */
  topAt(scrolled: number): number {
    return this.clamp(scrolled * this.scale);
  }

  scrolledAt(top: number): number {
    return top / this.scale;
  }

  clamp(top: number): number {
    return Math.max(0, Math.min(top, this.last));
  }

  /** The rows to render, from the first to before the last. */
  range(top: number): [from: number, to: number] {
    const from = Math.floor(top / this.rowHeight) - OVERSCAN;
    const to = Math.ceil((top + this.boxHeight) / this.rowHeight) + OVERSCAN;
    return [Math.max(0, from), Math.min(this.rowCount, to)];
  }

  /**
   * Which of the elements shows a row. An element that leaves at one edge is reused at the other; a
   * focused row beyond the edges has an element of its own.
   */
  slot(index: number, top: number): number {
    const [from, to] = this.range(top);
    if (index < from || index >= to) return -1;
    return index % (Math.ceil(this.boxHeight / this.rowHeight) + 1 + 2 * OVERSCAN);
  }

  /**
   * The offset of a row in the scrolled content. A focused row that is far away is put just outside
   * the visible part: if the scrollbar is scaled, its true place may not exist.
   */
  place(index: number, top: number): number {
    const { rowHeight, boxHeight, height } = this;
    const beyond = (OVERSCAN + 1) * rowHeight;
    const offset = Math.max(-beyond, Math.min(index * rowHeight - top, boxHeight + beyond));
    return Math.max(0, Math.min(this.scrolledAt(top) + offset, height - rowHeight));
  }

  /** The nearest `top` at which the whole row is visible. */
  reveal(index: number, top: number): number {
    const start = index * this.rowHeight;
    return this.clamp(Math.max(Math.min(top, start), start + this.rowHeight - this.boxHeight));
  }

  /** The `top` at which the row is centered; this one if the row is visible already. */
  center(index: number, top: number): number {
    const start = index * this.rowHeight;
    if (this.reveal(index, top) === top) return top;
    return this.clamp(start - (this.boxHeight - this.rowHeight) / 2);
  }
}
