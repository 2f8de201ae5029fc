// Names and paths are bytes and need not be UTF-8. In a string, a byte that is not part of valid
// UTF-8 is the lone surrogate U+DC00 + byte (Python's "surrogateescape"). So no byte is lost,
// different names stay different, and nearly all strings are plain text.

const strict = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
export const encoder = new TextEncoder();

export function decodeText(bytes: Uint8Array): string {
  try {
    return strict.decode(bytes);
  } catch {
    let text = "";
    for (let at = 0; at < bytes.length;) {
      const length = charLength(bytes, at);
      text += length
        ? strict.decode(bytes.subarray(at, at + length))
        : String.fromCharCode(0xdc00 + bytes[at]);
      at += length || 1;
    }
    return text;
  }
}

/** The original bytes. */
export function encodeText(text: string): Uint8Array {
  if (isUtf8(text)) return encoder.encode(text);
  const bytes: number[] = [];
  for (const char of text) {
    const code = char.codePointAt(0)!;
    if (code >= 0xdc80 && code <= 0xdcff) bytes.push(code - 0xdc00);
    else bytes.push(...encoder.encode(char));
  }
  return Uint8Array.from(bytes);
}

/** Whether the text stands for bytes that are UTF-8. */
export const isUtf8 = (text: string): boolean => !/[\ud800-\udfff]/u.test(text);

// The smallest character of each length: below it the shorter form is the only valid one.
const LEAST = [0, 0, 0x80, 0x800, 0x10000];

/** Number of bytes of the character at `at`; 0 if it is not valid. */
function charLength(bytes: Uint8Array, at: number): number {
  const first = bytes[at];
  if (first < 0x80) return 1;
  const length = first < 0xc0 ? 0 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : first < 0xf8 ? 4 : 0;
  let code = first & (0x7f >> length);
  for (let i = 1; i < length; i++) {
    const byte = bytes[at + i];
    if ((byte & 0xc0) !== 0x80) return 0;
    code = code * 64 + (byte & 0x3f);
  }
  const isCharacter = code >= LEAST[length] && code <= 0x10ffff && (code & ~0x7ff) !== 0xd800;
  return isCharacter ? length : 0;
}
