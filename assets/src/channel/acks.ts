// Acknowledges slabs to the server, so that it sends more: every few slabs at once, the last ones
// after a delay. While paused nothing is acknowledged, and the server stops when its window is
// full.

/** How many slabs to acknowledge together. */
const BATCH = 4;
/** How long to wait for the rest of a batch, in milliseconds. */
const DELAY = 100;

export class Acks {
  #received = 0;
  #acked = 0;
  #isPaused = false;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** `send` is given the number of slabs received since the channel was joined. */
  constructor(private readonly send: (count: number) => void) {}

  received(): void {
    this.#received++;
    if (this.#received - this.#acked >= BATCH) this.#flush();
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
    this.send(this.#acked);
  }
}
