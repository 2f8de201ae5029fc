// The order of the folders in src: each imports only from those before it, as README.md says. And no
// circle of files.
import { globSync, readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { describe, expect, it } from "vitest";

const ORDER = ["text", "slab", "tree", "channel", "svelte", "element"];

const files = globSync("src/*/*.{ts,svelte}").sort();
const imports = new Map(files.map((file) => [file, importsOf(file)]));

/** The files that a file imports, types included. */
function importsOf(file: string): string[] {
  const specifiers = readFileSync(file, "utf8").matchAll(/(?:from|import) "(\..+?)"/g);
  return [...specifiers].map(([, specifier]) =>
    normalize(join(dirname(file), specifier)).replace(/\.js$/, ".ts"),
  );
}

const layerOf = (file: string) => ORDER.indexOf(file.split("/")[1]);

/** The files of a circle that begins and ends with the last file of `path`, if it is in one. */
function circle(path: string[], done: Set<string>): string[] | undefined {
  const file = path.at(-1)!;
  const start = path.indexOf(file);
  if (start < path.length - 1) return path.slice(start);
  if (done.has(file)) return undefined;
  done.add(file);
  for (const imported of imports.get(file)!) {
    const found = circle([...path, imported], done);
    if (found) return found;
  }
}

describe("imports", () => {
  it.each(files)("of %s are from its own folder or those before it", (file) => {
    expect(layerOf(file)).toBeGreaterThanOrEqual(0);
    for (const imported of imports.get(file)!) {
      expect(files).toContain(imported);
      expect(layerOf(imported), imported).toBeLessThanOrEqual(layerOf(file));
    }
  });

  it("have no circle", () => {
    const done = new Set<string>();
    for (const file of files) expect(circle([file], done)).toBeUndefined();
  });
});
