/**
 * What a recipe may say of the unit on the slot without knowing it: `{mac}` in a pattern, a limit or in bytes to send.
 * `{mac}` is `AA:BB:CC:DD:01:02`, `{macHex}` the same without colons, `{macTail}` its last three bytes, `{bleAddress}`
 * the address it advertises under, `{serialNumber}` what was scanned. Other braces stay as they are.
 */
export const UNIT_WORDS = ['mac', 'macHex', 'macTail', 'bleAddress', 'serialNumber'] as const;
export type UnitWord = (typeof UNIT_WORDS)[number];
export type UnitWords = (word: UnitWord) => string;

const WORD = new RegExp(`\\{(${UNIT_WORDS.join('|')})\\}`, 'g');

/** For a recipe that is checked before there is a unit. */
export const SAMPLE_UNIT: UnitWords = (word) => {
  switch (word) {
    case 'mac':
    case 'bleAddress':
      return 'AA:BB:CC:DD:01:02';
    case 'macHex':
      return 'AABBCCDD0102';
    case 'macTail':
      return 'DD0102';
    case 'serialNumber':
      return 'SN-1';
  }
};

export function fillText(text: string, words: UnitWords): string {
  return text.replace(WORD, (_, word: UnitWord) => words(word));
}

/** As `fillText`, for the source of a regular expression: what is filled in stands for itself. */
export function fillPattern(source: string, words: UnitWords): string {
  return fillText(source, (word) => words(word).replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&'));
}

/** Bytes written as hex, with or without blanks between them, after filling in; `null` when they are none. */
export function fillBytes(text: string, words: UnitWords): Uint8Array | null {
  const hex = fillText(text, words).replaceAll(/[\s:]/g, '');
  if (!/^(?:[0-9a-f]{2})+$/i.test(hex)) return null;
  return Uint8Array.from(hex.match(/../g) ?? [], (byte) => Number.parseInt(byte, 16));
}
