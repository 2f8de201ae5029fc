import { execFileSync } from "node:child_process";
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  decodeText,
  formatBytes,
  formatDate,
  formatReason,
  modeText,
  percentOf,
  printable,
} from "../src/index.js";

describe("printable", () => {
  // The same cases as in the tests of Aether.Printable.
  it.each([
    ["plain café", "plain café"],
    ["a\x1b[31m", "a\\e[31m"],
    ["\n\r\t\0\x7f", "\\n\\r\\t\\x00\\x7F"],
    ["back\\slash", "back\\\\slash"],
    ["bidi \u202etxt.exe", "bidi \\u{202E}txt.exe"],
    ["\u0085\u00ad\ufeff\u{e0041}", "\\u{85}\\u{AD}\\u{FEFF}\\u{E0041}"],
    ["\u{1f600}", "\u{1f600}"],
  ])("%j", (text, shown) => expect(printable(text)).toBe(shown));

  it("escapes bytes that are not UTF-8", () => {
    expect(printable(decodeText(Uint8Array.of(0xff, 0x61, 0x80)))).toBe("\\xFFa\\x80");
  });

  it("leaves only characters, and never shows two names alike", () => {
    const bytes = fc.uint8Array({ minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(bytes, bytes, (a, b) => {
        const [x, y] = [printable(decodeText(a)), printable(decodeText(b))];
        expect(x).not.toMatch(/\p{Cs}/u);
        expect(x).not.toMatch(/\p{Cc}/u);
        expect(x === y).toBe(Buffer.compare(a, b) === 0);
      }),
      { numRuns: 2000 },
    );
  });
});

it.each([
  [0, "0 B"],
  [1023, "1023 B"],
  [1024, "1.0 KiB"],
  [1024 ** 2 - 1, "1.0 MiB"],
  [5938431742, "5.5 GiB"],
  [2 ** 63, "8.0 EiB"],
])("%d bytes are %s", (bytes, shown) => expect(formatBytes(bytes)).toBe(shown));

it("dates are formatted within their range", () => {
  expect(formatDate(0)).toMatch(/19(70|69)/);
  expect(formatDate(9e15)).toBe("");
});

it.each([
  [269, "permission denied"],
  [2, "on another file system"],
  [-1, "cut short"],
  [256 + 71, "error 71"],
  ["not_found", "not found"],
  ["loop", "one of its own ancestors"],
  ["unmounted", "what was there is no longer mounted"],
  ["512", "error 512"],
  ["eacces", "permission denied"],
  ["eproto", "eproto"],
])("the reason %s is %s", (reason, shown) => expect(formatReason(reason)).toBe(shown));

it.each([
  [0, 10, 0],
  [9, 20, 45],
  [10, 10, 99],
  [11, 10, 99],
  [5, 0, null],
  [5, null, null],
  [5, undefined, null],
])("%s of %s expected entries are %s percent", (found, expected, percent) =>
  expect(percentOf(found, expected)).toBe(percent),
);

describe("modeText", () => {
  it("writes all permissions as ls does", () => {
    const folder = mkdtempSync(join(tmpdir(), "aether-modes-"));
    try {
      // Every bit beside every other is more than enough: each triple depends on four of twelve.
      const modes = [0o7777, 0, 0o755, 0o644].flatMap((mode) =>
        Array.from({ length: 12 }, (_, bit) => mode ^ (1 << bit)),
      );
      const paths = [...new Set(modes)].map((mode) => {
        const path = join(folder, mode.toString(8));
        writeFileSync(path, "");
        chmodSync(path, mode);
        return path;
      });
      const lines = execFileSync("ls", ["-l", ...paths], { encoding: "utf8" })
        .trim()
        .split("\n");
      expect(lines).toHaveLength(paths.length);
      for (const line of lines) {
        const mode = parseInt(line.slice(line.lastIndexOf("/") + 1), 8);
        expect(modeText(mode | 0o100000)).toBe(line.slice(1, 10));
      }
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
