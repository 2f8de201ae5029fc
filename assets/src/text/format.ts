// Numbers, dates and reasons as text for people.

const UNITS = ["B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"];

export function formatBytes(bytes: number): string {
  let unit = 0;
  let value = bytes;
  // A value that would be rounded to 1024 is 1 of the next unit.
  for (; value >= (unit ? 1023.95 : 1024) && unit < UNITS.length - 1; unit++) value /= 1024;
  return `${unit ? value.toFixed(1) : value} ${UNITS[unit]}`;
}

let dates: Intl.DateTimeFormat | undefined;

/**
 * Milliseconds since 1970, in the user's language and time zone; empty beyond the range of dates.
 */
export function formatDate(milliseconds: number): string {
  dates ??= new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "short" });
  return Math.abs(milliseconds) <= 8.64e15 ? dates.format(milliseconds) : "";
}

/** Permissions as ls writes them, such as "rwxr-xr-x", of a mode as stat gives it. */
export function modeText(mode: number): string {
  const triple = (shift: number, isSpecial: number, special: string) => {
    const [read, write, execute] = [4, 2, 1].map((bit) => mode & (bit << shift));
    const last = isSpecial ? (execute ? special : special.toUpperCase()) : execute ? "x" : "-";
    return `${read ? "r" : "-"}${write ? "w" : "-"}${last}`;
  };
  return (
    triple(6, mode & 0o4000, "s") + triple(3, mode & 0o2000, "s") + triple(0, mode & 0o1000, "t")
  );
}

/** Entries found of those expected, in percent; null if the number to expect is unknown. */
export function percentOf(found: number, expected: number | null | undefined): number | null {
  // Never 100 while the scan runs: there may be more entries than in the last one.
  return expected ? Math.min(99, Math.floor((100 * found) / expected)) : null;
}

// Statuses of directories in a slab (guides/slab-format.md), and CUT_SHORT of tree/listing.ts.
const STATUSES: Record<number, string> = {
  [-1]: "cut short",
  2: "on another file system",
  3: "one of its own ancestors",
  4: "vanished",
  5: "kept changing while it was read",
};

// A status above this is an errno of Linux plus this.
const ERRNO = 256;
const ERRNOS: Record<number, string> = {
  1: "eperm",
  2: "enoent",
  5: "eio",
  12: "enomem",
  13: "eacces",
  23: "enfile",
  24: "emfile",
  36: "enametoolong",
  40: "eloop",
  107: "enotconn",
  110: "etimedout",
  116: "estale",
};

// Reasons in replies; some are names of errnos.
const REASONS: Record<string, string> = {
  cancelled: "cancelled",
  eacces: "permission denied",
  eio: "input/output error",
  eloop: "too many symbolic links",
  emfile: "too many open files",
  enametoolong: "name too long",
  enfile: "too many open files",
  enoent: "vanished",
  enomem: "out of memory",
  enotconn: "not connected",
  eperm: "not permitted",
  estale: "stale file handle",
  etimedout: "timed out",
  failed: "failed",
  not_a_folder: "not a folder",
  loop: "one of its own ancestors",
  not_found: "not found",
  other_file_system: "on another file system",
  rules_changed: "the index was scanned by other rules",
  timeout: "no answer",
  too_many_scans: "too many scans",
  unmounted: "what was there is no longer mounted",
  vanished: "vanished",
};

/** Why a folder is in its state (`Folder.reason`), or a request failed, in words. */
export function formatReason(reason: number | string): string {
  if (typeof reason === "string") {
    // An errno without a name here.
    return REASONS[reason] ?? (/^\d+$/.test(reason) ? `error ${reason}` : reason);
  }
  const errno = reason - ERRNO;
  return STATUSES[reason] ?? REASONS[ERRNOS[errno]] ?? `error ${errno}`;
}
