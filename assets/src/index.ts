export { decodeSlab, DecodeError } from "./slab/decode.js";
export type { Attributes, Columns, Slab } from "./slab/slab.js";
export {
  btimeOf,
  ctimeOf,
  deviceOf,
  diskOf,
  exactMtimeOf,
  exactSizeOf,
  firstEntry,
  gidOf,
  inodeOf,
  kindOf,
  modeOf,
  mtimeOf,
  nameBytes,
  nameOf,
  nlinkOf,
  pathBytes,
  pathOf,
  sizeOf,
  targetBytes,
  targetOf,
  uidOf,
  type Kind,
} from "./slab/entry.js";
export { decodeText, encodeText, isUtf8 } from "./text/encoding.js";
export { TreeStore, type Watcher } from "./tree/store.js";
export { findRow, openSiblings } from "./tree/navigate.js";
export type { Row } from "./tree/row.js";
export type { Folder, FolderState, Root } from "./tree/folder.js";
export { connectScan } from "./channel/connect.js";
export type {
  ChannelLike,
  Connection,
  ConnectionState,
  ConnectOptions,
  Result,
} from "./channel/connection.js";
export {
  connectIndex,
  type IndexClient,
  type IndexClientOptions,
  type RootEvent,
} from "./channel/index-client.js";
export type {
  Answer,
  Breakdown,
  BreakdownOptions,
  Child,
  Children,
  ChildrenOptions,
  FolderTotals,
  Group,
  GroupSums,
  Hit,
  Largest,
  LargestOptions,
  Links,
  OwnTotals,
  SearchOptions,
  SearchResult,
  Sized,
} from "./channel/answers.js";
export {
  nameIn,
  pathFields,
  pathIn,
  type AttributeGroup,
  type ErrorReply,
  type JoinReply,
  type NameFields,
  type PathFields,
  type Progress,
  type ScanOptions,
  type ScanReply,
  type Stat,
  type Summary,
} from "./channel/wire.js";
export { formatBytes, formatDate, formatReason, modeText, percentOf } from "./text/format.js";
export { printable } from "./text/printable.js";
