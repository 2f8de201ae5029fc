// Choices made on the page, which the browser remembers.
export function kept(key: string): string | null {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}

export function keep(key: string, value: string): void {
  try {
    localStorage.setItem(key, value);
  } catch {
    // Some browsers forbid it; the choice is then lost with the page.
  }
}
