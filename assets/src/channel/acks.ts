// Acknowledges slabs to the server, so that it sends more: at once after a pause, otherwise every
// few slabs, and the last ones after a short delay. By when acks come the server measures how fast
// the line is. While paused nothing is acknowledged, and the server stops when its window is full.

/** How many slabs to acknowledge together. */
const BATCH = 4;
/** How long to wait for the rest of a batch, in milliseconds. */
const DELAY = 10;

export class Acks {
  #received = 0;
  #acked = 0;
  #isPaused = false;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #last = -Infinity;

  /** `send` is given the number of slabs received since the channel was joined. */
  constructor(private readonly send: (count: number) => void) {}

  received(): void {
    this.#received++;
    const isFull = this.#received - this.#acked >= BATCH;
    if (isFull || performance.now() - this.#last >= DELAY) this.#flush();
    else {
      clearTimeout(this.#timer);
      this.#timer = setTimeout(() => this.#flush(), DELAY);
    }
  }

  /** The channel was left, or will be joined again. */
  reset(): void {
    clearTimeout(this.#timer);
    this.#received = this.#acked = 0;
  }

  set isPaused(isPaused: boolean) {
    this.#isPaused = isPaused;
    if (!isPaused) this.#flush();
  }

  get isPaused(): boolean {
    return this.#isPaused;
  }

  #flush(): void {
    clearTimeout(this.#timer);
    if (this.#isPaused || this.#acked === this.#received) return;
    this.#acked = this.#received;
    this.#last = performance.now();
    this.send(this.#acked);
  }
}
