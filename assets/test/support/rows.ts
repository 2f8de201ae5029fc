// What a test reads of the tree in a page: here and in the explorer's own tests, which have packages of their own.
interface Evaluates {
  evaluate<T>(read: () => T): Promise<T>;
}

/** Names in the tree from top to bottom, indented by their level, the focused one in brackets. */
export const rows = (page: Evaluates): Promise<string[]> =>
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
