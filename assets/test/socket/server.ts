// The server of these tests: an Erlang VM with Aether, which speaks to the page as Phoenix does
// (test/support/socket) and serves the given directories.
import { execFileSync, spawn } from "node:child_process";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
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
  /** Waits for the next report of a page. */
  report(): Promise<unknown>;
  state(): Promise<State>;
  /** Breaks all connections. */
  drop(): Promise<void>;
  /** Kills a process of the server by its name. */
  kill(name: string): Promise<void>;
  close(): void;
}

export interface Served {
  /** The page's folder, or its files by path. */
  page: string | Map<string, string | Uint8Array>;
  /** Directories by the keys that the page uses for them. */
  roots: Record<string, string>;
  /** Which build to run. */
  mixEnv: "test" | "prod";
  /**
   * It gets only the processor time that the browser leaves, as if on another machine; for benches.
   */
  yields?: boolean;
}

/**
 * Builds the page and starts the server. Both use `folder`, which is removed when the server ends.
 */
export async function startServer(
  folder: string,
  { page, roots, mixEnv, yields = false }: Served,
): Promise<Server> {
  const built = join(folder, "page");
  const files = typeof page === "string" ? await buildPage(page) : page;
  for (const [path, content] of files) write(built + path, content);
  const mix = process.env.MIX ?? "mix";
  const keys = Object.entries(roots).map(([key, path]) => `${key}=${path}`);
  const child = spawn(
    yields ? "chrt" : mix,
    [
      ...(yields ? ["--idle", "0", mix] : []),
      "run",
      "test/support/socket/serve.exs",
      built,
      ...keys,
    ],
    {
      cwd: "..",
      env: { ...process.env, MIX_ENV: mixEnv, ELIXIR_ERL_OPTIONS: "+fnu +Bd" },
      stdio: ["pipe", "pipe", "inherit"],
    },
  );
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
  /** The rest of the next line that begins with this word. */
  const next = async (word: string): Promise<string> => {
    for (;;) {
      const { value, done } = await lines.next();
      if (done) throw new Error(`the server ended with status ${child.exitCode}`);
      if (value.startsWith(`${word} `)) return value.slice(word.length + 1);
    }
  };
  const port = await next("port");
  const url = `http://127.0.0.1:${port}/`;
  const post = async (path: string, body = "") => {
    const { ok } = await fetch(url + path, { method: "POST", body });
    if (!ok) throw new Error(`the server does not know ${path}`);
  };
  return {
    url,
    report: async () => JSON.parse(await next("report")) as unknown,
    state: async () => (await fetch(url + "state")).json() as Promise<State>,
    drop: () => post("drop"),
    kill: (name) => post("kill", name),
    close() {
      child.on("exit", () => rmSync(folder, { recursive: true, force: true, maxRetries: 10 }));
      child.stdin.end();
    },
  };
}

/** Writes a file, and creates its directories. */
export function write(path: string, content: string | Uint8Array = ""): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
}

/** Creates a directory of empty files. */
export function touch(folder: string, names: string[]): void {
  mkdirSync(folder, { recursive: true });
  execFileSync("xargs", ["-0", "touch", "--"], { cwd: folder, input: names.join("\0") });
}
