// The component in a real browser: what it shows, what it exposes to assistive technology, keys.
import type { Page } from "playwright-core";
import { describe, expect, it } from "vitest";
import { axe, useBrowser } from "./fixture.js";

const browser = useBrowser();

/** A page with a small tree. */
async function small(options?: object): Promise<Page> {
  const page = await browser.open(options);
  await page.evaluate(async () => {
    const { send, record, settled } = window.harness;
    send(1, [
      record("", ["docs/", "src/", "unread/", "beta", "alpha", "zeta"]),
      record("docs", ["guide/", "intro", "notes"]),
      record("docs/guide", ["one", "two"]),
      record("src", []),
    ]);
    await settled();
  });
  return page;
}

/** The rows in the document from top to bottom, and the focused one in brackets. */
const rows = (page: Page) =>
  page.evaluate(() => {
    const tree = document.querySelector("[role=tree]")!;
    const focused = tree.getAttribute("aria-activedescendant");
    return [...tree.querySelectorAll("[role=treeitem]")].map((row) => {
      const name = row.querySelector(".name")!.textContent!;
      const indented = "  ".repeat(Number(row.getAttribute("aria-level")) - 1) + name;
      return row.id === focused ? `[${indented}]` : indented;
    });
  });

const focused = async (page: Page) =>
  (await rows(page)).find((row) => row.startsWith("["))?.replace(/[[\] ]/g, "");

const row = (page: Page, name: string) =>
  page.locator("[role=treeitem]").filter({ has: page.getByText(name, { exact: true }) });

const press = async (page: Page, ...keys: string[]) => {
  for (const key of keys) await page.keyboard.press(key);
};

describe("rows", () => {
  it("have the attributes of tree items", async () => {
    const page = await small();
    await row(page, "docs").click();
    const attributes = (name: string) =>
      row(page, name).evaluate((row) =>
        ["level", "posinset", "setsize", "expanded", "busy", "selected"].map((attribute) =>
          row.getAttribute(`aria-${attribute}`),
        ),
      );
    expect(await attributes("docs")).toEqual(["1", "1", "6", "true", null, "true"]);
    expect(await attributes("guide")).toEqual(["2", "1", "3", "false", null, "false"]);
    expect(await attributes("notes")).toEqual(["2", "3", "3", null, null, "false"]);
    await row(page, "unread").click();
    expect(await attributes("unread")).toEqual(["1", "3", "6", "true", "true", "true"]);
  });

  it("of an open folder appear with its first slab, and are requested once", async () => {
    const page = await small();
    await row(page, "unread").click();
    const shown = await page.evaluate(async () => {
      const { send, record, needed } = window.harness;
      send(2, [record("unread", ["x"], 0)], "unread");
      // Without a frame in between: only what must happen at once has happened.
      await Promise.resolve();
      return [needed, document.querySelectorAll("[aria-level='2']").length];
    });
    expect(shown).toEqual([["unread"], 1]);
  });

  it("show hostile names in printable form", async () => {
    const page = await browser.open();
    await page.evaluate(async () => {
      const { send, record, settled } = window.harness;
      const names = ["a\u202etxt.exe", "b\x1b[31m\n", "c\udcff", "d<img src=x onerror=alert(1)>"];
      send(1, [record("", names)]);
      await settled();
    });
    expect(await rows(page)).toEqual([
      "a\\u{202E}txt.exe",
      "b\\e[31m\\n",
      "c\\xFF",
      "d<img src=x onerror=alert(1)>",
    ]);
  });

  it("of a failed folder say why", async () => {
    const page = await small();
    await row(page, "unread").click();
    await page.evaluate(async () => {
      const { send, settled } = window.harness;
      send(2, [{ path: "unread", status: 256 + 13 }], "unread");
      await settled();
    });
    expect(await row(page, "unread").innerText()).toContain("permission denied");
    await row(page, "src").click();
    expect(await row(page, "src").innerText()).toContain("empty");
  });
});

describe("the mouse", () => {
  it("opens folders, and chooses files", async () => {
    const page = await small();
    await row(page, "docs").click();
    await row(page, "intro").click();
    await row(page, "docs").click();
    await row(page, "beta").click();
    expect(await page.evaluate(() => window.harness.selected)).toEqual(["docs/intro", "beta"]);
    expect(await rows(page)).toEqual(["docs", "src", "unread", "alpha", "[beta]", "zeta"]);
  });
});

describe("keys", () => {
  it("go up and down, to both ends, in and out", async () => {
    const page = await small();
    await press(page, "Tab", "Tab");
    expect(await focused(page)).toBe("docs");
    await press(page, "ArrowRight");
    expect(await focused(page)).toBe("docs");
    await press(page, "ArrowRight", "ArrowRight", "ArrowRight", "ArrowDown");
    const open = ["docs", "  guide", "    one", "    two", "  intro", "  notes"];
    expect(await rows(page)).toEqual(
      [...open, "src", "unread", "alpha", "beta", "zeta"].map((row) =>
        row === "    two" ? `[${row}]` : row,
      ),
    );
    await press(page, "ArrowLeft");
    expect(await focused(page)).toBe("guide");
    await press(page, "ArrowLeft", "ArrowLeft");
    expect(await focused(page)).toBe("docs");
    await press(page, "End", "ArrowDown");
    expect(await focused(page)).toBe("zeta");
    await press(page, "Home", "ArrowUp");
    expect(await focused(page)).toBe("docs");
    await press(page, "PageDown");
    expect(await focused(page)).toBe("zeta");
    await press(page, "PageUp");
    expect(await focused(page)).toBe("docs");
  });

  it("choose and open", async () => {
    const page = await small();
    await page.focus("[role=tree]");
    await press(page, "End", "Enter", "ArrowUp", " ", "Home", "Enter");
    expect(await page.evaluate(() => window.harness.selected)).toEqual(["zeta", "beta"]);
    expect(await rows(page)).toHaveLength(9);
    await press(page, "Enter");
    expect(await rows(page)).toHaveLength(6);
  });

  it("open all siblings", async () => {
    const page = await small();
    await page.focus("[role=tree]");
    await press(page, "*");
    expect(await page.evaluate(() => window.harness.needed)).toEqual(["unread"]);
    expect((await rows(page)).slice(0, 4)).toEqual(["[docs]", "  guide", "  intro", "  notes"]);
  });

  it("find what is typed", async () => {
    const page = await small();
    await page.focus("[role=tree]");
    await page.keyboard.type("be");
    expect(await focused(page)).toBe("beta");
    // Moving elsewhere ends the word.
    await press(page, "ArrowUp");
    await page.keyboard.type("d");
    expect(await focused(page)).toBe("docs");
  });

  it("with a modifier are the browser's", async () => {
    const page = await small();
    await page.focus("[role=tree]");
    await press(page, "Control+End");
    expect(await focused(page)).toBe("docs");
  });
});

describe("the filter", () => {
  it("leaves names that contain the text", async () => {
    const page = await small();
    await row(page, "docs").click();
    await page.getByLabel("Filter names").fill("ET");
    expect(await rows(page)).toEqual(["[docs]", "beta", "zeta"]);
    await page.getByLabel("Filter names").fill("nothing");
    await row(page, "docs").click();
    await expect.poll(() => page.locator(".empty").innerText()).toBe("No names match");
    await page.getByLabel("Filter names").fill("");
    expect(await rows(page)).toHaveLength(6);
  });
});

describe("the component", () => {
  it.each(["light", "dark"])("has no violations that axe finds, %s", async (colorScheme) => {
    const page = await small({ colorScheme });
    const check = async () => {
      const result = await page.evaluate(() =>
        (window as unknown as { axe: typeof import("axe-core") }).axe.run(),
      );
      // The rules for whole pages do not apply: the test page has nothing but the component.
      return result.violations.map(({ id, nodes }) => `${id}: ${nodes[0].html}`);
    };
    await page.evaluate(axe);
    await page.evaluate(() => {
      document
        .querySelector("main")!
        .prepend(Object.assign(document.createElement("h1"), { textContent: "Files" }));
    });
    for (const name of ["docs", "guide", "unread", "src", "intro"]) await row(page, name).click();
    await page.evaluate(async () => {
      const { send, tree, settled } = window.harness;
      send(2, [{ path: "unread", status: 256 + 13 }], "unread");
      tree.status = "Scanning: 3 entries";
      await settled();
    });
    expect(await check()).toEqual([]);
    await page.getByLabel("Filter names").fill("nothing");
    expect(await check()).toEqual([]);
  });

  it("announces progress, but not all the time", async () => {
    const page = await small();
    const said = () => page.getByRole("status").innerText();
    await page.clock.install();
    await page.evaluate(() => void (window.harness.tree.status = "Scanning: 1"));
    await page.clock.runFor(100);
    const first = await said();
    await page.evaluate(() => void (window.harness.tree.status = "Scanning: 2"));
    await page.clock.runFor(2000);
    expect(await said()).toBe(first);
    await page.clock.runFor(2000);
    expect(await said()).toBe("Scanning: 2");
    expect(await page.getByRole("status").getAttribute("aria-live")).toBe(null);
  });

  it("shows the state of the connection as text", async () => {
    const page = await small();
    const words = await page.evaluate(() => {
      const { tree, store } = window.harness;
      const { onstate, onprogress, oncompleted, onerror } = tree.callbacks;
      const [root, docs] = [store.root("root"), store.folder("root", "docs")!];
      const progress = { found: 1500, bytes: 2048, errors: 2, expected: 3000 };
      const summary = { files: 1, directories: 0, symlinks: 0, others: 0, bytes: 5 };
      const said: string[] = [];
      const say = (act: () => void) => {
        act();
        said.push(tree.status);
      };
      type Progress = Parameters<typeof onprogress>[1];
      type Summary = Parameters<typeof oncompleted>[1];
      const end = (status: string, reason: string | null, count = 0) =>
        ({ ...summary, status, reason, errors: { count } }) as unknown as Summary;
      say(() => onprogress(root, progress as Progress));
      say(() => onprogress(root, { ...progress, errors: 0, expected: null } as Progress));
      say(() => oncompleted(root, end("partial", null, 1)));
      say(() => oncompleted(docs, end("complete", null)));
      say(() => oncompleted(root, end("failed", "not_found")));
      say(() => onstate("lost", undefined));
      say(() => onstate("refused", "not_found"));
      say(() => onerror("too_many_scans", null));
      return said;
    });
    expect(words).toEqual([
      "Scanning (50 %): 1,500 entries, 2.0 KiB, 2 unreadable",
      "Scanning: 1,500 entries, 2.0 KiB",
      "1 entry, 5 B, 1 unreadable",
      "1 entry, 5 B, 1 unreadable",
      "Failed: not found, 1 entry, 5 B",
      "Connection lost. Trying again …",
      "Refused: not found",
      "too many scans",
    ]);
  });

  it("offers to try again when the root cannot be read", async () => {
    const page = await browser.open();
    await page.evaluate(async () => {
      const { store, settled } = window.harness;
      store.fail(store.root("root"), "not_found");
      await settled();
    });
    expect(await page.locator(".empty").innerText()).toContain("Cannot be read: not found");
    await page.getByRole("button", { name: "Try again" }).click();
    expect(await page.evaluate(() => window.harness.needed)).toEqual([""]);
    await page.evaluate(() => window.harness.settled());
    expect(await page.locator(".empty").innerText()).toBe("Loading …");
  });
});
