// Runs the app as users do, with a port and an index of its own.
import { spawn, type ChildProcess } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";

export interface Server {
  readonly url: string;
  stop(): Promise<void>;
}

export const temporary = (): string => mkdtempSync(join(tmpdir(), "aether-explorer-"));

/** Starts the app; its index is in `home`. */
export async function start(home: string, paths: string[], port = "0"): Promise<Server> {
  const hex = paths.map((path) => Buffer.from(path).toString("hex"));
  const index = join(home, "index.db");
  const child = spawn(
    process.env.MIX ?? "mix",
    ["explorer", "--hex", "--port", port, "--index", index, "--", ...hex],
    { stdio: ["ignore", "pipe", "inherit"], env: { ...process.env, ELIXIR_ERL_OPTIONS: "+fnu" } },
  );
  const ended = new Promise<void>((done) => child.on("exit", () => done()));
  return { url: await address(child, ended), stop: () => (child.kill(), ended) };
}

async function address(child: ChildProcess, ended: Promise<void>): Promise<string> {
  const lines = createInterface({ input: child.stdout! });
  const output: string[] = [];
  const found = new Promise<string>((done) =>
    lines.on("line", (line) => {
      output.push(line);
      const url = line.match(/^Serving .* on (http:\S+)/)?.[1];
      if (url) done(url);
    }),
  );
  const failed = ended.then(() =>
    Promise.reject(new Error(`did not start:\n${output.join("\n")}`)),
  );
  return Promise.race([found, failed]);
}

export const remove = (path: string): void => rmSync(path, { recursive: true, force: true });
