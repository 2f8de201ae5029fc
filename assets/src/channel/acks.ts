// Tells the server how many slabs have come, so that it sends more: at once for every fourth, and
// some time after the last. Held back while paused: then the server stops when its window is full.

const EVERY = 4;
const AFTER = 100;

export class Acks {
  #received = 0;
  #acked = 0;
  #isPaused = false;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** `send` gets the number of slabs since the channel was joined. */
  constructor(private readonly send: (count: number) => void) {}

  received(): void {
    this.#received++;
    if (this.#received - this.#acked >= EVERY) this.#flush();
    else {
      clearTimeout(this.#timer);
      this.#timer = setTimeout(() => this.#flush(), AFTER);
    }
  }

  /** The channel was joined anew, or left. */
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
