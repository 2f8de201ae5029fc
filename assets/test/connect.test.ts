import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { connectScan, pathFields, pathIn, TreeStore, type ConnectOptions } from "../src/index.js";
import { encodeSlab, type RecordSpec } from "./support/encode.js";
import { Server } from "./support/server.js";
import { close, open, picture, record, rowNamed } from "./support/tree.js";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

function connect(options: ConnectOptions = {}, join: Server["join"] = ["ok", {}]) {
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
function ready(names = ["a/", "b/", "c/"], options?: ConnectOptions, join?: Server["join"]) {
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

describe("a root", () => {
  it("is scanned when the channel is joined, and shown", () => {
    const { server, store, log, accept, send, complete } = connect();
    expect(server.requests.map(({ event, payload }) => [event, payload])).toEqual([
      ["scan", { root: "home", depth: 3 }],
    ]);
    expect(store.root("home").state).toBe("loading");
    accept(7);
    send(7, record("", ["a/"], 0));
    server.push("progress", { tag: 7, found: 1, path: "" });
    send(7, record("", ["b"]));
    complete(7);
    expect(picture(store)).toEqual(["+a", " b"]);
    expect(log).toEqual(["joined", "progress  1", "completed  complete"]);
  });

  it("that is refused says why, and can be requested again", () => {
    const { server, store, log, connection } = connect();
    server.requests.shift()!.reply("error", { reason: "not_found" });
    expect(store.root("home")).toMatchObject({ state: "failed", reason: "not_found" });
    expect(log).toEqual(["joined", "error not_found "]);
    connection.scan(store.root("home"));
    expect(server.take()).toEqual(['scan {"root":"home","depth":3}']);
  });

  it("whose scan failed says why", () => {
    const { store, accept, complete } = connect();
    accept(1);
    complete(1, "failed", "eio");
    expect(store.root("home")).toMatchObject({ state: "failed", reason: "eio" });
  });
});

describe("a folder", () => {
  it("is requested when opened, by bytes if its path is not UTF-8", () => {
    const { server, store, accept, send } = ready(["é/", "\udcff\udcfe/"]);
    open(store, "é");
    open(store, "\udcff\udcfe");
    expect(server.requests.map(({ payload }) => payload)).toEqual([
      { root: "home", path: "é" },
      { root: "home", path_base64: "//4=" },
    ]);
    accept(2);
    accept(3);
    send(3, record("\udcff\udcfe", ["in"]));
    expect(rowNamed(store, "in").level).toBe(2);
  });

  it("beyond the limit waits here, the last click first", () => {
    const { server, store, accept, complete, connection } = ready(undefined, {}, [
      "ok",
      { running: 1, waiting: 0 },
    ]);
    for (const name of ["a", "b", "c"]) open(store, name);
    expect(server.requests.map(({ payload }) => payload.path)).toEqual(["a"]);
    expect(connection.pending).toBe(3);
    accept(2);
    complete(2);
    expect(server.take()).toEqual(['scan_subdir {"root":"home","path":"c"}']);
  });

  it("that was closed again is not requested", () => {
    const { server, store, accept, complete } = ready(undefined, {}, [
      "ok",
      { running: 1, waiting: 0 },
    ]);
    open(store, "a");
    open(store, "b");
    close(store, "b");
    accept(2);
    complete(2);
    expect(server.take()).toEqual([]);
    expect(store.folder("home", "b")!.state).toBe("unread");
  });

  it("that the server has no room for is requested again", () => {
    const { server, store, log } = ready();
    open(store, "a");
    server.requests.shift()!.reply("error", { reason: "too_many_scans" });
    expect([store.folder("home", "a")!.state, log]).toEqual(["loading", []]);
    vi.advanceTimersByTime(1000);
    expect(server.take()).toEqual(['scan_subdir {"root":"home","path":"a"}']);
  });

  it("whose scan the server cancelled as idle is requested again", () => {
    const { server, store, accept, complete } = ready();
    open(store, "a");
    accept(2);
    complete(2, "cancelled", "idle");
    expect(server.take()).toEqual(['scan_subdir {"root":"home","path":"a"}']);
  });
});

describe("cancelling", () => {
  it("ends scans beneath a folder that run, wait or are being requested", () => {
    const { server, store, accept, complete, send, connection } = ready(undefined, {}, [
      "ok",
      { running: 2, waiting: 0 },
    ]);
    for (const name of ["a", "b", "c"]) open(store, name);
    accept(2);
    connection.cancel(store.folder("home", "a"));
    expect(server.requests.pop()).toMatchObject({ event: "cancel", payload: { tag: 2 } });
    send(2, record("a", ["x"], 0));
    complete(2, "cancelled", "client");
    expect(store.folder("home", "a")).toMatchObject({ state: "failed", reason: -1 });

    connection.cancel();
    accept(3);
    expect(server.take().filter((line) => line.startsWith("cancel"))).toEqual(['cancel {"tag":3}']);
  });
});

describe("acks", () => {
  const acks = (server: Server) => server.take().map((line) => JSON.parse(line.slice(4)).count);

  it("are sent at once after a pause, after every fourth slab, and 10 ms after the last", () => {
    const { server, accept, send } = connect();
    accept(1);
    for (let i = 0; i < 7; i++) send(1, record("", [`${i}`], 0));
    expect(acks(server)).toEqual([1, 5]);
    vi.advanceTimersByTime(9);
    send(1, record("", ["7"], 0));
    vi.advanceTimersByTime(9);
    expect(acks(server)).toEqual([]);
    vi.advanceTimersByTime(1);
    expect(acks(server)).toEqual([8]);
    vi.advanceTimersByTime(10_000);
    expect(acks(server)).toEqual([]);
    send(1, record("", ["8"], 0));
    expect(acks(server)).toEqual([9]);
  });

  it("count unwanted and damaged slabs", () => {
    const { server, log } = connect();
    server.take();
    for (let i = 0; i < 3; i++) server.slab(encodeSlab({ tag: 99, records: [] }));
    server.slab(new ArrayBuffer(3));
    vi.advanceTimersByTime(10);
    expect(acks(server)).toEqual([1, 4]);
    expect(log.at(-1)).toMatch(/^error DecodeError: 3 bytes are too short/);
  });

  it("wait while paused", () => {
    const { server, connection, accept, send } = connect();
    accept(1);
    connection.pause();
    for (let i = 0; i < 16; i++) send(1, record("", [`${i}`], 0));
    vi.advanceTimersByTime(10_000);
    expect(acks(server)).toEqual([]);
    connection.resume();
    expect(acks(server)).toEqual([16]);
  });
});

describe("several roots", () => {
  const roots = ["a", "b", "c", "d"].map((key) => ({ key }));
  const asked = (server: Server) =>
    server.take().map((line) => JSON.parse(line.slice(line.indexOf(" "))).root);

  it("are requested in their order, and a turn is left for folders", () => {
    const { server, accept, complete } = connect({ roots }, ["ok", { running: 3, waiting: 8 }]);
    expect(server.requests.map(({ payload }) => payload.root)).toEqual(["a", "b"]);
    accept(1);
    accept(2);
    complete(2);
    expect(asked(server)).toEqual(["c"]);
  });

  it("that are open come before those that are closed", () => {
    const { server, store, accept, complete } = connect({ roots }, [
      "ok",
      { running: 1, waiting: 8 },
    ]);
    store.close(store.root("b"));
    accept(1);
    complete(1);
    expect(asked(server)).toEqual(["c"]);
  });

  it("keep their order when they are requested again", () => {
    const { server, store, connection, log } = connect({ roots });
    server.drop();
    for (const { key } of roots) connection.scan(store.root(key));
    server.take();
    vi.advanceTimersByTime(50);
    server.open();
    vi.advanceTimersByTime(50);
    expect(log).toEqual(["joined", "lost", "joined"]);
    expect(asked(server)).toEqual(["a", "b", "c"]);
  });
});

it("a slab in base64, as over long polling, is one as well", () => {
  const { server, store, accept } = connect();
  accept(1);
  const bytes = encodeSlab({ tag: 1, sequence: 0, records: [record("", ["x", "y"])] });
  server.push("slab", { base64: Buffer.from(bytes).toString("base64") });
  expect(picture(store)).toEqual([" x", " y"]);
});

describe("a lost connection", () => {
  it("comes back, and unfinished scans are requested again", () => {
    const { server, store, log, accept, send, complete } = ready();
    open(store, "a");
    open(store, "b");
    accept(2);
    send(2, record("a", ["x", "y"], 0));
    server.drop();
    expect(store.folder("home", "a")!.state).toBe("loading");
    vi.advanceTimersByTime(50);
    server.open();
    vi.advanceTimersByTime(50);
    expect(log).toEqual(["lost", "joined"]);
    expect(server.joins).toBe(2);
    // The request and the ack from before.
    server.requests.splice(0, 2);
    expect(server.requests.map(({ payload }) => payload.path)).toEqual(["a", "b"]);
    // The same tag as before, for another scan.
    accept(2);
    send(2, record("a", ["y", "x", "z"]));
    complete(2);
    store.work();
    expect(picture(store)).toEqual(["-a", "   x", "   y", "   z", "-b", "+c"]);
    expect(server.take()).toContain('ack {"count":1}');
  });

  it("is reported, and so is a refused join", () => {
    const { log, server } = connect({}, ["error", { reason: "unauthorized" }]);
    expect(log).toEqual(["refused unauthorized"]);
    expect(server.take()).toEqual([]);
  });
});

describe("options", () => {
  it("of a root apply to its folders, except depth and index", () => {
    const roots = [{ key: "home", options: { depth: 3, index: true, exclude: [".git"] } }];
    const { server, store, connection, accept, complete } = ready(undefined, { roots });
    open(store, "a");
    expect(server.requests[0].payload).toEqual({ root: "home", path: "a", exclude: [".git"] });
    accept(2);
    complete(2);
    connection.scan(store.root("home"), { depth: 1, index: false });
    expect(server.requests[0].payload).toEqual({
      root: "home",
      depth: 1,
      index: false,
      exclude: [".git"],
    });
    accept(3);
    complete(3);
    connection.scan(store.folder("home", "a")!, { depth: "infinity" });
    expect(server.take()).toEqual([
      'scan_subdir {"root":"home","exclude":[".git"],"depth":"infinity","path":"a"}',
    ]);
  });

  it("are the same after a lost connection, but no root is scanned into the index twice", () => {
    const { server, store, connection, accept } = ready();
    connection.scan(store.root("home"), { index: true, hidden: false });
    accept(2);
    server.drop();
    vi.advanceTimersByTime(50);
    server.open();
    vi.advanceTimersByTime(50);
    expect(server.take()).toEqual(['scan {"root":"home","depth":3,"hidden":false}']);
  });
});

it("other requests resolve to a result", async () => {
  const { server, connection } = ready();
  const search = connection.request("search", { root: "home", query: "x" });
  server.requests.shift()!.reply("ok", { entries: [] });
  expect(await search).toEqual({ ok: true, value: { entries: [] } });
  const children = connection.request("children", {});
  server.requests.shift()!.reply("error", { reason: "not_found" });
  expect(await children).toEqual({ ok: false, reason: "not_found" });
});

it("leaving ends everything", () => {
  const { store, connection, accept, send, log } = connect();
  accept(1);
  send(1, record("", ["a"], 0));
  connection.leave();
  expect(store.root("home")).toMatchObject({ state: "failed", reason: -1 });
  expect([store.onRequest, connection.pending, log.at(-1)]).toEqual([null, 0, "left"]);
});

it("paths survive the wire and back", () => {
  for (const path of ["", "a/é", "\udcff/x", "a\udc80"])
    expect(pathIn(JSON.parse(JSON.stringify(pathFields(path))))).toBe(path);
});

describe("slabs that exceed the budget of a frame", () => {
  const names = Array.from({ length: 40 }, (_, i) => `f${i}`);

  /** Makes the page visible; in it, each reading of the clock is a millisecond later. */
  function busy() {
    let clock = 0;
    vi.stubGlobal("document", { visibilityState: "visible" });
    vi.stubGlobal("requestAnimationFrame", (callback: () => void) => setTimeout(callback, 16));
    vi.stubGlobal("cancelAnimationFrame", clearTimeout);
    vi.spyOn(performance, "now").mockImplementation(() => clock++);
    const all = connect();
    all.accept(1);
    for (const name of names.slice(0, -1)) all.send(1, record("", [name], 0));
    all.send(1, record("", names.slice(-1)));
    return all;
  }

  it("are acknowledged ahead of it as long as few wait, and the end of their scan waits", () => {
    const { server, store, log, complete } = busy();
    const acked = () => server.take().filter((request) => request.startsWith("ack"));
    complete(1);
    expect(store.rowCount).toBeLessThan(names.length);
    expect(log).toEqual(["joined"]);
    // Three were taken in, sixteen wait.
    vi.advanceTimersByTime(10);
    expect(acked().at(-1)).toBe('ack {"count":19}');
    vi.advanceTimersByTime(2000);
    expect(store.rowCount).toBe(names.length);
    expect(store.root("home").state).toBe("complete");
    expect(log).toEqual(["joined", "completed  complete"]);
    expect(acked().at(-1)).toBe('ack {"count":40}');
  });

  it("are dropped when the connection is lost, and their folder is requested again", () => {
    const { server, store, log } = busy();
    server.drop();
    vi.advanceTimersByTime(51);
    server.take();
    server.open();
    const before = store.rowCount;
    expect(before).toBeLessThan(names.length);
    vi.advanceTimersByTime(1000);
    expect(store.rowCount).toBe(before);
    expect(log.filter((word) => word.startsWith("error"))).toEqual([]);
    // And nothing is acknowledged that was not sent since the new join.
    expect(server.take()).toEqual(['scan {"root":"home","depth":3}']);
  });
});

describe("stat", () => {
  it("gives what the server tells of an entry, its target as text like a name", async () => {
    const { server, connection } = ready();
    const stat = async (path: string, reply: object) => {
      const answer = connection.stat("home", path);
      server.requests.shift()!.reply("ok", reply);
      return answer;
    };
    const all = { kind: "symlink", size: 3, inode: "18446744073709551615", btime_ms: null };
    expect(await stat("a", { ...all, target: "../b" })).toEqual({
      ok: true,
      value: { ...all, target: "../b" },
    });
    expect(await stat("a", { ...all, target_base64: "Lv8=" })).toEqual({
      ok: true,
      value: { ...all, target: ".\udcff" },
    });
    expect(await stat("a", { ...all, target: null })).toEqual({
      ok: true,
      value: { ...all, target: null },
    });
    expect(await stat("a", all)).toEqual({ ok: true, value: all });
  });

  it("asks for the root, and for names that are not UTF-8; a refusal is a reason", async () => {
    const { server, connection } = ready();
    void connection.stat("home", "");
    const answer = connection.stat("home", "a/\udcff");
    server.requests.at(-1)!.reply("error", { reason: "bad_request", member: "path" });
    expect(await answer).toEqual({ ok: false, reason: "bad_request", member: "path" });
    expect(server.take()).toEqual([
      'stat {"root":"home","path":""}',
      'stat {"root":"home","path_base64":"YS//"}',
    ]);
  });
});

describe("attributes", () => {
  it("are asked for by the names of their groups, and a refusal fails the folder", () => {
    const roots = [{ key: "home", options: { metadata: ["disk" as const, "owner" as const] } }];
    const { server, store, log } = connect({ roots });
    expect(server.requests[0].payload).toEqual({ root: "home", metadata: ["disk", "owner"] });
    server.requests[0].reply("error", {
      reason: "bad_request",
      member: "metadata",
      group: "owner",
    });
    expect(store.root("home").reason).toBe("bad_request");
    expect(log).toContain("error bad_request  metadata owner");
  });
});
