// Checks the columns of a slab, so that code that reads them later can trust them: the checks of
// guides/slab-format.md, in its order and with the same messages as Aether's other decoders. Each
// is one pass over one column.
import { ATTRIBUTES, TARGET, type Slab } from "./slab.js";

const SYMLINK = 3;
const SLASH = 47;
const DOT = 46;

/** A message for the first defect, if there is one. */
export function checkColumns(slab: Slab): string | undefined {
  const hasTargets = slab.groups & TARGET;
  return (
    (hasTargets ? ends("target_end", slab.targetEnd, slab.targets.length) : undefined) ??
    ends("dir_entries_end", slab.entriesEnd, slab.entries) ??
    ends("dir_path_end", slab.pathEnd, slab.paths.length) ??
    ends("name_end", slab.nameEnd, slab.names.length) ??
    statuses(slab.status) ??
    kinds(slab) ??
    (hasTargets ? targets(slab) : undefined) ??
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

function kinds(slab: Slab) {
  const { kind, size } = slab;
  let columns: Column[] | undefined;
  for (let i = 0; i < kind.length; i++) {
    if (kind[i] <= 4) continue;
    if (!size.length || kind[i] < 0x80 || kind[i] > 0x84)
      return `entry ${i}: kind ${kind[i]} is not known`;
    if (hasMetadata((columns ??= columnsOf(slab)), i))
      return `entry ${i}: metadata where none is known`;
  }
}

type Column = { values: Uint32Array | Uint16Array; width: number };

/** The columns of attributes that a slab has. Some have two elements for each entry. */
function columnsOf(slab: Slab): Column[] {
  return ATTRIBUTES.map((name) => ({
    values: slab[name],
    width: slab[name].length / slab.entries,
  })).filter(({ width }) => width > 0);
}

/** Whether any value of an entry is not 0. */
function hasMetadata(columns: Column[], entry: number): boolean {
  for (const { values, width } of columns)
    for (let i = width * entry; i < width * (entry + 1); i++) if (values[i]) return true;
  return false;
}

/** Only symbolic links have targets, and those have no NUL; they may have all else. */
function targets({ kind, targets, targetEnd }: Slab) {
  let start = 0;
  for (let i = 0; i < targetEnd.length; i++) {
    const end = targetEnd[i];
    if (end > start && (kind[i] !== SYMLINK || targets.subarray(start, end).includes(0)))
      return `entry ${i}: not a target of a symbolic link`;
    start = end;
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
