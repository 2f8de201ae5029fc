// The page of the bench over a real socket: does what its address says, measures itself, and
// reports. ?case=arrive&root=wide: a whole root; ?case=first&root=wide: its first rows, with
// repeated loads; ?case=click&root=leaves: folders opened one after the other, and files chosen.
import { frame, frames, layout, longTasks, start, TimedSocket } from "./meter.js";
import { spread } from "./spread.js";
import { Socket } from "phoenix";
import { mount } from "svelte";
import { connectScan, TreeStore, type Folder, type Summary } from "../../src/index.js";
import { FileTree, TreeState } from "../../src/svelte/index.js";

const wanted = new URLSearchParams(location.search);
const key = wanted.get("root")!;
/** Number of measured loads, after a first one in a browser that has just started. */
const LOADS = 10;
/** Number of folders to open. */
const FOLDERS = 50;
const isClick = wanted.get("case") === "click";

const store = new TreeStore();
const tree = new TreeState(store);
const socket = new Socket("/socket", { transport: TimedSocket });
const channel = socket.channel("files:all");
let [slabs, bytes, firstSlab] = [0, 0, 0];
channel.on("slab", (slab: ArrayBuffer) => {
  if (!firstSlab) performance.mark("first slab");
  firstSlab ||= performance.now() - start;
  slabs++;
  bytes += slab.byteLength;
});
socket.connect();

const completed = new Promise<Summary>((done) =>
  connectScan(channel, store, {
    roots: [{ key, options: { depth: isClick ? 1 : "infinity", index: false, progress: true } }],
    ...tree.callbacks,
    oncompleted: (folder: Folder, summary) => {
      tree.callbacks.oncompleted(folder, summary);
      if (!folder.path) done(summary);
    },
  }),
);
const firstRows = shown("[role=treeitem]").then(painted);
mount(FileTree, { target: document.querySelector("main")!, props: { tree, label: "Files" } });

/** Waits for an element. */
function shown(selector: string): Promise<number> {
  return new Promise((done) => {
    const look = () => {
      if (!document.querySelector(selector)) return false;
      observer.disconnect();
      layout();
      done(performance.now());
      return true;
    };
    const observer = new MutationObserver(look);
    const changes = { childList: true, subtree: true, attributes: true };
    if (!look()) observer.observe(document.querySelector("main")!, changes);
  });
}

/** Resolves when the frame has been painted: in a task after its callbacks. */
async function painted(): Promise<number> {
  await frame();
  await new Promise<void>((done) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => done();
    port2.postMessage(null);
  });
  return performance.now() - start;
}

/** The results of all loads; null if another load must follow. */
async function first(): Promise<object | null> {
  const loads = JSON.parse(sessionStorage.getItem("loads") ?? "[]") as number[][];
  const painted = await firstRows;
  loads.push([firstSlab, painted]);
  sessionStorage.setItem("loads", JSON.stringify(loads));
  if (loads.length <= LOADS) {
    location.reload();
    return null;
  }
  const [cold] = loads.splice(0, 1);
  return {
    "in a browser that has just started: first rows painted (ms)": Math.round(cold[1]),
    "then: first slab after the script's start (ms)": spread(loads.map(([slab]) => slab)),
    "first rows painted after it (ms)": spread(loads.map(([, painted]) => painted)),
  };
}

async function arrive(): Promise<object> {
  const summary = await completed;
  const arrived = performance.now() - start;
  // Until it is sorted and shown.
  do await frame();
  while (store.work(0));
  performance.mark("sorted");
  await new Promise((done) => setTimeout(done, 200));
  const entries = summary.files + summary.directories + summary.symlinks + summary.others;
  return {
    entries,
    slabs,
    "bytes an entry": Math.round((10 * bytes) / entries) / 10,
    "all entries after (ms)": Math.round(arrived),
    "million entries/s": Math.round((100 * entries) / (arrived - firstSlab) / 1000) / 100,
    "client work a frame (ms)": spread(frames.map((parts) => parts.reduce((a, b) => a + b))),
    "of it messages": spread(frames.map(([messages]) => messages)),
    "frame callbacks": spread(frames.map(([, callbacks]) => callbacks)),
    "style and layout": spread(frames.map(([, , layout]) => layout)),
    "long tasks (ms)": longTasks,
  };
}

const element = (index: number) => document.querySelector<HTMLElement>(`[data-index="${index}"]`);

/**
 * Clicks a row, and returns the time until its result is laid out, and the frames until it is
 * painted.
 */
async function click(index: number, selector: string): Promise<[ms: number, painted: number]> {
  // After the scroll, it appears with one of the next frames.
  let row = element(index);
  for (; !row; row = element(index)) await frame();
  const from = performance.now();
  row.click();
  const there = await shown(selector);
  const laidOut = there - from;
  return [laidOut, start + (await painted()) - from];
}

async function clicks(): Promise<object> {
  await completed;
  for (let i = 0; i < 5 || store.work(0); i++) await frame();
  const box = document.querySelector("[role=tree]")!;
  const opened: number[] = [];
  const openedPaint: number[] = [];
  const chosen: number[] = [];
  const chosenPaint: number[] = [];
  // The first one runs code that is not compiled yet.
  for (let index = 0; index < Math.min(FOLDERS, store.rowCount); index++) {
    box.scrollTop = 24 * Math.max(0, index - 3);
    for (let i = 0; i < 3; i++) await frame();
    const [folder, folderPaint] = await click(index, "[aria-level='2']");
    await frame();
    const file = index + 1 + (index % 5);
    const [choice, choicePaint] = await click(file, `[data-index="${file}"][aria-selected="true"]`);
    if (index) {
      opened.push(folder);
      openedPaint.push(folderPaint);
      chosen.push(choice);
      chosenPaint.push(choicePaint);
    }
    tree.close(store.row(index)!);
    await frame();
  }
  return {
    "clicks on folders": opened.length,
    "a click on a folder to its rows laid out (ms)": spread(opened),
    "a click on a folder to its rows painted (ms)": spread(openedPaint),
    "a click on a file to its selection (ms)": spread(chosen),
    "a click on a file to that painted (ms)": spread(chosenPaint),
    "long tasks (ms)": longTasks,
  };
}

const cases: Record<string, () => Promise<object | null>> = { first, arrive, click: clicks };
const figures = await cases[wanted.get("case")!]().catch((error) => ({ error: String(error) }));
if (figures) await fetch("/report", { method: "POST", body: JSON.stringify(figures) });
