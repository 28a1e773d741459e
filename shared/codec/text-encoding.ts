/** Encodings of a unit's text. `gb18030` includes GBK and GB2312. */
export const TEXT_ENCODINGS = ['utf-8', 'gb18030', 'gbk', 'big5', 'windows-1252'] as const;
export type TextEncodingName = (typeof TEXT_ENCODINGS)[number];

/** The replacement for bytes that are no character of the encoding. */
export const UNDECODED = '\ufffd';

/**
 * Decodes bytes; a byte that is no character of the encoding becomes `UNDECODED`. `isCut`: an incomplete character at the
 * end is dropped. Source: WHATWG Encoding Standard, by the decoder of the runtime.
 */
export function decodeText(
  bytes: Uint8Array,
  encoding: TextEncodingName,
  { isCut = false }: { readonly isCut?: boolean } = {},
): string {
  return new TextDecoder(encoding, { ignoreBOM: false }).decode(bytes, { stream: isCut });
}

/** Encodes text; `null` when the encoding lacks one of its characters. */
export type EncodeText = (text: string) => Uint8Array | null;

/** The encoder builds its table at the first text that needs it, which takes some milliseconds. */
export function createTextEncoder(encoding: TextEncodingName): EncodeText {
  const tables: ReadonlyMap<string, number[]>[] = [];
  const bytesOf = (character: string): number[] | null => {
    const code = character.codePointAt(0) ?? 0;
    if (code < 0x80) return [code];
    if (encoding === 'gb18030' && code > 0xffff) return four(189_000 + code - 0x1_0000);
    for (const [at, sequences] of SEQUENCES_OF[encoding].entries()) {
      const found = (tables[at] ??= tableOf(encoding, sequences())).get(character);
      if (found !== undefined) return found;
    }
    return null;
  };
  return (text) => {
    if (/\p{Surrogate}/u.test(text)) return null;
    if (encoding === 'utf-8') return new TextEncoder().encode(text);
    const bytes = [...text].map(bytesOf);
    return bytes.every((some) => some !== null) ? Uint8Array.from(bytes.flat()) : null;
  };
}

const LINE_END = 0x0a;

/** The byte sequences of each encoding, in the order of the search. */
const SEQUENCES_OF: Readonly<Record<TextEncodingName, readonly (() => number[][])[]>> = {
  'utf-8': [],
  gb18030: [pairs, fours],
  gbk: [pairs],
  big5: [pairs],
  'windows-1252': [singles],
};

/** The runtime has only decoders: decodes all sequences, one per line; the first sequence of a character is used. */
function tableOf(encoding: TextEncodingName, sequences: number[][]): ReadonlyMap<string, number[]> {
  const bytes = Uint8Array.from(sequences.flatMap((sequence) => [...sequence, LINE_END]));
  const lines = decodeText(bytes, encoding).split('\n');
  const table = new Map<string, number[]>();
  for (const [at, sequence] of sequences.entries()) {
    const character = lines[at] ?? '';
    if ([...character].length === 1 && character !== UNDECODED && !table.has(character))
      table.set(character, sequence);
  }
  return table;
}

function singles(): number[][] {
  return Array.from({ length: 0x80 }, (_, index) => [0x80 + index]);
}

function pairs(): number[][] {
  const all: number[][] = [];
  for (let lead = 0x81; lead <= 0xfe; lead++)
    for (let trail = 0x40; trail <= 0xfe; trail++) if (trail !== 0x7f) all.push([lead, trail]);
  return all;
}

/** The four-byte sequences of the BMP. */
function fours(): number[][] {
  return Array.from({ length: 39_420 }, (_, pointer) => four(pointer));
}

/** GB18030 counts its sequences of four bytes from `81 30 81 30`. */
function four(pointer: number): number[] {
  return [
    0x81 + Math.floor(pointer / 12_600),
    0x30 + (Math.floor(pointer / 1260) % 10),
    0x81 + (Math.floor(pointer / 10) % 126),
    0x30 + (pointer % 10),
  ];
}

/** Lead and trail bytes of GB2312 and of level 1 of Big5, which usual text consists of. */
const USUAL = {
  gb: { lead: [0xa1, 0xf7], trails: [[0xa1, 0xfe]] },
  big5: {
    lead: [0xa1, 0xc6],
    trails: [
      [0x40, 0x7e],
      [0xa1, 0xfe],
    ],
  },
} as const;

/**
 * Counts the characters beyond ASCII that are rare in text. UTF-8 needs no such count, because random bytes are hardly ever
 * valid UTF-8.
 */
export function countUnusual(bytes: Uint8Array, encoding: TextEncodingName): number {
  if (encoding === 'utf-8') return 0;
  if (encoding === 'windows-1252') return bytes.filter((byte) => byte >= 0x80).length;
  const { lead, trails } = USUAL[encoding === 'big5' ? 'big5' : 'gb'];
  let count = 0;
  for (let index = 0; index < bytes.length; index++) {
    const byte = bytes[index] ?? 0;
    if (byte < 0x80) continue;
    const next = bytes[index + 1] ?? 0;
    const isUsual =
      byte >= lead[0] && byte <= lead[1] && trails.some(([from, to]) => next >= from && next <= to);
    if (!isUsual) count += 1;
    index += 1;
  }
  return count;
}
