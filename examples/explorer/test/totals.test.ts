// Which totals are loaded, and when.
import { TreeStore, type Connection, type FolderTotals, type IndexClient } from "aether-client";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { record, sender } from "../../../assets/test/support/tree.js";
import { Totals } from "../assets/totals.svelte";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** Of a root "r", with an index whose answers wait until they are given. */
function totals(names: string[] = []) {
  const store = new TreeStore();
  store.root("r");
  sender(store, 1, "r")(record("", names));
  store.work();
  const asked: string[] = [];
  const answers: { give(answer: object): void; fail(error: Error): void }[] = [];
  let push: (folders: FolderTotals[]) => void = () => {};
  const index = {
    children: (_root: string, path: string) => {
      asked.push(path);
      return new Promise((give, fail) => answers.push({ give, fail }));
    },
    watch: (_root: string, _path: string, onfolders: typeof push) => {
      push = onfolders;
      return () => {};
    },
  } as unknown as IndexClient;
  const made = new Totals(store, { state: "joined" } as Connection, index);
  const settled = () => vi.advanceTimersByTimeAsync(200);
  return {
    store,
    totals: made,
    asked,
    settled,
    push: (folders: FolderTotals[]) => push(folders),
    async answer(bytes: number, disk: number | null = null) {
      const totals = { file_count: 1, bytes, disk };
      answers.shift()!.give({ ok: true, value: { totals, entries: [], next: null } });
      await settled();
    },
    async fail() {
      answers.shift()!.fail(new Error("lost"));
      await settled();
    },
  };
}

describe("what a root holds", () => {
  it("is loaded once more, however often it has changed since", async () => {
    const { totals: it, asked, settled, push, answer } = totals();
    it.scanning("r");
    await settled();
    for (let i = 0; i < 10; i++) push([]);
    await settled();
    expect(asked).toEqual([""]);
    for (let i = 1; i <= 2; i++) await answer(i);
    expect(asked).toEqual(["", ""]);
    expect(it.ofRoot("r")).toMatchObject({ bytes: 2 });
  });

  it("is loaded again after a request that went wrong", async () => {
    const log = vi.spyOn(console, "error").mockImplementation(() => {});
    const { totals: it, settled, push, answer, fail } = totals();
    it.scanning("r");
    await settled();
    await fail();
    push([]);
    await settled();
    await answer(7);
    expect(it.ofRoot("r")).toMatchObject({ bytes: 7 });
    expect(log).toHaveBeenCalledOnce();
    log.mockRestore();
  });

  it("tells that sizes on disk are known, also without folders", async () => {
    const { totals: it, settled, answer } = totals();
    it.scanning("r");
    await settled();
    await answer(7, 4096);
    expect(it.hasDisk).toBe(true);
  });
});

it("subfolders beyond those that are reported are asked for again after a scan", async () => {
  const { store, totals: it, asked, settled, push, answer } = totals(["last/"]);
  it.scanning("r");
  await settled();
  await answer(1);
  const others = Array.from({ length: 10_000 }, (_, i) => `${i}`);
  push(others.map((name) => ({ name, file_count: 0, bytes: 0 })));
  await settled();
  await answer(1);
  const shown = () => it.of(store.row(0)!)?.bytes;
  shown();
  await settled();
  await answer(5);
  expect(shown()).toBe(5);
  const { version } = it;
  it.scanned("r");
  expect(it.version).toBeGreaterThan(version);
  shown();
  await settled();
  await answer(1);
  await answer(6);
  expect(shown()).toBe(6);
  expect(asked.filter((path) => path === "last")).toHaveLength(2);
});
