// Helpers to read and use the explorer's page.
import type { Page } from "playwright-core";
import { expect } from "vitest";

export { rows } from "../support/rows.js";

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
