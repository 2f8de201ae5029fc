// Ways to entries, and what ends them.
import { TreeStore } from "aether-client";
import { expect, it, vi } from "vitest";
import { TreeState } from "../../../assets/src/svelte/tree.svelte";

it("a way ends when something is typed in the filter", async () => {
  vi.stubGlobal("requestAnimationFrame", () => 1);
  const store = new TreeStore();
  store.onRequest = () => {};
  store.root("r");
  const tree = new TreeState(store);
  const way = tree.reveal("r", "a/b");
  tree.filter = "x";
  expect(await way).toMatchObject({ ok: false, reason: "cancelled", name: "a" });
});
