// The tree as a custom element, <aether-tree>, for pages without Svelte.
import { mount, unmount } from "svelte";
import { connectScan } from "../channel/connect.js";
import type { ChannelLike, Connection, ConnectOptions } from "../channel/connection.js";
import FileTree from "../svelte/FileTree.svelte";
import { TreeState } from "../svelte/tree.svelte.js";
import type { Row } from "../tree/row.js";
import { TreeStore } from "../tree/store.js";

// A server that renders pages may load this file, and has no elements.
const Element = globalThis.HTMLElement ?? (class {} as typeof HTMLElement);

/**
 * Attributes: `label`, `columns`, `no-status`. A file that was chosen is an event `aether-select`,
 * whose `detail` is its row.
 */
export class AetherTree extends Element {
  static readonly observedAttributes = ["label", "columns", "no-status"];

  readonly store = new TreeStore();
  readonly tree = new TreeState(this.store);
  #label = $state("Files");
  #hasColumns = $state(false);
  #hasStatus = $state(true);
  #sizeOf = $state.raw((row: Row) => (row.isFolder ? null : row.size));
  #component: object | null = null;

  /** The size to show for a row, in bytes. */
  get sizeOf(): (row: Row) => number | null {
    return this.#sizeOf;
  }

  set sizeOf(sizeOf: (row: Row) => number | null) {
    this.#sizeOf = sizeOf;
  }

  /** `connectScan` with the element's store; its status line shows how the scans are going. */
  connect(channel: ChannelLike, options: ConnectOptions = {}): Connection {
    const { callbacks } = this.tree;
    return connectScan(channel, this.store, {
      ...options,
      onstate(...event) {
        callbacks.onstate(...event);
        options.onstate?.(...event);
      },
      onprogress(...event) {
        callbacks.onprogress(...event);
        options.onprogress?.(...event);
      },
      oncompleted(...event) {
        callbacks.oncompleted(...event);
        options.oncompleted?.(...event);
      },
      onerror(...event) {
        callbacks.onerror(event[0], event[1]);
        options.onerror?.(...event);
      },
    });
  }

  attributeChangedCallback(name: string, _old: string | null, value: string | null): void {
    if (name === "label") this.#label = value ?? "Files";
    else if (name === "columns") this.#hasColumns = value !== null;
    else this.#hasStatus = value === null;
  }

  connectedCallback(): void {
    this.#component ??= mount(FileTree, { target: this, props: this.#props() });
  }

  disconnectedCallback(): void {
    // One that is only moved is in the document again by then, and keeps its place.
    queueMicrotask(() => {
      if (this.isConnected || !this.#component) return;
      void unmount(this.#component);
      this.#component = null;
    });
  }

  /** Read by the component whenever they change. */
  #props() {
    const element = this;
    return {
      tree: this.tree,
      onselect: (row: Row) =>
        void this.dispatchEvent(new CustomEvent("aether-select", { detail: row, bubbles: true })),
      get label() {
        return element.#label;
      },
      get hasColumns() {
        return element.#hasColumns;
      },
      get hasStatus() {
        return element.#hasStatus;
      },
      get sizeOf() {
        return element.#sizeOf;
      },
    };
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "aether-tree": AetherTree;
  }
  interface GlobalEventHandlersEventMap {
    "aether-select": CustomEvent<Row>;
  }
}

// Another copy of this package may have been faster.
if (globalThis.customElements && !customElements.get("aether-tree"))
  customElements.define("aether-tree", AetherTree);
