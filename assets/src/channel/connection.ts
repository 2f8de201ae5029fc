// What an app sees of a store's connection to Aether.Channel; connect.ts makes one.
import type { Folder } from "../tree/folder.js";
import type { ErrorReply, Progress, ScanOptions, Stat, Summary } from "./wire.js";

// Messages are `any`, as in the types of the package `phoenix`.
/** The part of that package's `Channel` that is used. */
export interface ChannelLike {
  join(): PushLike;
  leave(): PushLike;
  push(event: string, payload: object): PushLike;
  on(event: string, callback: (payload: any) => void): number;
  off(event: string, ref?: number): void;
  onError(callback: () => void): void;
}

export interface PushLike {
  receive(status: string, callback: (response: any) => void): PushLike;
}

export type ConnectionState = "joining" | "joined" | "lost" | "refused" | "left";

export interface RootOptions {
  key: string;
  label?: string;
  options?: ScanOptions;
}

export interface ConnectOptions {
  /** Scanned as soon as the channel is joined. */
  roots?: RootOptions[];
  onstate?(state: ConnectionState, reason?: string): void;
  /** Of the scan that was started at this folder. */
  onprogress?(folder: Folder, progress: Progress): void;
  oncompleted?(folder: Folder, summary: Summary): void;
  /**
   * A request was refused, with the server's reply, or a slab was damaged; that has no folder and
   * no reply.
   */
  onerror?(reason: string, folder: Folder | null, reply?: ErrorReply): void;
}

export type Result<T = unknown> = { ok: true; value: T } | ({ ok: false } & ErrorReply);

export interface Connection {
  readonly state: ConnectionState;
  /** Number of scans that are running, waiting at the server, or waiting here. */
  readonly pending: number;
  /** Scans a folder again, with its root's options and, this time only, these. */
  scan(folder: Folder, extra?: ScanOptions): void;
  /** Cancels the scans of a folder and of everything beneath it, or all scans. */
  cancel(folder?: Folder): void;
  /** Makes the server stop after one window of slabs, until `resume`. */
  pause(): void;
  resume(): void;
  /** What the server tells of one entry of a root; `""` is the root itself. */
  stat(root: string, path: string): Promise<Result<Stat>>;
  /** Sends any other request that the server knows. */
  request<T = unknown>(event: string, payload: object): Promise<Result<T>>;
  /** Subscribes to any event that the server pushes; the returned function ends it. */
  on(event: string, callback: (payload: any) => void): () => void;
  /** Calls back at each join, immediately if joined already; the returned function ends it. */
  onjoin(callback: () => void): () => void;
  leave(): void;
}
