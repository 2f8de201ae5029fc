// What the server sends, taken in between two frames for some milliseconds and no longer: the rest
// waits for the next frame, in its order and not acked, so that the server waits, too.

/** Of a frame of 6.9 ms (144 Hz), what slabs may have. */
const WORK = 2.5;
/** Some pages that are seen have no frames: those that others cover, for one. */
const LATEST = 100;

export class FrameQueue {
  #waiting: (() => void)[] = [];
  #spent = 0;
  #frame = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** Does it now, or in one of the next frames. */
  add(step: () => void): void {
    this.#waiting.push(step);
    this.#run();
  }

  /** What waits is of no use any more. */
  clear(): void {
    this.#waiting = [];
  }

  #run(): void {
    // Nobody looks at a hidden page, and what is no page has no frames.
    const isSeen = globalThis.document?.visibilityState === "visible";
    if (isSeen && !this.#frame) {
      this.#frame = requestAnimationFrame(this.#next);
      this.#timer = setTimeout(this.#next, LATEST);
    }
    while (this.#waiting.length && !(isSeen && this.#spent > WORK)) {
      const start = performance.now();
      this.#waiting.shift()!();
      this.#spent += performance.now() - start;
    }
  }

  readonly #next = () => {
    cancelAnimationFrame(this.#frame);
    clearTimeout(this.#timer);
    this.#frame = this.#spent = 0;
    if (this.#waiting.length) this.#run();
  };
}
