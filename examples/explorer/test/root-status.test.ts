// What is known of a root: how old it is, and what could not be read.
import type { IndexClient, RootEvent } from "aether-client";
import { expect, it } from "vitest";
import { RootStatus } from "../assets/root-status.svelte";

/** An index that answers one question after the other, each when it is told to. */
function statuses(...keys: string[]) {
  const asked: string[] = [];
  const answers: ((answer: object) => void)[] = [];
  const index = {
    children: (key: string, _path: string, { errors = false }) => {
      asked.push(`${key}${errors ? " errors" : ""}`);
      return new Promise((give) => answers.push(give));
    },
  } as unknown as IndexClient;
  const settled = () => new Promise((done) => setImmediate(done));
  return {
    asked,
    settled,
    statuses: keys.map((key) => new RootStatus(index, key)),
    async answer(answer: object) {
      await settled();
      answers.shift()!(answer);
      await settled();
    },
  };
}

const fresh: RootEvent = { root: "r", status: "fresh" };
const known = (unreadable: number, more: object = {}) => ({
  ok: true,
  value: { age_ms: 1, stale: false, scanning: false, unreadable, ...more },
});

it("roots are asked one by one, and for names only while they are shown", async () => {
  const { statuses: made, asked, answer } = statuses("r", "s");
  for (const status of made) status.receive(fresh);
  await answer(known(1));
  await answer(known(0));
  expect(asked).toEqual(["r", "s"]);
  const end = made[0].nameUnread();
  await answer(known(1, { errors: [{ path: "a", reason: "eacces" }], unreadable_at_least: true }));
  const named = { count: 1, first: [{ path: "a", reason: "eacces" }], atLeast: true };
  expect(made[0].unread).toEqual(named);
  end();
  void made[0].queryAge();
  await answer(known(1, { unreadable_at_least: true }));
  expect(asked.slice(2)).toEqual(["r errors", "r"]);
  expect(made[0].unread).toEqual(named);
});

it("what has become readable is not told any more", async () => {
  const { statuses: made, answer } = statuses("r");
  const [status] = made;
  status.nameUnread();
  await answer(known(1, { errors: [{ path: "a", reason: "eacces" }] }));
  void status.queryAge();
  await answer(known(0, { errors: [] }));
  expect(status.unread).toMatchObject({ count: 0, first: [] });
});

it("a scan that runs is not contradicted by an answer", async () => {
  const { statuses: made, answer } = statuses("r");
  const [status] = made;
  void status.queryAge();
  status.receive({ root: "r", status: "scanning", found: 9, errors: 3 } as RootEvent);
  await answer(known(0));
  expect(status.unread).toEqual({ count: 3, first: [] });
});

it("the age is unknown until it was told", async () => {
  const { statuses: made, answer } = statuses("r");
  const [status] = made;
  status.receive(fresh);
  await answer({ ok: false, reason: "too_many_requests" });
  expect(status.scannedAt).toBeUndefined();
  void status.queryAge();
  await answer(known(0, { age_ms: null }));
  expect(status.scannedAt).toBeNull();
});
