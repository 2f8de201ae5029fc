// What the server answers about the entry whose details are shown. It is asked when an entry has kept the
// focus for a while; what it does not tell, or refuses, is not shown.
import type { Connection, Stat } from "aether-client";

export class StatOf {
  /** Of the entry that was last wanted; null until it is known. */
  current: Stat | null = $state.raw(null);
  /** Its root and path. */
  #wanted = "";
  readonly #connection: Connection;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  /** Asks for an entry after a delay. An older answer for the same one is shown until then. */
  want(root: string, path: string, delay: number): () => void {
    const wanted = JSON.stringify([root, path]);
    if (wanted !== this.#wanted) this.current = null;
    this.#wanted = wanted;
    const timer = setTimeout(() => void this.#ask(root, path, wanted), delay);
    return () => clearTimeout(timer);
  }

  async #ask(root: string, path: string, wanted: string): Promise<void> {
    const answer = await this.#connection.stat(root, path);
    if (wanted === this.#wanted) this.current = answer.ok ? answer.value : null;
  }
}
