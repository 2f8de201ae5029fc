// Where somebody is on the page, as the fragment of its address: a link to it leads there. The fragment
// stays in the browser, so that no log of a server has paths.
import { decodeText, encodeText, printable } from "aether-client";
import type { RootInfo } from "./session.svelte";

export interface Place {
  /** The key of a root. */
  root: string;
  /** The path of the open folder that one is in, and the name of the chosen entry in it, or "". */
  folder: string;
  select: string;
  filter: string;
  /** What Go to File searches for; null while it is closed. */
  find: string | null;
  sizes: "disk" | "apparent";
}

/** The fragment, with "#". */
export function toFragment(place: Place, roots: RootInfo[]): string {
  const { root, folder, select, filter, find, sizes } = place;
  const fields: [string, string | null][] = [
    ["root", nameOf(root, roots)],
    ["folder", folder || null],
    ["select", select || null],
    ["filter", filter || null],
    ["find", find],
    ["sizes", sizes],
  ];
  const parts = fields.flatMap(([key, text]) => (text === null ? [] : [`${key}=${escape(text)}`]));
  return `#${parts.join("&")}`;
}

/** The place, or why there is none. Fields that are absent are not in it. */
export function fromFragment(fragment: string, roots: RootInfo[]): Partial<Place> | string {
  const fields = new Map<string, string>();
  for (const part of fragment.slice(1).split("&").filter(Boolean)) {
    const [key, text = ""] = part.split(/=(.*)/s);
    fields.set(key, unescape(text));
  }
  const name = fields.get("root");
  const root = name === undefined ? roots[0]?.key : keyOf(name, roots);
  if (root === undefined) return `This page does not show a directory “${printable(name ?? "")}”.`;
  const sizes = fields.get("sizes");
  return {
    root,
    // As somebody may type it.
    folder: (fields.get("folder") ?? "").replace(/^\/+|\/+$/g, ""),
    select: fields.get("select") ?? "",
    filter: fields.get("filter") ?? "",
    find: fields.get("find") ?? null,
    ...(sizes === "disk" || sizes === "apparent" ? { sizes } : {}),
  };
}

// Keys go by the order in which directories were named when the server started, labels do not.
function nameOf(key: string, roots: RootInfo[]): string {
  const label = roots.find((root) => root.key === key)?.label ?? key;
  return keyOf(label, roots) === key ? label : key;
}

function keyOf(name: string, roots: RootInfo[]): string | undefined {
  const same = roots.filter(({ label }) => label === name);
  return (same.length === 1 ? same[0] : roots.find(({ key }) => key === name))?.key;
}

// By bytes, since names need not be UTF-8.
function escape(text: string): string {
  let escaped = "";
  for (const byte of encodeText(text)) {
    const char = String.fromCharCode(byte);
    escaped += /[\w./~-]/.test(char)
      ? char
      : `%${byte.toString(16).padStart(2, "0").toUpperCase()}`;
  }
  return escaped;
}

function unescape(text: string): string {
  const bytes: number[] = [];
  // What is no escape is taken as it is.
  for (const part of text.match(/%[\da-f]{2}|[^%]+|%/gi) ?? []) {
    if (part.length === 3 && part[0] === "%") bytes.push(parseInt(part.slice(1), 16));
    else bytes.push(...encodeText(part));
  }
  return decodeText(Uint8Array.from(bytes));
}
