// The state of the page: the connection, the tree, and for each root how its scan is going.
// Components read it and call it; nothing here draws.
import { Socket } from "phoenix";
import {
  connectIndex,
  connectScan,
  formatReason,
  printable,
  TreeStore,
  type Connection,
  type ConnectionState,
  type Folder,
  type IndexClient,
  type RootEvent,
  type Row,
  type ScanOptions,
  type Summary,
} from "aether-client";
import { TreeState } from "aether-client/svelte";
import type { Place } from "./place";
import { RootStatus } from "./root-status.svelte";
import { sizes } from "./sizes.svelte";
import { Totals } from "./totals.svelte";

export interface RootInfo {
  key: string;
  label: string;
}

/** How each root is scanned: the tree shows sizes on disk. */
const SCAN: ScanOptions = { depth: 2, progress: true, metadata: ["disk"] };

/** How often the age of the index is queried: it grows stale without an event. */
const AGE_INTERVAL = 60_000;

/** How a way ended: at its entry, nowhere, or because another was taken or nobody wanted it. */
export type Way = "arrived" | "failed" | "stopped";

export class Session {
  readonly store = new TreeStore();
  readonly tree = new TreeState(this.store);
  readonly connection: Connection;
  readonly index: IndexClient;
  readonly totals: Totals;
  /** By the keys of the roots. */
  readonly statuses: Record<string, RootStatus>;
  state: ConnectionState = $state("joining");
  refusal = $state("");
  /** A message to the user, until the next one. */
  notice = $state("");
  /** The way to an entry is being opened; of roots the name is "". */
  isGoing = $state(false);
  going = $state("");
  /** What Go to File searches for; null while it is closed. */
  find: string | null = $state(null);
  #wasLost = false;

  constructor(readonly roots: RootInfo[]) {
    const socket = new Socket("/socket");
    const { callbacks } = this.tree;
    socket.connect();
    this.connection = connectScan(socket.channel("files:page"), this.store, {
      roots: roots.map((root) => ({ ...root, options: SCAN })),
      onstate: (state, reason) => {
        callbacks.onstate(state, reason);
        this.#enter(state, reason);
      },
      onprogress: callbacks.onprogress,
      oncompleted: (folder, summary) => {
        callbacks.oncompleted(folder, summary);
        this.#completed(folder, summary);
      },
      onerror: (reason, folder) => {
        callbacks.onerror(reason, folder);
        if (folder?.path) this.notice = `Could not open the folder: ${formatReason(reason)}`;
      },
    });
    this.index = connectIndex(this.connection, { onroot: (event) => this.#receive(event) });
    this.totals = new Totals(this.store, this.connection, this.index);
    this.statuses = Object.fromEntries(
      roots.map(({ key }) => [key, new RootStatus(this.index, key)]),
    );
    setInterval(() => {
      if (this.state !== "joined") return;
      for (const status of Object.values(this.statuses)) if (status.event) void status.queryAge();
    }, AGE_INTERVAL);
  }

  /** The row that has the focus, or was chosen last. */
  get current(): Row | undefined {
    return this.tree.row(this.tree.focusIndex);
  }

  /** The root of that row. */
  get root(): RootInfo | undefined {
    const row = this.current;
    const key = row && (row.parent.root.key || row.folder?.root.key);
    return this.roots.find((root) => root.key === key) ?? this.roots[0];
  }

  /** The status of that root. */
  get status(): RootStatus | undefined {
    return this.root && this.statuses[this.root.key];
  }

  get isScanning(): boolean {
    return Object.values(this.statuses).some(({ isScanning }) => isScanning);
  }

  /** Scans the whole root again, and lists its open folders again. */
  async rescan(): Promise<void> {
    const { root } = this;
    if (!root) return;
    this.notice = "";
    const answer = await this.index.scan(root.key, { again: true });
    if (!answer.ok) this.notice = `Could not scan: ${formatReason(answer.reason)}`;
    for (const folder of this.#openFolders(root.key)) this.connection.scan(folder);
  }

  cancel(): void {
    this.connection.cancel();
    for (const { key, isScanning } of Object.values(this.statuses))
      if (isScanning) void this.index.cancel(key);
  }

  /** The user has done something by which to tell where they are. */
  get isAnywhere(): boolean {
    return !!this.current || !!this.tree.filter || this.find !== null;
  }

  /** Where the user is; null without roots. */
  get place(): Place | null {
    const { current: row, find } = this;
    const { filter } = this.tree;
    if (!this.root) return null;
    const path = row?.parent.root.key ? row.parent.join(row.name) : "";
    const isInside = !path || row!.isOpen;
    return {
      root: this.root.key,
      folder: isInside ? path : row!.parent.path,
      select: isInside ? "" : row!.name,
      filter,
      find,
      sizes: sizes.isApparent ? "apparent" : "disk",
    };
  }

  /** Goes to a place. */
  async show({
    root,
    folder = "",
    select,
    filter,
    find,
    sizes: shown,
  }: Partial<Place>): Promise<Way> {
    this.find = find ?? null;
    if (shown) sizes.isApparent = shown === "apparent";
    if (root === undefined) return "failed";
    const path = select && folder ? `${folder}/${select}` : select || folder;
    const way = await this.goTo(root, path, { open: !select });
    if (way === "arrived") this.tree.filter = filter ?? "";
    return way;
  }

  /**
   * Goes to an entry whose path is known; with `open`, into it if it is a folder. Where it
   * leads nowhere, the user is told.
   */
  async goTo(key: string, path: string, options?: { open?: boolean }): Promise<Way> {
    this.notice = "";
    this.isGoing = true;
    this.going = path.slice(path.lastIndexOf("/") + 1);
    const end = await this.tree.reveal(key, path, options);
    if (!end.ok && end.reason === "superseded") return "stopped";
    this.isGoing = false;
    this.going = "";
    if (end.ok) return "arrived";
    if (end.reason === "cancelled") return "stopped";
    const { folder, reason } = end;
    const place = printable(folder.name || this.#label(key));
    const failed = `“${printable(end.name)}”`;
    if (reason === "not_a_folder") this.notice = `${failed} in ${place} is not a folder.`;
    else if (reason !== "not_found")
      this.notice = `Could not go to ${failed}: ${place}: ${formatReason(reason)}.`;
    else if (folder.state === "complete")
      this.notice = `There is no ${failed} in ${place}: it was deleted, moved, or is not shown.`;
    // The server says the same of what is not there and of what it does not let anybody have.
    else this.notice = `Could not go to ${failed}: ${place} could not be opened.`;
    return "failed";
  }

  #label(key: string): string {
    return this.roots.find((root) => root.key === key)?.label ?? key;
  }

  #receive(event: RootEvent): void {
    this.statuses[event.root]?.receive(event);
    if (event.status === "scanning") this.totals.scanning(event.root);
    else this.totals.scanned(event.root);
  }

  #enter(state: ConnectionState, reason?: string): void {
    this.state = state;
    this.refusal = reason ? formatReason(reason) : "";
    if (state === "lost") this.#wasLost = true;
    if (state !== "joined" || !this.#wasLost) return;
    // What is shown may be out of date, and the server has forgotten this page.
    this.#wasLost = false;
    for (const { key } of this.roots) this.connection.scan(this.store.root(key));
  }

  #completed(folder: Folder, { first_entry_ms }: Summary): void {
    const status = this.statuses[folder.root.key];
    if (!folder.path && first_entry_ms !== null) status.firstEntry = first_entry_ms;
  }

  #openFolders(key: string): Folder[] {
    const folders: Folder[] = [];
    const add = (folder: Folder) => {
      folders.push(folder);
      folder.view?.children.forEach(add);
    };
    add(this.store.root(key));
    return folders;
  }
}
