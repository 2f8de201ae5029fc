// Which rows a scrolled box shows, and where. Browsers clip what is higher than some ten million
// pixels, and a million rows are more: beyond that, the scrollbar is a scale of the whole list.

/** Firefox ends at 17.8 million, Chromium at 33.5. */
const HIGHEST = 15_000_000;
/** Rows beyond the edges, so that a small scroll has them already. */
const SPARE = 8;

export class Viewport {
  /** Of the box that scrolls inside. */
  readonly height: number;
  /** List pixels for each pixel that is scrolled. */
  readonly scale: number;
  /** The last `top` there is. */
  readonly last: number;

  constructor(
    readonly rowCount: number,
    readonly rowHeight: number,
    readonly boxHeight: number,
  ) {
    const whole = rowCount * rowHeight;
    this.height = Math.min(whole, HIGHEST);
    this.last = Math.max(0, whole - boxHeight);
    this.scale = this.height > boxHeight ? this.last / (this.height - boxHeight) : 1;
  }

  /** The list pixel at the upper edge, for what is scrolled; and back. */
  topAt(scrolled: number): number {
    return this.clamp(scrolled * this.scale);
  }

  scrolledAt(top: number): number {
    return top / this.scale;
  }

  clamp(top: number): number {
    return Math.max(0, Math.min(top, this.last));
  }

  /** The rows to be in the document: from the first to before the last. */
  range(top: number): [from: number, to: number] {
    const from = Math.floor(top / this.rowHeight) - SPARE;
    const to = Math.ceil((top + this.boxHeight) / this.rowHeight) + SPARE;
    return [Math.max(0, from), Math.min(this.rowCount, to)];
  }

  /**
   * Which of the rows' elements shows a row. The one that leaves at one edge comes in at the other; a
   * row beyond both, there because it has the focus, has one of its own.
   */
  slot(index: number, top: number): number {
    const [from, to] = this.range(top);
    if (index < from || index >= to) return -1;
    return index % (Math.ceil(this.boxHeight / this.rowHeight) + 1 + 2 * SPARE);
  }

  /**
   * Where a row is in the box that scrolls inside. One that is far away, and there because it has
   * the focus, is kept just outside of what is seen: with a scale, its own place may not exist.
   */
  place(index: number, top: number): number {
    const { rowHeight, boxHeight, height } = this;
    const beyond = (SPARE + 1) * rowHeight;
    const offset = Math.max(-beyond, Math.min(index * rowHeight - top, boxHeight + beyond));
    return Math.max(0, Math.min(this.scrolledAt(top) + offset, height - rowHeight));
  }

  /** The `top` nearest to this one that shows the whole row. */
  reveal(index: number, top: number): number {
    const start = index * this.rowHeight;
    return this.clamp(Math.max(Math.min(top, start), start + this.rowHeight - this.boxHeight));
  }

  /** The `top` that has a row in the middle; this one if the row is in sight already. */
  center(index: number, top: number): number {
    const start = index * this.rowHeight;
    if (this.reveal(index, top) === top) return top;
    return this.clamp(start - (this.boxHeight - this.rowHeight) / 2);
  }
}
