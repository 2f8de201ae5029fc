// Helpers to read and use the explorer's page.
import type { Page } from "playwright-core";
import { expect } from "vitest";

/** Names in the tree from top to bottom, indented by their level, the focused one in brackets. */
export const rows = (page: Page): Promise<string[]> =>
  page.evaluate(() => {
    const tree = document.querySelector("[role=tree]")!;
    const focused = tree.getAttribute("aria-activedescendant");
    const place = (row: Element) => Number(row.getAttribute("data-index"));
    return [...tree.querySelectorAll("[role=treeitem]")]
      .sort((one, other) => place(one) - place(other))
      .map((row) => {
        const name = row.querySelector(".name")!.textContent!;
        const indented = "  ".repeat(Number(row.getAttribute("aria-level")) - 1) + name;
        return row.id === focused ? `[${indented}]` : indented;
      });
  });

/** Opens Go to File, and types until there is one hit: the index may still be filled. */
export async function search(page: Page, text: string): Promise<void> {
  await page.keyboard.press("Control+p");
  const box = page.getByRole("combobox");
  await expect
    .poll(async () => {
      await box.fill("");
      await box.fill(text);
      return page.getByRole("option").count();
    })
    .toBe(1);
}
