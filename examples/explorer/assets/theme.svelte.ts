// Light or dark: as the system is set, or as chosen on the page.
import { keep, kept } from "./kept";

const KEY = "aether-theme";
const THEMES = ["system", "light", "dark"] as const;
export type Theme = (typeof THEMES)[number];

class Themes {
  current: Theme = $state("system");

  constructor() {
    const theme = kept(KEY);
    this.#set(THEMES.find((known) => known === theme) ?? "system");
  }

  next(): void {
    this.#set(THEMES[(THEMES.indexOf(this.current) + 1) % THEMES.length]);
    keep(KEY, this.current);
  }

  #set(theme: Theme): void {
    this.current = theme;
    if (theme === "system") delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = theme;
  }
}

export const themes = new Themes();
