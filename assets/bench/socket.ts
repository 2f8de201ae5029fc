// The client over a real socket, in Chromium that nobody drives: it is started with an address, and the page reports. Trees
// are those of ../bench/trees.sh, `flat1m` a directory of a million files, `wide` a million entries in 10,000 directories.
// npm run bench:socket -- [rounds] [part of a case] [part of a case]
import { execFileSync, spawn } from "node:child_process";
import { mkdtempSync, readdirSync } from "node:fs";
import { loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { startServer } from "../test/socket/server.js";

const rounds = Number(process.argv[2] ?? 3);
const trees = join(tmpdir(), "aether-bench");
execFileSync("../bench/trees.sh", ["--dir", trees, "wide", "flat1m"]);
const firstIn = (path: string) => join(path, readdirSync(path).sort()[0]);
const roots = {
  wide: join(trees, "wide"),
  flat1m: join(trees, "flat1m"),
  // A hundred folders of a hundred files.
  leaves: firstIn(firstIn(join(trees, "wide"))),
  usr: "/usr",
};

const folder = mkdtempSync(join(tmpdir(), "aether-bench-"));
const server = await startServer(folder, { page: "bench/page", roots, mixEnv: "prod" });

/** Opens an address in a browser of its own, and gives what the page reports. */
async function run(query: string): Promise<Record<string, unknown>> {
  const profile = mkdtempSync(join(folder, "profile-"));
  const browser = spawn(
    process.env.CHROMIUM ?? "/usr/bin/chromium",
    [
      ..."--headless=new --no-sandbox --disable-gpu --disable-dev-shm-usage --no-first-run".split(
        " ",
      ),
      ..."--disable-background-networking --window-size=900,700".split(" "),
      `--user-data-dir=${profile}`,
      `${server.url}?${query}`,
    ],
    { stdio: "ignore" },
  );
  const ended = new Promise((done) => browser.on("exit", done));
  const figures = (await server.report()) as Record<string, unknown>;
  browser.kill();
  await ended;
  if (figures.error) throw new Error(String(figures.error));
  return figures;
}

// Warm: code, directories, the page.
await run("case=click&root=leaves");
const only = process.argv[3];
for (const query of [
  "case=first&root=flat1m",
  "case=first&root=wide",
  "case=first&root=usr",
  "case=arrive&root=flat1m",
  "case=arrive&root=wide",
  "case=arrive&root=usr",
  "case=click&root=leaves",
].filter((query) => !only || query.includes(only)))
  for (let round = 0; round < rounds; round++) {
    const load = loadavg()[0].toFixed(1);
    console.log(`\n${query}, round ${round + 1}, load average ${load}`);
    for (const [what, figure] of Object.entries(await run(query)))
      console.log(`  ${what}: ${JSON.stringify(figure)}`);
  }
server.close();
