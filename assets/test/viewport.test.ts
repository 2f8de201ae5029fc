import fc from "fast-check";
import { expect, it } from "vitest";
import { Viewport } from "../src/svelte/viewport.js";

const viewport = fc
  .record({
    rowCount: fc.oneof(fc.nat(100), fc.nat(50_000_000)),
    rowHeight: fc.integer({ min: 16, max: 48 }),
    boxHeight: fc.integer({ min: 1, max: 3000 }),
  })
  .map(({ rowCount, rowHeight, boxHeight }) => new Viewport(rowCount, rowHeight, boxHeight));

const part = fc.double({ min: 0, max: 1, noNaN: true });

it("the ends of the scrollbar are the ends of the list", () => {
  fc.assert(
    fc.property(viewport, (view) => {
      expect(view.topAt(0)).toBe(0);
      expect(view.topAt(view.height - view.boxHeight)).toBeCloseTo(view.last, 3);
      expect(view.height).toBeLessThanOrEqual(15_000_000);
    }),
  );
});

it("scroll offset and list offset convert to each other", () => {
  fc.assert(
    fc.property(viewport, part, (view, at) => {
      const top = at * view.last;
      expect(view.topAt(view.scrolledAt(top))).toBeCloseTo(top, 3);
    }),
  );
});

it("all visible rows are in range, each in its own element and place", () => {
  fc.assert(
    fc.property(viewport, part, (view, at) => {
      const top = at * view.last;
      const [from, to] = view.range(top);
      const slots = new Set<number>();
      for (let index = from; index < to; index++) {
        slots.add(view.slot(index, top));
        const seen = view.place(index, top) - view.scrolledAt(top);
        if (seen > 0 && seen < view.boxHeight)
          expect(seen).toBeCloseTo(index * view.rowHeight - top, 3);
      }
      expect(slots.size).toBe(to - from);
      expect(slots.has(-1)).toBe(false);
      expect(from * view.rowHeight).toBeLessThanOrEqual(top);
      expect(to === view.rowCount || to * view.rowHeight >= top + view.boxHeight).toBe(true);
    }),
  );
});

it("a revealed row is visible, and a row that is visible already does not move", () => {
  fc.assert(
    fc.property(viewport, part, part, (view, at, row) => {
      fc.pre(view.rowCount > 0 && view.boxHeight >= view.rowHeight);
      const index = Math.floor(row * (view.rowCount - 1));
      const top = view.reveal(index, at * view.last);
      expect(index * view.rowHeight).toBeGreaterThanOrEqual(top);
      expect((index + 1) * view.rowHeight).toBeLessThanOrEqual(top + view.boxHeight);
      expect(view.reveal(index, top)).toBe(top);
    }),
  );
});
