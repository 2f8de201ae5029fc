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
  const news: RootEvent[] = [];
  const index = connectIndex(connection, { onroot: (message) => news.push(message) });
  const totals: FolderTotals[][] = [];
  return {
    server,
    connection,
    index,
    news,
    totals,
    note: (folders: FolderTotals[]) => void totals.push(folders),
    /** The connection breaks and comes back. */
    reconnect() {
      server.drop();
      vi.advanceTimersByTime(50);
      server.open();
      vi.advanceTimersByTime(50);
    },
    /** Until what was replied has been heard. */
    heard: () => vi.advanceTimersByTimeAsync(0),
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

describe("questions", () => {
  it("about a folder are answered with names as the store has them, and how true they are", async () => {
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

  it("of a search are answered with paths", async () => {
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

  it("of a search go on page by page, and leave out what is not wanted", async () => {
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

  it("that are refused are answered with the reason", async () => {
    const { server, index } = connect();
    const answers = [index.children("home", ""), index.search("home", "x"), index.scan("home")];
    for (const request of server.requests) request.reply("error", { reason: "no_index" });
    for (const answer of answers) expect(await answer).toEqual({ ok: false, reason: "no_index" });
  });
});

describe("a watched folder", () => {
  it("is asked for once, however many watch it, and until the last is done", () => {
    const { server, index, totals, note } = connect();
    const ends = [index.watch("home", "a", note), index.watch("home", "a", note)];
    expect(server.take()).toEqual(['watch {"root":"home","path":"a"}']);
    const folders = [{ name_base64: "/w==", file_count: 1, bytes: 2 }];
    server.push("folders", { root: "home", path: "a", folders });
    server.push("folders", { root: "home", path: "b", folders });
    server.push("folders", { root: "other", path: "a", folders });
    expect(totals.map((folders) => folders[0].name)).toEqual(["\udcff", "\udcff"]);
    // Who comes later is told what is known.
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

  it("that the index does not know yet is asked for again when it does", async () => {
    const { server, index, note, heard } = connect();
    const refused: string[] = [];
    index.watch("home", "", note, (reason) => refused.push(reason));
    server.requests.shift()!.reply("error", { reason: "not_found" });
    await heard();
    expect(refused).toEqual(["not_found"]);
    server.push("index", { root: "other", status: "scanning" });
    expect(server.take()).toEqual([]);
    server.push("index", { root: "home", status: "scanning" });
    server.push("index", { root: "home", status: "scanning", found: 7 });
    expect(server.take()).toEqual(['watch {"root":"home","path":""}']);
  });

  it("that was refused is asked for again when a scan begins or ends, not with its progress", async () => {
    const { server, index, note, heard } = connect();
    const refuse = async (reason: string) => {
      server.requests.shift()!.reply("error", { reason });
      await heard();
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

  it("is asked for again when the server may have lost it", () => {
    const { server, index, note } = connect();
    index.watch("home", "", note);
    server.requests.shift()!.reply("ok", {});
    server.push("index", { root: "home", status: "complete" });
    expect(server.take()).toEqual([]);
    server.push("index", { root: "home", status: "failed", reason: "index_closed" });
    expect(server.take()).toEqual(['watch {"root":"home","path":""}']);
  });

  it("is asked for again after a lost connection", async () => {
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
    // The first request, which nobody has answered, is of a connection that is no more.
    await vi.advanceTimersByTimeAsync(9_920);
    expect(refused).toEqual([]);
  });
});

describe("the scan of a whole root", () => {
  it("is asked for, told of, and ended", () => {
    const { server, index, news } = connect();
    void index.scan("home");
    void index.scan("home", { again: true });
    void index.cancel("home");
    expect(server.take()).toEqual([
      'index {"root":"home","again":false}',
      'index {"root":"home","again":true}',
      'cancel {"root":"home"}',
    ]);
    server.push("index", { root: "home", status: "scanning", found: 1, expected: 2 });
    expect(news).toEqual([{ root: "home", status: "scanning", found: 1, expected: 2 }]);
  });

  it("is heard of again after a lost connection, if it has not ended", () => {
    const { server, reconnect } = connect();
    server.push("index", { root: "home", status: "scanning" });
    server.push("index", { root: "other", status: "scanning" });
    server.push("index", { root: "other", status: "complete" });
    reconnect();
    expect(server.take()).toEqual(['index {"root":"home"}']);
  });
});
