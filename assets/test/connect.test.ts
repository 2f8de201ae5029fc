import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { connect, ready } from "./support/connection.js";
import { encodeSlab } from "./support/encode.js";
import type { Server } from "./support/server.js";
import { close, open, picture, record, rowNamed } from "./support/tree.js";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

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
