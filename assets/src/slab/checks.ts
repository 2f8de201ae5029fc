// Checks the columns of a slab, so that code that reads them later can trust them: the checks of
// guides/slab-format.md, in its order and with the same messages as Aether's other decoders. Each
// is one pass over one column.
import type { Slab } from "./slab.js";

const SLASH = 47;
const DOT = 46;

/** A message for the first defect, if there is one. */
export function checkColumns(slab: Slab): string | undefined {
  return (
    ends("dir_entries_end", slab.entriesEnd, slab.entries) ??
    ends("dir_path_end", slab.pathEnd, slab.paths.length) ??
    ends("name_end", slab.nameEnd, slab.names.length) ??
    statuses(slab.status) ??
    kinds(slab) ??
    paths(slab) ??
    names(slab)
  );
}

function ends(column: string, values: Uint32Array, total: number) {
  let before = 0;
  for (let i = 0; i < values.length; i++) {
    if (values[i] < before) return `${column}: value ${i} is below the one before`;
    before = values[i];
  }
  if (before !== total) return `${column}: ends at ${before} instead of ${total}`;
}

function statuses(values: Uint32Array) {
  for (let i = 0; i < values.length; i++) {
    const status = values[i];
    if (status > 5 && (status < 257 || status > 4351))
      return `record ${i}: status ${status} is not known`;
  }
}

function kinds({ kind, size, mtime }: Slab) {
  for (let i = 0; i < kind.length; i++) {
    if (kind[i] <= 4) continue;
    if (!size.length || kind[i] < 0x80 || kind[i] > 0x84)
      return `entry ${i}: kind ${kind[i]} is not known`;
    const at = 2 * i;
    if (size[at] | size[at + 1] | mtime[at] | mtime[at + 1])
      return `entry ${i}: size or mtime where none is known`;
  }
}

function paths({ paths, pathEnd }: Slab) {
  let start = 0;
  for (let i = 0; i < pathEnd.length; i++) {
    const end = pathEnd[i];
    // The components between slashes must be names.
    for (let at = start, from = start; start < end && at <= end; at++) {
      if (at < end && paths[at] !== SLASH && paths[at]) continue;
      if ((at < end && !paths[at]) || isNoName(paths, from, at))
        return `record ${i}: not a relative path`;
      from = at + 1;
    }
    start = end;
  }
}

function names({ names, nameEnd }: Slab) {
  // Nearly always the whole table is free of both, which two native searches establish fast.
  const clean = !names.includes(0) && !names.includes(SLASH);
  let start = 0;
  for (let i = 0; i < nameEnd.length; i++) {
    const end = nameEnd[i];
    const name = clean ? names : names.subarray(start, end);
    if (isNoName(names, start, end) || (!clean && (name.includes(0) || name.includes(SLASH))))
      return `entry ${i}: not a file name`;
    start = end;
  }
}

/** The empty string, `.` and `..` are not names. */
function isNoName(bytes: Uint8Array, start: number, end: number): boolean {
  const length = end - start;
  return (
    length === 0 ||
    (length <= 2 && bytes[start] === DOT && (length === 1 || bytes[start + 1] === DOT))
  );
}
