// The text of the details pane: what the tree knows of an entry, and what the server has reported since.
import { formatBytes, formatDate, modeText, printable, type Kind, type Stat } from "aether-client";
import type { Total } from "./totals.svelte";
import { count, plural } from "./words";

export interface Fact {
  label: string;
  value: string;
  /** A name: its writing direction is its own. */
  isName?: boolean;
}

/** What the tree knows of an entry. */
export interface Known {
  kind: Kind;
  size: number | null;
  mtime: number | null;
}

/** Each fact once; of what is not known there is none. */
export function facts(known: Known | undefined, stat: Stat | null): Fact[] {
  const kind = stat?.kind ?? known?.kind;
  const list: Fact[] = [];
  const add = (label: string, value: string | null | undefined, isName = false) =>
    value && list.push({ label, value, isName });
  const size = stat?.size ?? known?.size;
  // Of a folder both would be those of its list of names, beside what it holds.
  if (kind !== "directory") {
    add("Size", bytes(size));
    add("On disk", bytes(stat?.disk));
  }
  add("Target", stat?.target && printable(stat.target), true);
  add("Modified", date(stat?.mtime_ms ?? known?.mtime));
  add("Changed", date(stat?.ctime_ms));
  add("Created", date(stat?.btime_ms));
  add("Permissions", permissions(stat?.mode));
  add("Owner", named(stat?.owner, stat?.uid), true);
  add("Group", named(stat?.group, stat?.gid), true);
  add("Links", stat?.nlink == null ? null : count(stat.nlink));
  return list;
}

/** What lies beneath a folder; while not all of it is known, it is at least that. */
export function holds({ files, bytes, disk, isAbout, isAtLeast }: Total): string {
  const about = isAbout ? "about " : "";
  const onDisk = disk == null ? "" : `, ${about}${formatBytes(disk)} on disk`;
  return `${isAtLeast ? "at least " : ""}${plural(files, "file")}, ${formatBytes(bytes)}${onDisk}`;
}

function bytes(size: number | null | undefined): string | null {
  if (size == null) return null;
  return `${formatBytes(size)}${size < 1024 ? "" : ` (${count(size)} B)`}`;
}

const date = (time: number | null | undefined) => (time == null ? null : formatDate(time));

const permissions = (mode: number | null | undefined) =>
  mode == null ? null : `${modeText(mode)} (${(mode & 0o7777).toString(8).padStart(4, "0")})`;

const named = (name: string | null | undefined, id: number | null | undefined) =>
  name ? printable(name) : id?.toString();
