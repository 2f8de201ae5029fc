export { decodeSlab, DecodeError, type Columns, type Slab } from "./slab.js";
export {
  exactMtimeOf,
  exactSizeOf,
  firstEntry,
  kindOf,
  mtimeOf,
  nameBytes,
  nameOf,
  pathBytes,
  pathOf,
  sizeOf,
  type Kind,
} from "./entry.js";
export { decodeText, encodeText, isUtf8 } from "./text.js";
export { TreeStore, type Watcher } from "./store.js";
export { findRow, openSiblings } from "./navigate.js";
export type { Row } from "./row.js";
export type { Folder, FolderState, Root } from "./folder.js";
export {
  connectScan,
  type ChannelLike,
  type Connection,
  type ConnectionState,
  type ConnectOptions,
  type Result,
} from "./connect.js";
export {
  connectKnown,
  type Answer,
  type Child,
  type Children,
  type ChildrenOptions,
  type Found,
  type Hit,
  type Known,
  type KnownOptions,
  type RootNews,
  type SearchOptions,
  type Totals,
} from "./known.js";
export {
  nameIn,
  pathFields,
  pathIn,
  type ErrorReply,
  type JoinReply,
  type NameFields,
  type PathFields,
  type Progress,
  type ScanOptions,
  type ScanReply,
  type Summary,
} from "./wire.js";
export { formatBytes, formatDate, formatReason } from "./format.js";
export { printable } from "./printable.js";
