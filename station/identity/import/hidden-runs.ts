const MARK = 0x01;
const MARK_TEXT = '\u0001';
/** What stands for the mark where the file has it, which no name and no secret may. */
const OTHER_CONTROL = 0x02;
const OFFSET_DIGITS = 6;
/** The shortest DeviceSecret has 8 characters. */
const LEAST_BYTES = 8;
/** No secret is longer; a longer run stays as it is. */
const MOST_BYTES = 1024;
// eslint-disable-next-line no-control-regex -- U+0001 marks a token, because no name and no secret may contain it
const TOKEN = /\u0001([0-9a-z]{6})\u0001*/g;

/**
 * Keeps secrets out of strings while a CSV file is read. Whatever may be one, any run of 8 and more characters of base64,
 * goes on to the parser as a token of the same length that says where it stood; the bytes stay here and are wiped. No
 * quote, delimiter, blank or line end is in such a run, so nothing changes for the parser.
 */
export interface HiddenRuns extends Disposable {
  /** Passes chunks on, tokens in place of runs. The chunks that come are written over. */
  hide(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void, undefined>;
  /** A cell as it was. */
  open(cell: string): string;
  /**
   * The bytes of a cell that is one run and nothing else; null when it is not. Valid until `forgetBefore` a later row.
   */
  bytesOf(cell: string): Uint8Array | null;
  /** Wipes what stood before this row, as far as no part of the row is beside it. */
  forgetBefore(row: readonly string[]): void;
}

interface Kept {
  readonly from: number;
  readonly bytes: Buffer;
}

export function createHiddenRuns(): HiddenRuns {
  let kept: Kept[] = [];
  function find(offset: number, length: number): Buffer {
    const part = kept.find(({ from, bytes }) => offset < from + bytes.length);
    if (part === undefined || offset < part.from) throw new Error('a hidden run is asked for that is gone');
    return part.bytes.subarray(offset - part.from, offset - part.from + length);
  }
  return {
    async *hide(source) {
      let carried: Buffer = Buffer.alloc(0);
      let from = 0;
      try {
        for await (const chunk of source) {
          // Of their own memory: the pool that small Buffers share is wiped by nobody.
          const bytes = Buffer.allocUnsafeSlow(carried.length + chunk.length);
          bytes.set(carried);
          bytes.set(chunk, carried.length);
          chunk.fill(0);
          carried.fill(0);
          const end = bytes.length - openRun(bytes);
          carried = Buffer.allocUnsafeSlow(bytes.length - end);
          bytes.copy(carried, 0, end);
          bytes.fill(0, end);
          kept.push({ from, bytes: bytes.subarray(0, end) });
          if (end > 0) yield hidden(bytes.subarray(0, end), from);
          from += end;
        }
        const last = Buffer.allocUnsafeSlow(carried.length);
        carried.copy(last);
        kept.push({ from, bytes: last });
        if (last.length > 0) yield hidden(last, from);
      } finally {
        carried.fill(0);
      }
    },
    open: (cell) =>
      cell.includes(MARK_TEXT)
        ? cell.replace(TOKEN, (token, offset: string) =>
            find(Number.parseInt(offset, 36), token.length).toString('latin1'),
          )
        : cell,
    bytesOf(cell) {
      if (cell.charCodeAt(0) !== MARK) return null;
      for (let at = 1 + OFFSET_DIGITS; at < cell.length; at += 1)
        if (cell.charCodeAt(at) !== MARK) return null;
      return find(offsetAt(cell, 0), cell.length);
    },
    forgetBefore(row) {
      const first = row.find((cell) => cell.includes(MARK_TEXT)) ?? '';
      const offset = offsetAt(first, first.indexOf(MARK_TEXT));
      const done = kept.findIndex(({ from, bytes }) => offset < from + bytes.length);
      // Minus one where the row has none.
      for (const { bytes } of kept.splice(0, Math.max(done, 0))) bytes.fill(0);
    },
    [Symbol.dispose]() {
      for (const { bytes } of kept) bytes.fill(0);
      kept = [];
    },
  };
}

/** Length of the run that a chunk ends in and that may go on in the next; 0 when it is too long to be a secret. */
function openRun(bytes: Uint8Array): number {
  let length = 0;
  while (length < bytes.length && isOfRun(bytes[bytes.length - 1 - length] ?? 0)) {
    length += 1;
    if (length > MOST_BYTES) return 0;
  }
  return length;
}

function hidden(bytes: Uint8Array, from: number): Buffer {
  const shown = Buffer.allocUnsafeSlow(bytes.length);
  shown.set(bytes);
  for (let at = 0; at < bytes.length; at += 1) {
    if (bytes[at] === MARK) shown[at] = OTHER_CONTROL;
    if (!isOfRun(bytes[at] ?? 0)) continue;
    const begin = at;
    while (at < bytes.length && isOfRun(bytes[at] ?? 0)) at += 1;
    const length = at - begin;
    at -= 1;
    if (length < LEAST_BYTES || length > MOST_BYTES) continue;
    shown.fill(MARK, begin, begin + length);
    shown.write((from + begin).toString(36).padStart(OFFSET_DIGITS, '0'), begin + 1, 'latin1');
  }
  return shown;
}

/** Where the run stood whose token begins there. */
function offsetAt(cell: string, at: number): number {
  return Number.parseInt(cell.slice(at + 1, at + 1 + OFFSET_DIGITS), 36);
}

/** Letters, digits, `+`, `/`, `=`. */
function isOfRun(byte: number): boolean {
  return (
    (byte >= 0x30 && byte <= 0x39) ||
    (byte >= 0x41 && byte <= 0x5a) ||
    (byte >= 0x61 && byte <= 0x7a) ||
    byte === 0x2b ||
    byte === 0x2f ||
    byte === 0x3d
  );
}
