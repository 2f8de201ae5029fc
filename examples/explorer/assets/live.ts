// The hook of the LiveView page: renders the tree into its element, and fills it over a channel on
// LiveView's own connection.
import { Socket } from "phoenix";
import { LiveSocket, type Hook } from "phoenix_live_view";
import { mount, unmount } from "svelte";
import { connectScan, formatReason, TreeStore, type Connection } from "aether-client";
import { FileTree, TreeState } from "aether-client/svelte";
import "./page.css";

interface TreeHook extends Hook {
  connection: Connection;
  tree: object;
}

const Tree = {
  mounted(this: TreeHook) {
    const { root: key, label } = this.el.dataset as { root: string; label: string };
    const store = new TreeStore();
    const tree = new TreeState(store);
    this.connection = connectScan(this.liveSocket.getSocket().channel("files:live"), store, {
      roots: [{ key, label, options: { depth: 2, progress: true } }],
      // The LiveView gets only what it shows: figures of the root.
      onprogress: (folder, { found, rate }) =>
        folder.path || this.pushEvent("progress", { found, rate }),
      oncompleted: (folder, { errors, ...summary }) =>
        folder.path || this.pushEvent("completed", { ...summary, errors: errors.count }),
      onerror: (reason) => this.pushEvent("error", { reason: formatReason(reason) }),
    });
    this.handleEvent("rescan", () => this.connection.scan(store.root(key)));
    this.handleEvent("cancel", () => this.connection.cancel());
    const props = { tree, label, hasStatus: false, hasColumns: true };
    this.tree = mount(FileTree, { target: this.el, props });
  },
  destroyed(this: TreeHook) {
    this.connection.leave();
    void unmount(this.tree);
  },
};

const token = document.querySelector<HTMLMetaElement>("meta[name=csrf-token]")!.content;
const live = new LiveSocket("/socket", Socket, { params: { _csrf_token: token }, hooks: { Tree } });
live.connect();
