// Text for a live region. Screen readers cannot follow one that changes ten times a second: text is
// passed on at once after a pause, and otherwise only the latest text when the pause is over.

/** How long to wait between two texts, in milliseconds. */
const PAUSE = 3000;

export class Announcer {
  text = $state("");

  constructor(source: () => string) {
    let last = -Infinity;
    $effect(() => {
      const text = source();
      const wait = Math.max(0, last + PAUSE - performance.now());
      const timer = setTimeout(() => {
        last = performance.now();
        this.text = text;
      }, wait);
      return () => clearTimeout(timer);
    });
  }
}
