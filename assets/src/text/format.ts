// Numbers and reasons in words.

const UNITS = ["B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"];

export function formatBytes(bytes: number): string {
  let unit = 0;
  let value = bytes;
  // What would be rounded to 1024 is 1 of the next.
  for (; value >= (unit ? 1023.95 : 1024) && unit < UNITS.length - 1; unit++) value /= 1024;
  return `${unit ? value.toFixed(1) : value} ${UNITS[unit]}`;
}

let dates: Intl.DateTimeFormat | undefined;

/** Milliseconds since 1970, in the reader's language and zone; nothing for what no date can hold. */
export function formatDate(milliseconds: number): string {
  dates ??= new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "short" });
  return Math.abs(milliseconds) <= 8.64e15 ? dates.format(milliseconds) : "";
}

const REASONS: Record<string, string> = {
  "-1": "cut short",
  2: "on another file system",
  3: "one of its own ancestors",
  4: "vanished",
  5: "kept changing while it was read",
  [256 + 1]: "not permitted",
  [256 + 2]: "vanished",
  [256 + 5]: "input/output error",
  [256 + 12]: "out of memory",
  [256 + 13]: "permission denied",
  [256 + 23]: "too many open files",
  [256 + 24]: "too many open files",
  [256 + 36]: "name too long",
  [256 + 40]: "too many symbolic links",
  [256 + 107]: "not connected",
  [256 + 110]: "timed out",
  [256 + 116]: "stale file handle",
  cancelled: "cancelled",
  failed: "failed",
  not_found: "not found",
  rules_changed: "the index goes by other rules",
  timeout: "no answer",
  too_many_scans: "too many scans",
};

/** Why a folder is in its state (`Folder.reason`), in words; an errno's number if it has none. */
export function formatReason(reason: number | string): string {
  return REASONS[reason] ?? (typeof reason === "number" ? `error ${reason - 256}` : reason);
}
