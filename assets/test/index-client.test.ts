import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import {
  connectIndex,
  connectScan,
  TreeStore,
  type RootEvent,
  type FolderTotals,
} from "../src/index.js";
import { Server } from "./support/server.js";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function connect() {
  const server = new Server();
  const connection = connectScan(server.socket.channel("tree"), new TreeStore());
  const events: RootEvent[] = [];
  const index = connectIndex(connection, { onroot: (event) => events.push(event) });
  const totals: FolderTotals[][] = [];
  return {
    server,
    connection,
    index,
    events,
    totals,
    note: (folders: FolderTotals[]) => void totals.push(folders),
    /** Loses the connection and restores it. */
    reconnect() {
      server.drop();
      vi.advanceTimersByTime(50);
      server.open();
      vi.advanceTimersByTime(50);
    },
    /** Waits until replies have been handled. */
    settled: () => vi.advanceTimersByTimeAsync(0),
  };
}

const truth = {
  age_ms: 1,
  stale: false,
  scanning: false,
  exhaustive: true,
  unreadable: 2,
  imported: false,
  rolled_back: false,
};

describe("queries", () => {
  it("of a folder return names as the store has them, and how fresh they are", async () => {
    const { server, index } = connect();
    const answer = index.children("home", "a\udcff", { limit: 2, sort: "size" });
    expect(server.requests[0]).toMatchObject({
      event: "children",
      payload: { root: "home", path_base64: "Yf8=", limit: 2, sort: "size" },
    });
    const entries = [
      { name: "é", kind: "directory", file_count: 3, bytes: 9 },
      { name_base64: "/w==", kind: "file", file_count: 1, bytes: null },
    ];
    server.requests[0].reply("ok", { ...truth, entries, next: "AA==", moved: false });
    expect(await answer).toMatchObject({
      ok: true,
      value: { ...truth, next: "AA==", entries: [{ name: "é" }, { name: "\udcff", bytes: null }] },
    });
  });

  it("of a folder name what could not be read, if asked", async () => {
    const { server, index } = connect();
    const answer = index.children("home", "", { errors: true });
    expect(server.requests[0].payload).toMatchObject({ errors: true });
    const errors = [
      { path: "a/shut", reason: "eacces" },
      { path_base64: "/w==", reason: "eio" },
    ];
    const reply = { ...truth, entries: [], next: null, moved: false, totals: { bytes: 5 } };
    server.requests[0].reply("ok", { ...reply, errors });
    const named = [errors[0], { path: "\udcff", reason: "eio" }];
    expect(await answer).toEqual({ ok: true, value: { ...reply, errors: named } });
  });

  it("of a folder pass on what the client may have of its entries", async () => {
    const { server, index } = connect();
    const answer = index.children("home", "");
    const entries = [
      { name: "a", kind: "directory", disk: 8192, disk_unshared: 4096, disk_exact: false },
      {
        name: "b",
        kind: "file",
        disk: null,
        disk_unshared: null,
        disk_exact: null,
        nlink: 2,
        uid: 0,
      },
    ];
    server.requests[0].reply("ok", { ...truth, entries, next: null, moved: false });
    expect(await answer).toMatchObject({ ok: true, value: { entries } });
    const { index: other, server: watched, totals, note } = connect();
    other.watch("home", "a", note);
    const folders = [{ name: "x", file_count: 1, bytes: 2, disk: 4096, disk_exact: true }];
    watched.push("folders", { root: "home", path: "a", folders });
    expect(totals).toEqual([folders]);
  });

  it("of a file's other names return paths", async () => {
    const { server, index } = connect();
    const answer = index.links("home", "a/\udcff", { limit: 3 });
    const [request] = server.requests;
    expect(server.take()).toEqual(['links {"root":"home","path_base64":"YS//","limit":3}']);
    const counts = { more: false, nlink: 3, elsewhere: 0 };
    const paths = [{ path: "b" }, { path_base64: "Yy//" }];
    request.reply("ok", { ...truth, ...counts, paths });
    expect(await answer).toEqual({
      ok: true,
      value: { ...truth, ...counts, paths: ["b", "c/\udcff"] },
    });
    const none = index.links("home", "no");
    server.requests[0].reply("ok", { ...truth, paths: null, more: false, nlink: null });
    expect(await none).toMatchObject({ ok: true, value: { paths: null } });
  });

  it("of what is large return paths", async () => {
    const { server, index } = connect();
    const answer = index.largest("home", "a", { by: "disk" });
    const [request] = server.requests;
    expect(server.take()).toEqual(['largest {"root":"home","path":"a","by":"disk"}']);
    const size = { bytes: 3, file_count: 1, disk: 4096, disk_exact: false };
    request.reply("ok", {
      ...truth,
      folders: [{ path: "a/b", ...size }],
      files: [{ path_base64: "YS//", ...size }],
      complete: true,
    });
    expect(await answer).toMatchObject({
      ok: true,
      value: {
        folders: [{ path: "a/b", ...size }],
        files: [{ path: "a/\udcff", ...size }],
        complete: true,
      },
    });
  });

  it("of what lies beneath return groups", async () => {
    const { server, index } = connect();
    const answer = index.breakdown("home", "", { by: "owner", limit: 2 });
    const [request] = server.requests;
    expect(server.take()).toEqual(['breakdown {"root":"home","path":"","by":"owner","limit":2}']);
    const sums = { files: 1, bytes: 2, newest_ms: 3 };
    const groups = [
      { key: 1000, ...sums },
      { key: "unknown", ...sums },
      { key_base64: "/w==", ...sums },
    ];
    request.reply("ok", { ...truth, groups, others: sums });
    const [first, second, third] = groups;
    expect(await answer).toMatchObject({
      ok: true,
      value: { groups: [first, second, { key: "\udcff", bytes: third.bytes }], others: sums },
    });
  });

  it("of a search return paths", async () => {
    const { server, index } = connect();
    const answer = index.search("home", "x", { path: "near", limit: 5 });
    expect(server.take()).toEqual(['search {"root":"home","query":"x","path":"near","limit":5}']);
    const again = index.search("home", "xy");
    const hits = [{ root: "home", path_base64: "YS//", kind: "file", score: 1 }];
    server.requests[0].reply("ok", { ...truth, hits, matched: 1 });
    expect(await again).toMatchObject({
      ok: true,
      value: { matched: 1, hits: [{ path: "a/\udcff" }] },
    });
    server.push("phx_reply", {});
    vi.advanceTimersByTime(60_000);
    expect(await answer).toEqual({ ok: false, reason: "timeout" });
  });

  it("of a search return further pages, and pass on filters", async () => {
    const { server, index } = connect();
    const wanted = { limit: 1, kind: ["file" as const], ext: ["md"], larger: 9, newer_ms: 5 };
    const first = index.search("home", "a.md:7", wanted);
    const payload = { root: "home", query: "a.md:7", ...wanted };
    expect(server.requests[0]).toMatchObject({ event: "search", payload });
    const page = { ...truth, hits: [], matched: 2, next: "AA==", more: true };
    server.requests.shift()!.reply("ok", { ...page, position: { line: 7, column: null } });
    expect(await first).toMatchObject({
      ok: true,
      value: { matched: 2, next: "AA==", more: true, position: { line: 7, column: null } },
    });
    const second = index.search("home", "a.md:7", { ...wanted, after: "AA==" });
    expect(server.requests[0].payload).toEqual({ ...payload, after: "AA==" });
    server.requests[0].reply("error", { reason: "cursor_outdated" });
    expect(await second).toEqual({ ok: false, reason: "cursor_outdated" });
  });

  it("that are refused return the reason", async () => {
    const { server, index } = connect();
    const answers = [
      index.children("home", ""),
      index.search("home", "x"),
      index.scan("home"),
      index.links("home", "x"),
      index.largest("home", ""),
      index.breakdown("home", ""),
    ];
    for (const request of server.requests) request.reply("error", { reason: "no_index" });
    for (const answer of answers) expect(await answer).toEqual({ ok: false, reason: "no_index" });
  });
});

describe("a watched folder", () => {
  it("is requested once, however many watch it, until the last of them ends it", () => {
    const { server, index, totals, note } = connect();
    const ends = [index.watch("home", "a", note), index.watch("home", "a", note)];
    expect(server.take()).toEqual(['watch {"root":"home","path":"a"}']);
    const folders = [{ name_base64: "/w==", file_count: 1, bytes: 2 }];
    server.push("folders", { root: "home", path: "a", folders });
    server.push("folders", { root: "home", path: "b", folders });
    server.push("folders", { root: "other", path: "a", folders });
    expect(totals.map((folders) => folders[0].name)).toEqual(["\udcff", "\udcff"]);
    // A later watcher receives the latest totals.
    ends.push(index.watch("home", "a", note));
    expect(totals).toHaveLength(3);
    ends[0]();
    ends[0]();
    ends[2]();
    expect(server.take()).toEqual([]);
    ends[1]();
    expect(server.take()).toEqual(['unwatch {"root":"home","path":"a"}']);
    server.push("folders", { root: "home", path: "a", folders });
    expect(totals).toHaveLength(3);
  });

  it("that the index does not know yet is requested again when it does", async () => {
    const { server, index, note, settled } = connect();
    const refused: string[] = [];
    index.watch("home", "", note, (reason) => refused.push(reason));
    server.requests.shift()!.reply("error", { reason: "not_found" });
    await settled();
    expect(refused).toEqual(["not_found"]);
    server.push("index", { root: "other", status: "scanning" });
    expect(server.take()).toEqual([]);
    server.push("index", { root: "home", status: "scanning" });
    server.push("index", { root: "home", status: "scanning", found: 7 });
    expect(server.take()).toEqual(['watch {"root":"home","path":""}']);
  });

  it("that was refused is requested again when a scan begins or ends, not while it runs", async () => {
    const { server, index, note, settled } = connect();
    const refuse = async (reason: string) => {
      server.requests.shift()!.reply("error", { reason });
      await settled();
    };
    index.watch("home", "", note);
    await refuse("not_found");
    server.push("index", { root: "home", status: "scanning" });
    await refuse("too_many_watches");
    server.push("index", { root: "home", status: "scanning", found: 7 });
    expect(server.take()).toEqual([]);
    server.push("index", { root: "home", status: "complete", files: 7 });
    expect(server.take()).toEqual(['watch {"root":"home","path":""}']);
  });

  it("is requested again when the server may have lost it", () => {
    const { server, index, note } = connect();
    index.watch("home", "", note);
    server.requests.shift()!.reply("ok", {});
    server.push("index", { root: "home", status: "complete" });
    expect(server.take()).toEqual([]);
    server.push("index", { root: "home", status: "failed", reason: "index_closed" });
    expect(server.take()).toEqual(['watch {"root":"home","path":""}']);
  });

  it("is requested again after a lost connection", async () => {
    const { server, index, note } = connect();
    const refused: string[] = [];
    index.watch("home", "a", note, (reason) => refused.push(reason));
    const end = index.watch("home", "b", note);
    server.requests.length = 0;
    server.drop();
    end();
    index.watch("home", "c", note);
    vi.advanceTimersByTime(50);
    server.open();
    vi.advanceTimersByTime(50);
    expect(server.take()).toEqual([
      'watch {"root":"home","path":"a"}',
      'watch {"root":"home","path":"c"}',
    ]);
    // The first request, which was never answered, belongs to the lost connection.
    await vi.advanceTimersByTimeAsync(9_920);
    expect(refused).toEqual([]);
  });
});

describe("the scan of a whole root", () => {
  it("is requested, reported on, and cancelled", () => {
    const { server, index, events } = connect();
    void index.scan("home");
    void index.scan("home", { again: true });
    void index.cancel("home");
    expect(server.take()).toEqual([
      'index {"root":"home","again":false}',
      'index {"root":"home","again":true}',
      'cancel {"root":"home"}',
    ]);
    server.push("index", { root: "home", status: "scanning", found: 1, expected: 2 });
    expect(events).toEqual([{ root: "home", status: "scanning", found: 1, expected: 2 }]);
  });

  it("is joined again after a lost connection, if it has not ended", () => {
    const { server, reconnect } = connect();
    server.push("index", { root: "home", status: "scanning" });
    server.push("index", { root: "other", status: "scanning" });
    server.push("index", { root: "other", status: "complete" });
    reconnect();
    expect(server.take()).toEqual(['index {"root":"home"}']);
  });
});
