// CPU time of a page's main thread in each frame, from Chromium's own trace. Elapsed time would
// include waiting for a processor, which the page shares with the server and the browser's other
// processes.
import { existsSync, readFileSync, statSync } from "node:fs";

interface TraceEvent {
  name: string;
  ph: string;
  pid: number;
  tid: number;
  /** Microseconds, like the elapsed time `dur` and the CPU time `tdur`. */
  ts: number;
  dur?: number;
  tdur?: number;
}

/** How long a trace lasts from Chromium's start, in seconds. */
const SECONDS = 6;

/** Flags that make Chromium trace for that time and write a file. */
export const traceFlags = (file: string): string[] => [
  "--trace-startup=toplevel,devtools.timeline,blink.user_timing",
  "--trace-startup-format=json",
  `--trace-startup-duration=${SECONDS}`,
  `--trace-startup-file=${file}`,
];

/** Waits until the file is written. */
export async function traced(file: string): Promise<void> {
  for (let size = -1; ;) {
    const before = size;
    await new Promise((done) => setTimeout(done, 500));
    size = existsSync(file) ? statSync(file).size : -1;
    if (size > 0 && size === before) return;
  }
}

/**
 * CPU time of each frame between two of the page's marks, and of the longest task, in milliseconds.
 */
export function frameTimes(file: string, from: string, to: string) {
  const { traceEvents } = JSON.parse(readFileSync(file, "utf8")) as { traceEvents: TraceEvent[] };
  const begin = traceEvents.find(({ name }) => name === from);
  const end = traceEvents.find(({ name }) => name === to);
  if (!begin || !end) throw new Error(`the trace has no mark ${begin ? to : from}`);
  const own = traceEvents
    .filter(({ pid, tid, ts }) => pid === begin.pid && tid === begin.tid && ts <= end.ts)
    .filter(({ ph, ts, dur = 0 }) => ph === "X" && ts + dur >= begin.ts)
    .sort((a, b) => a.ts - b.ts);
  const callbacks = own.filter(({ name }) => name === "FireAnimationFrame");
  const frames: number[] = [];
  const tasks: number[] = [];
  let work = 0;
  for (const { name, ts, dur = 0, tdur = 0 } of own) {
    if (name !== "ThreadControllerImpl::RunTask") continue;
    let isFrame = false;
    for (; callbacks.length && callbacks[0].ts < ts + dur; callbacks.shift()) isFrame = true;
    if (isFrame) frames.push(work);
    work = (isFrame ? 0 : work) + tdur / 1000;
    tasks.push(tdur / 1000);
  }
  return { frames, longest: Math.max(...tasks) };
}
