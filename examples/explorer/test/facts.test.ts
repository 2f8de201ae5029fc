// What the details say of an entry, without a page: who owns a file and what a server allows differs
// from machine to machine.
import type { Stat } from "aether-client";
import { describe, expect, it } from "vitest";
import { facts, holds, type Known } from "../assets/facts.js";

const known: Known = { kind: "file", size: 2048, mtime: 0 };
const all: Stat = {
  kind: "file",
  size: 2048,
  disk: 4096,
  mode: 0o104755,
  uid: 1000,
  gid: 100,
  owner: "ada",
  group: null,
  nlink: 2,
  mtime_ms: 0,
  ctime_ms: 1,
  btime_ms: null,
  target: null,
};

const texts = (known: Known | undefined, stat: Stat | null) =>
  facts(known, stat).map(({ label, value }) => `${label}: ${value}`);
const labels = (known: Known | undefined, stat: Stat | null) =>
  facts(known, stat).map(({ label }) => label);

describe("the facts of an entry", () => {
  it("are those of the tree until the server has reported more", () => {
    expect(labels(known, null)).toEqual(["Size", "Modified"]);
    expect(labels({ kind: "file", size: null, mtime: null }, null)).toEqual([]);
    expect(labels(undefined, null)).toEqual([]);
  });

  it("are each shown once, and only if they are known", () => {
    expect(labels(known, all)).toEqual([
      "Size",
      "On disk",
      "Modified",
      "Changed",
      "Permissions",
      "Owner",
      "Group",
      "Links",
    ]);
    expect(labels(known, { kind: "file", size: 5, mtime_ms: 5, disk: 0 })).toEqual([
      "Size",
      "On disk",
      "Modified",
    ]);
  });

  it("are permissions as text and in octal, names, or numbers where there is no name", () => {
    expect(texts(known, all)).toEqual(
      expect.arrayContaining([
        "Size: 2.0 KiB (2,048 B)",
        "On disk: 4.0 KiB (4,096 B)",
        "Permissions: rwsr-xr-x (4755)",
        "Owner: ada",
        "Group: 100",
        "Links: 2",
      ]),
    );
    expect(texts(known, { ...all, mode: 0, uid: 0, owner: null })).toEqual(
      expect.arrayContaining(["Permissions: --------- (0000)", "Owner: 0"]),
    );
  });

  it("are newer ones of the server, also where they are 0", () => {
    expect(texts(known, { kind: "file", size: 0 })).toContain("Size: 0 B");
  });

  it("have names that are safe to show", () => {
    const stat: Stat = { kind: "symlink", target: "../\u202egpj.exe\udcff", owner: "a\nb" };
    const names = facts(known, stat).filter(({ isName }) => isName);
    expect(names.map(({ value }) => value)).toEqual(["../\\u{202E}gpj.exe\\xFF", "a\\nb"]);
  });

  it("have no size of a folder's own, which is that of its list of names", () => {
    const stat: Stat = { ...all, kind: "directory" };
    expect(labels({ ...known, kind: "directory" }, stat)).not.toContain("Size");
    expect(labels(undefined, stat)).not.toContain("On disk");
  });
});

it("what a folder holds is told as no more than is known of it", () => {
  const total = { files: 2, bytes: 10, disk: 4096, isAbout: false, isAtLeast: false };
  expect(holds(total)).toBe("2 files, 10 B, 4.0 KiB on disk");
  expect(holds({ ...total, isAbout: true })).toBe("2 files, 10 B, about 4.0 KiB on disk");
  expect(holds({ ...total, isAtLeast: true })).toMatch(/^at least 2 files/);
});
