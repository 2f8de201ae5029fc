// The client over a real socket, in a Chromium without remote control: it is started with an
// address, and the page reports. The trees are those of ../bench/trees.sh: a million or half a
// million files in one directory (`flat`), or in one for each hundred (`wide`). npm run
// bench:socket -- [rounds] [part of a case] [part of a case]
import { execFileSync, spawn } from "node:child_process";
import { mkdtempSync, readdirSync } from "node:fs";
import { loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { startServer } from "../test/socket/server.js";
import { spread } from "./page/spread.js";
import { frameTimes, traced, traceFlags } from "./trace.js";

const rounds = Number(process.argv[2] ?? 3);
const trees = join(tmpdir(), "aether-bench");
execFileSync("../bench/trees.sh", ["--dir", trees, "wide", "flat1m", "wide500k", "flat500k"]);
const firstIn = (path: string) => join(path, readdirSync(path).sort()[0]);
const roots = {
  wide: join(trees, "wide"),
  flat1m: join(trees, "flat1m"),
  wide500k: join(trees, "wide500k"),
  flat500k: join(trees, "flat500k"),
  // A hundred folders of a hundred files.
  leaves: firstIn(firstIn(join(trees, "wide"))),
  usr: "/usr",
};

const folder = mkdtempSync(join(tmpdir(), "aether-bench-"));
const server = await startServer(folder, {
  page: "bench/page",
  roots,
  mixEnv: "prod",
  yields: true,
});

/** Opens an address in a new browser, and returns the report of the page. */
async function run(query: string): Promise<Record<string, unknown>> {
  const profile = mkdtempSync(join(folder, "profile-"));
  const trace = join(profile, "trace.json");
  const isTraced = query.includes("arrive");
  const browser = spawn(
    process.env.CHROMIUM ?? "/usr/bin/chromium",
    [
      ..."--headless=new --no-sandbox --disable-gpu --disable-dev-shm-usage --no-first-run".split(
        " ",
      ),
      ..."--disable-background-networking --window-size=900,700".split(" "),
      `--user-data-dir=${profile}`,
      ...(isTraced ? traceFlags(trace) : []),
      `${server.url}?${query}`,
    ],
    { stdio: "ignore" },
  );
  const ended = new Promise((done) => browser.on("exit", done));
  const figures = (await server.report()) as Record<string, unknown>;
  if (isTraced && !figures.error) await traced(trace);
  browser.kill();
  await ended;
  if (figures.error) throw new Error(String(figures.error));
  if (!isTraced) return figures;
  const { frames, longest } = frameTimes(trace, "first slab", "sorted");
  return {
    ...figures,
    "processor time of the page's thread a frame (ms)": spread(frames),
    "in its longest task (ms)": Math.round(longest),
  };
}

// Warm up code, directories and the page.
await run("case=click&root=leaves");
const only = process.argv[3];
for (const query of [
  "case=first&root=flat1m",
  "case=first&root=wide",
  "case=first&root=usr",
  "case=arrive&root=flat500k",
  "case=arrive&root=wide500k",
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
