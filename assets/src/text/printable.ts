// Names that are safe to show: on one line, with escapes for everything that is invisible or
// changes the writing direction, since a name may be chosen to deceive. The rules are those of
// Aether's command line. Escapes are unambiguous, since a backslash is doubled.

const SHORT: Record<string, string> = {
  "\\": "\\\\",
  "\n": "\\n",
  "\r": "\\r",
  "\t": "\\t",
  "\x1b": "\\e",
};

// Controls, backslash, soft hyphen, Arabic letter mark, fillers, Mongolian selectors, zero-width
// and direction marks, separators, embeddings and overrides, invisible operators and isolates, byte
// order mark, annotations, tags and variation selectors, and lone surrogates (encoding.ts).
const UNSAFE =
  /[\\\0-\x1f\x7f-\x9f\u{ad}\u{61c}\u{115f}\u{1160}\u{180b}-\u{180f}\u{200b}-\u{200f}\u{2028}-\u{202e}\u{2060}-\u{206f}\u{3164}\u{feff}\u{ffa0}\u{fff0}-\u{fffb}\u{fffe}\u{ffff}\u{e0000}-\u{e0fff}\ud800-\udfff]/gu;

export function printable(text: string): string {
  return text.replace(UNSAFE, (char) => {
    const code = char.codePointAt(0)!;
    if (SHORT[char]) return SHORT[char];
    if (code >= 0xd800 && code <= 0xdfff) return `\\x${hex(code & 0xff, 2)}`;
    return code < 0x80 ? `\\x${hex(code, 2)}` : `\\u{${hex(code, 1)}}`;
  });
}

const hex = (code: number, digits: number) => code.toString(16).toUpperCase().padStart(digits, "0");
