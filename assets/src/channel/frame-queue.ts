// Limits the time that messages from the server take of a frame. The rest waits for the next frame,
// in order. Only the first few that wait are acknowledged, so that the server waits as well.

/** Maximum time in a frame, which lasts 6.9 ms at 144 Hz, in milliseconds. */
const BUDGET = 2.5;
/** How long to wait for a frame. Visible pages may get none, e.g. when covered. */
const FRAME_TIMEOUT = 100;

export class FrameQueue {
  #waiting: (() => void)[] = [];
  #spent = 0;
  #frame = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** Runs a step, now or in one of the next frames. */
  add(step: () => void): void {
    this.#waiting.push(step);
    this.#run();
  }

  /** How many steps wait. */
  get length(): number {
    return this.#waiting.length;
  }

  /** Drops the steps that wait. */
  clear(): void {
    this.#waiting = [];
  }

  #run(): void {
    // A hidden page has nothing to keep smooth, and outside a page there are no frames.
    const isVisible = globalThis.document?.visibilityState === "visible";
    if (isVisible && !this.#frame) {
      this.#frame = requestAnimationFrame(this.#next);
      this.#timer = setTimeout(this.#next, FRAME_TIMEOUT);
    }
    while (this.#waiting.length && !(isVisible && this.#spent > BUDGET)) {
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
