// A folder of 1,000,000 entries in Chromium: how long frames take while it arrives, is sorted and
// scrolled, and how soon a click shows rows. The page measures itself, and nothing controls it
// during a measurement.   npm run bench:browser
import { buildPage, launch, serve } from "../test/browser/browser.js";

const site = await serve(await buildPage());
const browser = await launch();
const page = await browser.newPage({ viewport: { width: 900, height: 600 } });
await page.goto(site.url);
await page.waitForFunction(() => "harness" in window);

// CPU time of the page's own thread, without other work on the machine.
const session = await page.context().newCDPSession(page);
await session.send("Performance.enable", { timeDomain: "threadTicks" });
await page.exposeFunction("threadTime", async () => {
  const { metrics } = await session.send("Performance.getMetrics");
  return 1000 * metrics.find(({ name }) => name === "TaskDuration")!.value;
});

const figures = await page.evaluate(async () => {
  const { harness } = window;
  const box = document.querySelector("[role=tree]")!;
  const frame = () => new Promise<number>((done) => requestAnimationFrame(done));
  const rounded = (ms: number) => Math.round(ms * 10) / 10;
  const spread = (values: number[]) => {
    values.sort((a, b) => a - b);
    const at = (part: number) => rounded(values[Math.floor(part * (values.length - 1))]);
    return { median: at(0.5), p95: at(0.95), max: at(1) };
  };
  const tasks: number[] = [];
  new PerformanceObserver((list) =>
    list.getEntries().forEach((entry) => tasks.push(entry.duration)),
  ).observe({ entryTypes: ["longtask"] });
  const longTasks = async () => {
    await new Promise((done) => setTimeout(done, 100));
    return tasks.splice(0).map(rounded);
  };

  // Created before measuring: that is the work of the bench, not of the page.
  const slabs = harness.encodeFlat(1, 1_000_000);
  harness.store.begin(1, "root");
  await longTasks();

  const arriving: number[] = [];
  for (let at = 0; at < slabs.length; at += 8) {
    await frame();
    for (const slab of slabs.slice(at, at + 8)) {
      const start = performance.now();
      harness.take(slab);
      arriving.push(performance.now() - start);
    }
  }
  const arrivingTasks = await longTasks();

  const sortStart = performance.now();
  while (harness.tree.row(1)!.name !== "folder-1000") await frame();
  const sorted = rounded(performance.now() - sortStart);
  const sortingTasks = await longTasks();

  // Time of script, style and layout for one scroll, whatever the compositor does.
  const scrolling: number[] = [];
  const thread = () => (window as unknown as { threadTime(): Promise<number> }).threadTime();
  const before = await thread();
  const frames: number[] = [];
  let last = await frame();
  for (let i = 0; i < 300; i++) {
    // Small steps, pages and jumps.
    const step = i % 3 === 0 ? 40 : i % 3 === 1 ? 500 : 97_003;
    const start = performance.now();
    box.scrollTop = (box.scrollTop + step) % (box.scrollHeight - box.clientHeight);
    box.dispatchEvent(new Event("scroll"));
    harness.flushSync();
    box.lastElementChild!.getBoundingClientRect();
    scrolling.push(performance.now() - start);
    const now = await frame();
    frames.push(now - last);
    last = now;
  }
  const threadTime = rounded(((await thread()) - before) / 300);
  const scrollingTasks = await longTasks();

  box.scrollTop = 0;
  await harness.settled();
  const clicks: number[] = [];
  for (let i = 0; i < 50; i++) {
    const name = `folder-${i * 1000}`;
    const bytes = harness.encode(100 + i, [
      harness.record(
        name,
        Array.from({ length: 200 }, (_, n) => `f${n}`),
      ),
    ]);
    harness.store.begin(100 + i, "root", name);
    const row = harness.tree.rows(0, 100).find((row) => row.name === name)!;
    const element = box.querySelector<HTMLElement>(`[data-index="${row.index}"]`)!;
    const start = performance.now();
    element.click();
    harness.take(bytes);
    harness.flushSync();
    box.querySelector("[aria-level='2']")!.getBoundingClientRect();
    clicks.push(performance.now() - start);
    harness.tree.close(harness.tree.row(row.index)!);
    await harness.settled();
    // In a list of this length a pixel of the scrollbar is 1.6 pixels of the list.
    box.scrollTop = (i + 1) * 15;
    await harness.settled();
  }
  return {
    "slab of 1,000 entries, decoded and stored (ms)": spread(arriving),
    "long tasks while 1,000,000 entries arrive (ms)": arrivingTasks,
    "sorted after the last slab (ms)": sorted,
    "long tasks while sorting (ms)": sortingTasks,
    "a scroll: script, style and layout (ms)": spread(scrolling),
    "the page's thread for each scroll, painting too (ms of CPU)": threadTime,
    "between frames while scrolling (ms)": spread(frames),
    "long tasks while scrolling (ms)": scrollingTasks,
    "a click and its slab to rows laid out (ms)": spread(clicks),
  };
});
// Memory per entry in the heap and in buffers, without its name; 10 entries per folder.
const used = async () => {
  await session.send("HeapProfiler.collectGarbage");
  const usage = await session.send("Runtime.getHeapUsage");
  return usage.usedSize + (usage as unknown as { backingStorageSize: number }).backingStorageSize;
};
await page.reload();
await page.waitForFunction(() => "harness" in window);
const usedBefore = await used();
const { entries, nameBytes } = await page.evaluate(() => {
  const { harness } = window;
  let [entries, nameBytes] = [0, 0];
  for (let folder = 0; folder < 50_000; folder += 100) {
    const records = Array.from({ length: 100 }, (_, i) => {
      const path = folder + i ? `usr/share/some/package-${i % 97}/folder-${folder + i}` : "";
      const names = Array.from({ length: 10 }, (_, n) => (n ? `some_file_${n}.ext` : `dir_${i}/`));
      nameBytes += names.join("").replace("/", "").length;
      entries += names.length;
      return harness.record(path, names);
    });
    harness.send(1, records);
  }
  return { entries, nameBytes };
});
const bytes = (await used()) - usedBefore - nameBytes;
console.log("bytes an entry beyond its name:", (bytes / entries).toFixed(1));

for (const [what, figure] of Object.entries(figures))
  console.log(`${what}:`, JSON.stringify(figure));
await browser.close();
site.close();
