// A live region that changes ten times a second is one that nobody can listen to: text is passed on
// at once when nothing was said lately, and the latest after a pause otherwise.

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
