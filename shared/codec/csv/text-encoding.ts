import { Fault } from '../../domain/fault.ts';
import { refuseOtherFormats, SAVE_AS } from './other-formats.ts';
import { createGb18030Check, createUtf8Check } from './multibyte-checks.ts';

/** The encoding of a text file. GB18030 includes GBK and GB2312. */
export type TextEncoding = 'utf-8' | 'utf-16le' | 'utf-16be' | 'gb18030';

export interface FoundEncoding {
  readonly encoding: TextEncoding;
  /** Length of the byte order mark; 0 without one. */
  readonly bomBytes: number;
}

/** Detects the encoding from all bytes of a file, because the first Chinese text may be in the last row. */
export interface EncodingScan {
  /** Scans the next bytes; returns true when the encoding is known and the rest need not be scanned. */
  add(chunk: Uint8Array): boolean;
  /**
   * Faults: `csv-invalid` when the file is empty, of another format (`refuseOtherFormats`), or has bytes that are
   * neither UTF-8 nor GB18030; with the line.
   */
  end(): FoundEncoding;
}

const HEAD_BYTES = 4096;
/** With this many valid UTF-8 characters per invalid one, a file is damaged UTF-8 and not GB18030. */
const DAMAGED_RATIO = 10;
/** NULs of a UTF-16 file are at odd or at even offsets; a few characters (一) have a NUL at the other offset. */
const SIDE_RATIO = 10;
/** At least one of this many bytes is a NUL in UTF-16 text: delimiters, line ends and secrets are ASCII. */
const NUL_RATIO = 10;

export function createEncodingScan(): EncodingScan {
  const head = new Uint8Array(HEAD_BYTES);
  let headLength = 0;
  let total = 0;
  let marked: FoundEncoding | null = null;
  let settled = false;
  const utf8 = createUtf8Check();
  const gb18030 = createGb18030Check();

  /** Detects other formats, byte order marks and UTF-16 from the beginning of the file. */
  function settle(): void {
    settled = true;
    const start = head.subarray(0, headLength);
    try {
      refuseOtherFormats(start);
      marked = byMark(start) ?? byNuls(start);
    } finally {
      // It may contain secrets.
      head.fill(0);
    }
  }

  return {
    add(chunk) {
      if (!settled) {
        const part = chunk.subarray(0, HEAD_BYTES - headLength);
        head.set(part, headLength);
        headLength += part.length;
        if (headLength === HEAD_BYTES) settle();
      }
      total += chunk.length;
      utf8.add(chunk);
      gb18030.add(chunk);
      return marked !== null && marked.encoding !== 'utf-8';
    },
    end() {
      if (total === 0) throw new Fault('csv-invalid', 'the file is empty', { hint: 'Choose another file.' });
      if (!settled) settle();
      if (marked !== null && marked.encoding !== 'utf-8') return marked;
      const asUtf8 = utf8.end();
      if (asUtf8.invalid === 0) return marked ?? { encoding: 'utf-8', bomBytes: 0 };
      // Two bytes of GB18030 can be valid UTF-8 by chance; three bytes hardly ever.
      const isDamaged = asUtf8.valid >= asUtf8.invalid * DAMAGED_RATIO || asUtf8.long > asUtf8.invalid;
      if (marked !== null || isDamaged) {
        throw damaged(asUtf8.firstLine, 'is not valid UTF-8 as the rest of the file is');
      }
      const asGb = gb18030.end();
      if (asGb.invalid === 0) return { encoding: 'gb18030', bomBytes: 0 };
      throw damaged(asGb.firstLine, 'is neither UTF-8 nor GB18030 text');
    },
  };
}

/** Faults: `csv-invalid` for UTF-32, whose mark begins with that of UTF-16. */
function byMark([a, b, c, d]: Uint8Array): FoundEncoding | null {
  if ((a === 0xff && b === 0xfe && c === 0 && d === 0) || (a === 0 && b === 0 && c === 0xfe && d === 0xff))
    throw new Fault('csv-invalid', 'the file is UTF-32 text, not a CSV file', { hint: SAVE_AS });
  if (a === 0xef && b === 0xbb && c === 0xbf) return { encoding: 'utf-8', bomBytes: 3 };
  if (a === 0xff && b === 0xfe) return { encoding: 'utf-16le', bomBytes: 2 };
  if (a === 0xfe && b === 0xff) return { encoding: 'utf-16be', bomBytes: 2 };
  return null;
}

/** Detects UTF-16 without a mark: each ASCII character has a NUL. NULs at the end of the file do not count. */
function byNuls(head: Uint8Array): FoundEncoding | null {
  let length = head.length;
  while (length > 0 && head[length - 1] === 0) length -= 1;
  const nuls = [0, 0];
  for (let index = head.indexOf(0); index >= 0 && index < length; index = head.indexOf(0, index + 1))
    nuls[index % 2] = (nuls[index % 2] ?? 0) + 1;
  const [even = 0, odd = 0] = nuls;
  // A few NULs are damage: if it were read as UTF-16, its secrets would become characters that are not masked.
  if ((even + odd) * NUL_RATIO < length) return null;
  if (odd > even * SIDE_RATIO) return { encoding: 'utf-16le', bomBytes: 0 };
  if (even > odd * SIDE_RATIO) return { encoding: 'utf-16be', bomBytes: 0 };
  return null;
}

/** The fault of a file with bytes that are invalid in its encoding. */
export function damaged(line: number, what: string): Fault {
  return new Fault('csv-invalid', `line ${line} ${what}`, {
    hint: 'Export the file again, or save it as "CSV UTF-8". Nothing was read.',
    details: { line },
  });
}
