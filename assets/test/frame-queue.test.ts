import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { FrameQueue } from "../src/channel/frame-queue.js";

const page = { visibilityState: "visible" };
let done: number[] = [];
let frameQueue: FrameQueue;
let clock = 0;
/** Takes a millisecond. */
const step = (number: number) => () => {
  done.push(number);
  clock++;
};
const add = (...numbers: number[]) => numbers.forEach((number) => frameQueue.add(step(number)));
const taken = () => done.splice(0);
const nextFrame = () => vi.advanceTimersByTime(16);

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal("document", page);
  vi.stubGlobal("requestAnimationFrame", (callback: () => void) => setTimeout(callback, 16));
  vi.stubGlobal("cancelAnimationFrame", clearTimeout);
  vi.spyOn(performance, "now").mockImplementation(() => clock);
  page.visibilityState = "visible";
  frameQueue = new FrameQueue();
  done = [];
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

it("runs what fits into a frame at once, and the rest in the next frames, in order", () => {
  add(1, 2, 3, 4, 5, 6, 7);
  expect(taken()).toEqual([1, 2, 3]);
  nextFrame();
  expect(taken()).toEqual([4, 5, 6]);
  add(8, 9);
  expect(taken()).toEqual([]);
  nextFrame();
  expect(taken()).toEqual([7, 8, 9]);
  nextFrame();
  add(10);
  expect(taken()).toEqual([10]);
});

it("continues without frames", () => {
  vi.stubGlobal("requestAnimationFrame", () => 1);
  vi.stubGlobal("cancelAnimationFrame", () => {});
  add(1, 2, 3, 4);
  expect(taken()).toEqual([1, 2, 3]);
  vi.advanceTimersByTime(100);
  expect(taken()).toEqual([4]);
});

it("does not wait in a hidden page", () => {
  add(1, 2, 3, 4);
  taken();
  page.visibilityState = "hidden";
  add(5, 6, 7, 8);
  expect(taken()).toEqual([4, 5, 6, 7, 8]);
});

it("continues after a step that throws, and drops what waits when cleared", () => {
  expect(() =>
    frameQueue.add(() => {
      add(1, 2, 3, 4);
      throw new Error("a callback's");
    }),
  ).toThrow();
  taken();
  nextFrame();
  expect(taken()).toEqual([4]);
  nextFrame();
  add(5, 6, 7, 8, 9);
  frameQueue.clear();
  nextFrame();
  expect(taken()).toEqual([5, 6, 7]);
});
