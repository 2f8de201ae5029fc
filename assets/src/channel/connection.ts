// What an app sees of a store's connection to Aether.Channel; connect.ts makes one.
import type { Folder } from "../tree/folder.js";
import type { Progress, ScanOptions, Summary } from "./wire.js";

// Messages are any, as in the types of the package `phoenix`.
/** What is used of a `Channel` of that package. */
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

export interface Root {
  key: string;
  label?: string;
  options?: ScanOptions;
}

export interface ConnectOptions {
  /** Scanned as soon as the channel is joined. */
  roots?: Root[];
  onstate?(state: ConnectionState, reason?: string): void;
  /** Of the scan that began at this folder. */
  onprogress?(folder: Folder, progress: Progress): void;
  oncompleted?(folder: Folder, summary: Summary): void;
  /** A request was refused, or a slab was damaged. */
  onerror?(reason: string, folder: Folder | null): void;
}

export type Result<T = unknown> = { ok: true; value: T } | { ok: false; reason: string };

export interface Connection {
  readonly state: ConnectionState;
  /** Scans of this page that run, wait at the server, or wait here. */
  readonly pending: number;
  /** Scans a folder anew, with the options of its root, and these for this once. */
  scan(folder: Folder, extra?: ScanOptions): void;
  /** Ends the scans beneath a folder, or all. */
  cancel(folder?: Folder): void;
  /** Lets the server send no more than a window full, until `resume`. */
  pause(): void;
  resume(): void;
  /** Any other request that the server knows. */
  request<T = unknown>(event: string, payload: object): Promise<Result<T>>;
  /** Anything that the server pushes; what comes back ends it. */
  on(event: string, callback: (payload: any) => void): () => void;
  /** At each join, also the one that there has been; what comes back ends it. */
  onjoin(callback: () => void): () => void;
  leave(): void;
}
