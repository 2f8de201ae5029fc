// Measures the work of the page between frames: message handlers and frame callbacks, including
// what Svelte does after them, style and layout, without painting. Import it first: time starts
// here.
export const start = performance.now();

const nextFrame = window.requestAnimationFrame.bind(window);
export const frame = () => new Promise<number>((done) => nextFrame(done));

/**
 * Work of each frame that had any, in milliseconds: messages, frame callbacks, style and layout.
 */
export const frames: [messages: number, callbacks: number, layout: number][] = [];
/** Tasks of more than 50 ms. */
export const longTasks: number[] = [];

let work: (typeof frames)[number] = [0, 0, 0];
let from = 0;

function timed(run: () => void, isFrame: boolean): void {
  from = performance.now();
  run();
  // After the microtasks that it has queued.
  queueMicrotask(() =>
    queueMicrotask(() => {
      const end = performance.now();
      work[isFrame ? 1 : 0] += end - from;
      if (!isFrame) return;
      layout();
      work[2] += performance.now() - end;
    }),
  );
}

/** Forces layout, which the browser would do a little later. */
export function layout(): void {
  document.querySelector("[role=tree]")?.lastElementChild?.getBoundingClientRect();
}

window.requestAnimationFrame = (callback) => nextFrame((now) => timed(() => callback(now), true));

/** A WebSocket that measures its message handler. */
export class TimedSocket extends WebSocket {
  constructor(url: string, protocols?: string[]) {
    super(url, protocols);
    Object.defineProperty(this, "onmessage", {
      set: (handler: (event: MessageEvent) => void) =>
        this.addEventListener("message", (event) => timed(() => handler.call(this, event), false)),
    });
  }
}

(function tick(): void {
  if (work.some((part) => part > 0)) frames.push(work);
  work = [0, 0, 0];
  nextFrame(tick);
})();

new PerformanceObserver((list) =>
  list.getEntries().forEach((entry) => longTasks.push(Math.round(entry.duration))),
).observe({ entryTypes: ["longtask"] });
