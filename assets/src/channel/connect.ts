// Connects a store to Aether.Channel: requests scans of the folders that are opened, hands slabs to
// the store, and requests unfinished scans again after a lost connection. Errors go to callbacks.
import { Acks } from "./acks.js";
import type {
  ChannelLike,
  Connection,
  ConnectionState,
  ConnectOptions,
  Result,
} from "./connection.js";
import type { Folder } from "../tree/folder.js";
import { FrameQueue } from "./frame-queue.js";
import { decodeSlab } from "../slab/decode.js";
import type { TreeStore } from "../tree/store.js";
import {
  bytesOf,
  pathFields,
  targetIn,
  type ErrorReply,
  type JoinReply,
  type Progress,
  type ScanOptions,
  type ScanReply,
  type SlabPayload,
  type Stat,
  type Summary,
  type TargetFields,
} from "./wire.js";

/** A requested scan; `tag` is null until the server has accepted it. */
interface ScanRequest {
  readonly folder: Folder;
  readonly options: ScanOptions;
  tag: number | null;
  isCancelled: boolean;
}

/** Where the server does not give its own. */
const LIMITS: JoinReply = { window: 16, running: 4, waiting: 8 };
/** Slabs are acknowledged before they are taken in, as long as fewer than this wait for a frame. */
const AHEAD = 16;
/** How long to wait after `too_many_scans`, in milliseconds. */
const RETRY_DELAY = 1000;

export function connectScan(
  channel: ChannelLike,
  store: TreeStore,
  options: ConnectOptions = {},
): Connection {
  let state: ConnectionState = "joining";
  let limits = LIMITS;
  let retry: ReturnType<typeof setTimeout> | undefined;
  const queue: ScanRequest[] = [];
  // Sent, and not completed yet.
  const scans = new Set<ScanRequest>();
  const scanOptions = new Map<string, ScanOptions>();
  // Options of `scan`, only for the request that it leads to.
  let extra: ScanOptions = {};
  const joiners = new Set<() => void>();
  const acks = new Acks((count) => void channel.push("ack", { count }));
  const frameQueue = new FrameQueue();

  const enter = (next: ConnectionState, reason?: string) => {
    state = next;
    options.onstate?.(next, reason);
  };
  const byTag = (tag: number) => [...scans].find((scan) => scan.tag === tag);

  // After a rejoin the server has forgotten the scan of the root, so each request has its options.
  // Depth and index are only for the root.
  function optionsOf({ root, path }: Folder): ScanOptions {
    const wanted = scanOptions.get(root.key) ?? {};
    if (!path) return { ...wanted, ...extra };
    const { depth: _depth, index: _index, ...inherited } = wanted;
    return { ...inherited, ...extra };
  }

  function enqueue(folder: Folder, isFirst: boolean): void {
    const scan: ScanRequest = { folder, options: optionsOf(folder), tag: null, isCancelled: false };
    // Roots keep their order.
    if (isFirst && folder.path) queue.unshift(scan);
    else queue.push(scan);
    pump();
  }

  /**
   * Takes the next request that may be sent out of the queue: folders first, then open roots, then
   * the others. Roots may be large: one of the server's turns is kept for folders.
   */
  function next(): ScanRequest | undefined {
    if (state !== "joined" || scans.size >= limits.running + limits.waiting) return;
    const roots = [...scans].filter(({ folder }) => !folder.path).length;
    let at = queue.findIndex(({ folder }) => folder.path);
    if (at < 0 && roots < Math.max(1, limits.running - 1))
      at = Math.max(
        0,
        queue.findIndex(({ folder }) => folder.view?.isOpen),
      );
    return at < 0 ? undefined : queue.splice(at, 1)[0];
  }

  function pump(): void {
    for (let scan = next(); scan; scan = next()) {
      // The folder may have been closed since.
      if (scan.folder.path && !scan.folder.view?.isOpen) store.fail(scan.folder, null);
      else send(scan);
    }
  }

  function send(scan: ScanRequest): void {
    const { root, path } = scan.folder;
    const payload = { root: root.key, ...scan.options };
    scans.add(scan);
    // False for a reply from before a lost connection.
    const isAwaited = () => scans.has(scan) && scan.tag === null;
    const refused = (error: ErrorReply) => {
      const { reason } = error;
      if (!isAwaited()) return;
      scans.delete(scan);
      if (reason === "too_many_scans" && !scan.isCancelled) {
        // Others have used up the limit. The end of a scan here is also a reason to try again.
        queue.unshift(scan);
        clearTimeout(retry);
        retry = setTimeout(pump, RETRY_DELAY);
        return;
      }
      store.fail(scan.folder, scan.isCancelled ? null : reason);
      options.onerror?.(reason, scan.folder, error);
      pump();
    };
    (path
      ? channel.push("scan_subdir", { ...payload, ...pathFields(path) })
      : channel.push("scan", payload)
    )
      .receive("ok", ({ tag }: ScanReply) => {
        if (!isAwaited()) return;
        scan.tag = tag;
        store.begin(tag, root.key, path);
        if (scan.isCancelled) channel.push("cancel", { tag });
      })
      .receive("error", refused)
      .receive("timeout", () => refused({ reason: "timeout" }));
  }

  function joined(reply: Partial<JoinReply>): void {
    limits = { ...LIMITS, ...reply };
    // Tags of an earlier join are void. What is shown stays until its new listing is complete.
    for (const scan of [...scans].reverse()) {
      if (scan.tag !== null) store.end(scan.tag);
      if (scan.isCancelled) store.fail(scan.folder, null);
      else {
        scan.folder.isRequested = true;
        queue.unshift({ ...scan, options: withoutRescan(scan.options), tag: null });
      }
    }
    scans.clear();
    enter("joined");
    pump();
    for (const callback of joiners) callback();
  }

  // By the acks the server measures the line, not how fast this page draws; but it waits for a page
  // that does not keep up.
  function received(payload: SlabPayload): void {
    const isAhead = frameQueue.length < AHEAD;
    if (isAhead) acks.received();
    frameQueue.add(() => {
      slab(payload);
      if (!isAhead) acks.received();
    });
  }

  function slab(payload: SlabPayload): void {
    try {
      store.apply(decodeSlab(bytesOf(payload)));
    } catch (error) {
      options.onerror?.(String(error), null);
    }
  }

  function completed(summary: Summary): void {
    const scan = byTag(summary.tag);
    if (!scan) return;
    scans.delete(scan);
    store.end(summary.tag);
    // The server cancelled the scan because this page slept; now it is awake.
    if (summary.reason === "idle" && !scan.isCancelled) store.request(scan.folder);
    else if (summary.status === "failed") store.fail(scan.folder, summary.reason ?? "failed");
    options.oncompleted?.(scan.folder, summary);
    pump();
  }

  function progress(message: Progress): void {
    const scan = byTag(message.tag);
    if (scan) options.onprogress?.(scan.folder, message);
  }

  const request = <T>(event: string, payload: object) =>
    new Promise<Result<T>>((done) =>
      channel
        .push(event, payload)
        .receive("ok", (value: T) => done({ ok: true, value }))
        .receive("error", (error: ErrorReply) => done({ ok: false, ...error }))
        .receive("timeout", () => done({ ok: false, reason: "timeout" })),
    );

  const listeners: [string, number][] = [
    ["slab", channel.on("slab", received)],
    ["progress", channel.on("progress", progress)],
    // Queued, so that it follows the slabs that arrived before it.
    ["completed", channel.on("completed", (summary) => frameQueue.add(() => completed(summary)))],
  ];
  store.onRequest = enqueue;
  channel.onError(() => {
    if (state === "left") return;
    // `phoenix` keeps an ack for the next join, to which none of these slabs would belong.
    frameQueue.clear();
    acks.reset();
    enter("lost");
  });
  channel
    .join()
    .receive("ok", joined)
    .receive("error", ({ reason }: ErrorReply) => enter("refused", reason))
    .receive("timeout", () => enter("lost", "timeout"));
  for (const { key, label, options: wanted } of options.roots ?? []) {
    scanOptions.set(key, wanted ?? {});
    store.request(store.root(key, label));
  }

  return {
    get state() {
      return state;
    },
    get pending() {
      return queue.length + scans.size;
    },
    scan(folder, once = {}) {
      extra = once;
      store.request(folder);
      extra = {};
    },
    cancel(top) {
      const isBeneath = ({ folder }: ScanRequest) =>
        !top ||
        (folder.root === top.root &&
          (folder === top || `${folder.path}/`.startsWith(top.join(""))));
      for (const scan of queue.filter(isBeneath)) {
        queue.splice(queue.indexOf(scan), 1);
        store.fail(scan.folder, null);
      }
      for (const scan of scans) {
        if (!isBeneath(scan)) continue;
        scan.isCancelled = true;
        if (scan.tag !== null) channel.push("cancel", { tag: scan.tag });
      }
    },
    pause: () => void (acks.isPaused = true),
    resume: () => void (acks.isPaused = false),
    async stat(root, path) {
      const payload = { root, ...pathFields(path) };
      const result = await request<Omit<Stat, "target"> & TargetFields>("stat", payload);
      if (!result.ok) return result;
      const { target_base64: _, ...stat } = { target_base64: "", ...result.value };
      const target = targetIn(result.value);
      return { ok: true, value: target === undefined ? stat : { ...stat, target } };
    },
    request,
    on(event, callback) {
      const ref = channel.on(event, callback);
      return () => channel.off(event, ref);
    },
    onjoin(callback) {
      joiners.add(callback);
      if (state === "joined") callback();
      return () => void joiners.delete(callback);
    },
    leave() {
      clearTimeout(retry);
      frameQueue.clear();
      acks.reset();
      joiners.clear();
      store.onRequest = null;
      for (const [event, ref] of listeners) channel.off(event, ref);
      for (const { folder, tag } of [...queue, ...scans]) {
        if (tag !== null) store.end(tag);
        store.fail(folder, null);
      }
      queue.length = 0;
      scans.clear();
      enter("left");
      channel.leave();
    },
  };
}

/** For a request after a rejoin: a scan into the index has begun already and is not repeated. */
function withoutRescan({ index, ...options }: ScanOptions): ScanOptions {
  return index === false ? { ...options, index } : options;
}
