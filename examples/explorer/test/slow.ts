// A file system whose listings hang until they are released: a scan of it runs for as long as the
// test needs. It is that of the library's own tests, and only root may mount it.
import { spawn, spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { createInterface } from "node:readline";

const FUSE = fileURLToPath(new URL("../../../test/support/fuse.pl", import.meta.url));

export const isPossible =
  process.getuid?.() === 0 &&
  existsSync("/dev/fuse") &&
  spawnSync("perl", ["-v"], { stdio: "ignore" }).status === 0;

export interface Slow {
  /** Waits until this number of listings hang. */
  held(count: number): Promise<void>;
  release(): void;
  /** Makes listings hang again. */
  hold(): void;
  unmount(): Promise<void>;
}

/** Mounts one with `count` directories of three files each, of 1001 to 1000 * count + 3 bytes. */
export async function mount(path: string, count: number): Promise<Slow> {
  const child = spawn("perl", [FUSE, path, String(count)], { stdio: ["pipe", "pipe", "inherit"] });
  const lines = new Set<string>();
  let wake = () => {};
  createInterface({ input: child.stdout }).on("line", (line) => (lines.add(line), wake()));
  const received = async (line: string) => {
    while (!lines.has(line)) await new Promise<void>((done) => (wake = done));
  };
  const ended = new Promise<void>((done) => child.on("exit", () => done()));
  await received("mounted");
  return {
    held: (count) => received(`held ${count}`),
    release: () => void child.stdin.write("release\n"),
    hold: () => void child.stdin.write("hold\n"),
    unmount: async () => {
      child.stdin.end();
      await ended;
      spawnSync("umount", ["-l", path], { stdio: "ignore" });
    },
  };
}
