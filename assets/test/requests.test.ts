import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { pathFields, pathIn } from "../src/index.js";
import { connect, ready } from "./support/connection.js";
import { open, record } from "./support/tree.js";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
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
