// The server of these tests: an Erlang VM with Aether in it, which speaks to the page as Phoenix does
// (test/support/socket), over trees that are made here.
import { execFileSync, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { buildPage } from "../browser/browser.js";

export interface State {
  connections: number;
  scans: number;
  parked: number;
  native_bytes: number;
  waiting: number;
  binary_bytes: number;
}

export interface Server {
  url: string;
  /** The directory that the page knows as `tree` and, an entry a slab, as `crumbs`. */
  tree: string;
  state(): Promise<State>;
  /** Breaks all connections. */
  drop(): Promise<void>;
  /** Ends a process of the server, by its name. */
  kill(name: string): Promise<void>;
  close(): void;
}

/** Builds the page, and starts the server; `fill` makes the tree. */
export async function startServer(fill: (tree: string) => void): Promise<Server> {
  const top = mkdtempSync(join(tmpdir(), "aether-socket-"));
  const [page, tree] = [join(top, "page"), join(top, "tree")];
  mkdirSync(tree);
  fill(tree);
  for (const [path, content] of await buildPage("test/socket/page")) write(page + path, content);

  const child = spawn(
    process.env.MIX ?? "mix",
    ["run", "test/support/socket/serve.exs", page, tree],
    {
      cwd: "..",
      env: { ...process.env, MIX_ENV: "test", ELIXIR_ERL_OPTIONS: "+fnu +Bd" },
      stdio: ["pipe", "pipe", "inherit"],
    },
  );
  const port = await new Promise<number>((done, failed) => {
    child.on("exit", (status) => failed(new Error(`the server ended with status ${status}`)));
    createInterface(child.stdout).on("line", (line) => {
      const [, port] = /^port (\d+)$/.exec(line) ?? [];
      if (port) done(Number(port));
    });
  });
  const url = `http://127.0.0.1:${port}/`;
  const post = async (path: string, body = "") => {
    const { ok } = await fetch(url + path, { method: "POST", body });
    if (!ok) throw new Error(`the server does not know ${path}`);
  };
  return {
    url,
    tree,
    state: async () => (await fetch(url + "state")).json() as Promise<State>,
    drop: () => post("drop"),
    kill: (name) => post("kill", name),
    close() {
      child.removeAllListeners("exit");
      child.on("exit", () => rmSync(top, { recursive: true, force: true }));
      child.stdin.end();
    },
  };
}

/** Writes a file, and makes the directories on the way. */
export function write(path: string, content: string | Uint8Array = ""): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
}

/** Makes a directory of empty files. */
export function touch(folder: string, names: string[]): void {
  mkdirSync(folder, { recursive: true });
  execFileSync("xargs", ["-0", "touch", "--"], { cwd: folder, input: names.join("\0") });
}
