// Fresh apps that install the package from its tarball, as a user does, and are made of the snippets
// in the guide and the README.
import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { write } from "../socket/server.js";

export type Files = Record<string, string>;

const run = (cwd: string, command: string, ...args: string[]) =>
  execFileSync(command, args, { cwd, encoding: "utf8", stdio: ["ignore", "pipe", "inherit"] });

/** The package as it would be published. */
export function pack(folder: string): string {
  run(".", "npm", "pack", "--silent", "--pack-destination", folder);
  return join(
    folder,
    readdirSync(folder).find((name) => name.endsWith(".tgz"))!,
  );
}

export class App {
  constructor(
    readonly folder: string,
    files: Files,
    packages: string[],
  ) {
    write(join(folder, "package.json"), JSON.stringify({ name: "app", type: "module" }));
    for (const [path, text] of Object.entries(files)) write(join(folder, path), text);
    run(folder, "npm", "install", "--silent", "--no-audit", "--no-fund", ...packages);
  }

  /** Runs a program that is installed in it. */
  run(command: string, ...args: string[]): string {
    return run(this.folder, join(this.folder, "node_modules/.bin", command), ...args);
  }

  /** Files of a folder as a page's, by their paths. */
  files(under: string, prefix: string): [string, Uint8Array][] {
    const folder = join(this.folder, under);
    return readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
      .map((path) => [`${prefix}${relative(folder, path)}`, readFileSync(path)]);
  }
}

/** The only code block of a page that contains this text. */
export function snippet(page: string, text: string): string {
  const blocks = readFileSync(page, "utf8").matchAll(/^```(?:js|ts|svelte)\n([^]*?)^```$/gm);
  const found = [...blocks].map(([, code]) => code).filter((code) => code.includes(text));
  if (found.length !== 1) throw new Error(`${found.length} blocks of ${page} contain ${text}`);
  return found[0];
}

/** Versions as in this package's own installation, so that a release elsewhere changes nothing. */
export const locked = (...names: string[]): string[] =>
  names.map((name) => {
    const { version } = JSON.parse(readFileSync(`node_modules/${name}/package.json`, "utf8")) as {
      version: string;
    };
    return `${name}@${version}`;
  });
