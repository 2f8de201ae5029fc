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
} from "./connect.js";
export {
  pathFields,
  pathIn,
  type ErrorReply,
  type JoinReply,
  type PathFields,
  type Progress,
  type ScanOptions,
  type ScanReply,
  type Summary,
} from "./wire.js";
export { formatBytes, formatDate, formatReason } from "./format.js";
export { printable } from "./printable.js";
