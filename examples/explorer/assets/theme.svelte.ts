// Light or dark: as the system is set, or as chosen on the page, which the browser remembers.
const KEY = "aether-theme";
const THEMES = ["system", "light", "dark"] as const;
export type Theme = (typeof THEMES)[number];

class Themes {
  current: Theme = $state("system");

  constructor() {
    const kept = read();
    this.#set(THEMES.find((theme) => theme === kept) ?? "system");
  }

  next(): void {
    this.#set(THEMES[(THEMES.indexOf(this.current) + 1) % THEMES.length]);
    try {
      localStorage.setItem(KEY, this.current);
    } catch {
      // Some browsers forbid it; the choice is then lost with the page.
    }
  }

  #set(theme: Theme): void {
    this.current = theme;
    if (theme === "system") delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = theme;
  }
}

function read(): string | null {
  try {
    return localStorage.getItem(KEY);
  } catch {
    return null;
  }
}

export const themes = new Themes();
