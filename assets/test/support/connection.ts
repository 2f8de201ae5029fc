// A store that is connected to a server of the tests.
import { vi } from "vitest";
import { connectScan, TreeStore, type ConnectOptions } from "../../src/index.js";
import { encodeSlab, type RecordSpec } from "./encode.js";
import { Server } from "./server.js";
import { record } from "./tree.js";

/** A connection to a server of the tests, what it tells logged. */
export function connect(options: ConnectOptions = {}, join: Server["join"] = ["ok", {}]) {
  const server = new Server();
  server.join = join;
  const store = new TreeStore();
  const log: string[] = [];
  const connection = connectScan(server.socket.channel("tree"), store, {
    roots: [{ key: "home", options: { depth: 3 } }],
    onstate: (state, reason) => log.push([state, reason].join(" ").trim()),
    onprogress: (folder, { found }) => log.push(`progress ${folder.path} ${found}`),
    oncompleted: (folder, { status }) => log.push(`completed ${folder.path} ${status}`),
    onerror: (reason, folder, reply) =>
      log.push(
        [`error ${reason} ${folder?.path}`, reply?.member, reply?.group]
          .filter((word) => word !== undefined)
          .join(" "),
      ),
    ...options,
  });
  const sequences = new Map<number, number>();
  return {
    server,
    store,
    log,
    connection,
    /** Accepts the oldest request. */
    accept(tag: number) {
      sequences.set(tag, 0);
      server.requests.shift()!.reply("ok", { tag });
    },
    send(tag: number, ...records: RecordSpec[]) {
      const sequence = sequences.get(tag)!;
      sequences.set(tag, sequence + 1);
      server.slab(encodeSlab({ tag, sequence, records }));
    },
    complete: (tag: number, status = "complete", reason: string | null = null) =>
      server.push("completed", { tag, status, reason }),
  };
}

/** A root with folders a to z, completely scanned. */
export function ready(names = ["a/", "b/", "c/"], options?: ConnectOptions, join?: Server["join"]) {
  const all = connect(options, join);
  all.accept(1);
  all.send(1, record("", names));
  all.complete(1);
  all.store.work();
  vi.advanceTimersByTime(200);
  all.server.take();
  all.log.length = 0;
  return all;
}
