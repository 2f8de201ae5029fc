// What the page knows: the connection, the tree, and of each root how its scan is going. Components
// read it and call it; nothing here draws.
import { Socket } from "phoenix";
import {
  connectScan,
  formatReason,
  TreeStore,
  type Connection,
  type ConnectionState,
  type Folder,
  type Row,
  type Summary,
} from "aether-client";
import { TreeState } from "aether-client/svelte";
import { isScanning, Knowledge, type IndexNews } from "./knowledge.svelte";
import { Totals } from "./totals.svelte";

export interface RootInfo {
  key: string;
  label: string;
}

const MINUTE = 60_000;

export class Session {
  readonly store = new TreeStore();
  readonly tree = new TreeState(this.store);
  readonly connection: Connection;
  readonly totals: Totals;
  readonly knowledge: Record<string, Knowledge>;
  state: ConnectionState = $state("joining");
  refusal = $state("");
  /** What somebody should hear of, until the next. */
  notice = $state("");
  #wasLost = false;

  constructor(readonly roots: RootInfo[]) {
    const socket = new Socket("/socket");
    const channel = socket.channel("files:page");
    const { callbacks } = this.tree;
    this.knowledge = Object.fromEntries(roots.map(({ key }) => [key, new Knowledge(this, key)]));
    channel.on("index", (news: IndexNews) => this.knowledge[news.root]?.heard(news));
    socket.connect();
    this.connection = connectScan(channel, this.store, {
      roots: roots.map((root) => ({ ...root, options: { depth: 2, progress: true } })),
      onstate: (state, reason) => {
        callbacks.onstate(state, reason);
        this.#entered(state, reason);
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
    this.totals = new Totals(this, channel);
    // What was true an hour ago need not be any more, and nobody tells.
    setInterval(() => {
      if (this.state !== "joined") return;
      for (const one of Object.values(this.knowledge)) if (one.news) void one.ask();
    }, MINUTE);
  }

  /** The row that has the focus, or was chosen last. */
  get current(): Row | undefined {
    return this.tree.row(this.tree.focusIndex);
  }

  /** The root that it lies in. */
  get root(): RootInfo | undefined {
    const row = this.current;
    const key = row && (row.parent.root.key || row.folder?.root.key);
    return this.roots.find((root) => root.key === key) ?? this.roots[0];
  }

  get isScanning(): boolean {
    return this.roots.some(({ key }) => isScanning(this.knowledge[key].news));
  }

  /** Scans everything anew, and lists what is open again. */
  async rescan(): Promise<void> {
    const { root } = this;
    if (!root) return;
    this.notice = "";
    // Its own slabs have no place in the store; what is shown comes with the scans after it.
    const answer = await this.connection.request("scan", { root: root.key, depth: 1, index: true });
    if (!answer.ok) this.notice = `Could not scan: ${formatReason(answer.reason)}`;
    for (const folder of this.#openFolders(root.key)) this.connection.scan(folder);
  }

  cancel(): void {
    this.connection.cancel();
    for (const { key } of this.roots)
      if (isScanning(this.knowledge[key].news))
        void this.connection.request("cancel", { root: key });
  }

  /** Goes to an entry of which the path is known. */
  async goTo(key: string, path: string): Promise<void> {
    this.notice = "";
    if (!(await this.tree.reveal(key, path)))
      this.notice = "It is not there any more, or cannot be opened.";
  }

  #entered(state: ConnectionState, reason?: string): void {
    this.state = state;
    this.refusal = reason ? formatReason(reason) : "";
    if (state === "lost") this.#wasLost = true;
    if (state !== "joined" || !this.#wasLost) return;
    // The server has forgotten this page: it is told again what is wanted.
    this.#wasLost = false;
    this.totals.forget();
    for (const { key } of this.roots) this.connection.scan(this.store.root(key));
  }

  #completed(folder: Folder, { first_entry_ms }: Summary): void {
    if (folder.path) return;
    const knowledge = this.knowledge[folder.root.key];
    if (first_entry_ms !== null) knowledge.firstEntry = first_entry_ms;
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
