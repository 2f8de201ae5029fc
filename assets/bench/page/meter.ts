// What the page does between frames: the time of message handlers and of frame callbacks, with what Svelte does after
// them, style and layout. Painting is the browser's. To be imported first: time begins here.
export const start = performance.now();

const nextFrame = window.requestAnimationFrame.bind(window);
export const frame = () => new Promise<number>((done) => nextFrame(done));

/** Milliseconds of work in each frame that had any: of messages, of frame callbacks, and of style and layout after them. */
export const frames: [messages: number, callbacks: number, layout: number][] = [];
/** Tasks of more than 50 ms. */
export const longTasks: number[] = [];

let work: (typeof frames)[number] = [0, 0, 0];
let from = 0;

function timed(run: () => void, isFrame: boolean): void {
  from = performance.now();
  run();
  // Behind the microtasks that it has begun.
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

/** Has the browser lay out what there is: it would a little later. */
export function layout(): void {
  document.querySelector("[role=tree]")?.lastElementChild?.getBoundingClientRect();
}

window.requestAnimationFrame = (callback) => nextFrame((now) => timed(() => callback(now), true));

/** A WebSocket whose message handler is timed. */
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
