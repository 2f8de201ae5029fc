// The page of the tests over a real socket: Phoenix's own client, the connection and the component,
// as in an app. ?root=tree&depth=2 selects what is shown; with ?socket=PORT the socket goes there.
import { Socket } from "phoenix";
import { mount } from "svelte";
import {
  connectIndex,
  connectScan,
  TreeStore,
  type ConnectOptions,
  type Folder,
  type RootEvent,
  type Row,
  type ScanOptions,
} from "../../../src/index.js";
import { nameOf } from "../../../src/slab/entry.js";
import { FileTree, TreeState } from "../../../src/svelte/index.js";

const wanted = new URLSearchParams(location.search);
const key = wanted.get("root") ?? "tree";
const depth = wanted.get("depth") ?? "2";
const options: ScanOptions = {
  depth: depth === "infinity" ? depth : Number(depth),
  index: wanted.get("index") === "true",
};

const store = new TreeStore();
const tree = new TreeState(store);
/** Events of the connection, in order. */
const log: string[] = [];
const selected: string[] = [];
const events: RootEvent[] = [];

/** Logs events, and passes them on to the component. */
const callbacks: ConnectOptions = {
  onstate(state, reason) {
    log.push(state);
    tree.callbacks.onstate(state, reason);
  },
  onprogress: tree.callbacks.onprogress,
  oncompleted(folder, summary) {
    log.push(`${folder.path || "root"} ${summary.status}`);
    tree.callbacks.oncompleted(folder, summary);
  },
  onerror(reason, folder) {
    log.push(`error ${reason}`);
    tree.callbacks.onerror(reason, folder);
  },
};

const port = wanted.get("socket");
const endpoint = port ? `ws://127.0.0.1:${port}/socket` : "/socket";
const socket = new Socket(endpoint, { reconnectAfterMs: () => 20, rejoinAfterMs: () => 20 });
const channel = socket.channel("files:all");
let slabs = 0;
let bytes = 0;
channel.on("slab", (slab: ArrayBuffer) => {
  slabs++;
  bytes += slab.byteLength;
});
socket.connect();
const connection = connectScan(channel, store, {
  roots: [{ key, label: key, options }],
  ...callbacks,
});
if (wanted.has("paused")) connection.pause();
const index = connectIndex(connection, { onroot: (event) => events.push(event) });

/** The paths of all entries in the store, in no order and including duplicates. */
function paths(): string[] {
  const paths: string[] = [];
  for (const folder of store.root(key).root.folders.values()) {
    const { listing } = folder;
    for (let i = 0; i < (listing?.count ?? 0); i++) {
      const { columns, entry } = listing!.at(i);
      paths.push(folder.join(nameOf(columns, entry)));
    }
  }
  return paths;
}

const app = {
  store,
  tree,
  socket,
  connection,
  index,
  log,
  selected,
  events,
  paths,
  get slabs() {
    return slabs;
  },
  get bytes() {
    return bytes;
  },
  folder: (path: string): Folder => store.folder(key, path)!,
};

mount(FileTree, {
  target: document.querySelector("main")!,
  props: {
    tree,
    label: "Files",
    onselect: (row: Row) => void selected.push(row.parent.join(row.name)),
  },
});
Object.assign(window, { app });

declare global {
  interface Window {
    app: typeof app;
  }
}
