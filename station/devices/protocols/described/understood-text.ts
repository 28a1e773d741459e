import { decodeText, type TextEncodingName } from '#shared/codec/text-encoding.ts';
import { LineReader } from '#shared/codec/text-lines.ts';
import type { Pattern } from '#shared/pattern/index.ts';
import type { ByteRange } from '../../../core/secret-mask/index.ts';

const CR = 0x0d;
const LF = 0x0a;
const MAX_LINE_BYTES = 65_536;
// eslint-disable-next-line no-control-regex -- finds control characters: colours of a log, and noise at the ends of a line
const COLOURS_AND_NOISE = /\u001b\[[0-9;]*m|^[\0\ufffd]+|[\0\ufffd]+$/gu;

/** A line of received bytes: where its bytes are, and where its text is in the text of all lines. */
interface Line extends ByteRange {
  readonly text: string;
  readonly at: number;
}

/** Received bytes as text, of which a place can be found again in the bytes. */
export class ReceivedText {
  /** The lines as patterns see them, joined by LF. */
  readonly text: string;
  readonly lines: readonly Line[];
  readonly #bytes: Uint8Array;
  readonly #encoding: TextEncodingName;

  constructor(bytes: Uint8Array, encoding: TextEncodingName) {
    this.#bytes = bytes;
    this.#encoding = encoding;
    const lines: Line[] = [];
    let from = 0;
    let at = 0;
    for (let index = 0; index <= bytes.length; index++) {
      const byte = bytes[index];
      if (byte !== CR && byte !== LF && byte !== undefined) continue;
      const isSecondHalf = byte === LF && index === from && index > 0 && bytes[index - 1] === CR;
      if (!isSecondHalf) {
        const reader = new LineReader(encoding, MAX_LINE_BYTES);
        const text = reader.push(Buffer.concat([bytes.subarray(from, index), Buffer.of(LF)]))[0]?.text ?? '';
        lines.push({ from, to: index, text, at });
        at += text.length + 1;
      }
      from = index + 1;
    }
    this.lines = lines;
    this.text = lines.map(({ text }) => text).join('\n');
  }

  matches(pattern: Pattern): RegExpExecArray[] {
    return pattern.all(this.text);
  }

  /**
   * The bytes of a match. Of a line that is matched in part only plain characters are found again; a line with more than colours
   * in it has no bytes that are understood.
   */
  rangesOf(match: RegExpExecArray): ByteRange[] {
    const [start, end] = [match.index, match.index + match[0].length];
    return this.lines.flatMap(({ from, to, text, at }) => {
      const [first, last] = [Math.max(start, at) - at, Math.min(end, at + text.length) - at];
      if (first >= last) return [];
      const bytes = this.#bytes.subarray(from, to);
      const rest = text.slice(0, first) + text.slice(last);
      if (rest.trim() === '') return this.#isPlain(bytes, text) ? [{ from, to }] : [];
      if (!Buffer.from(text, 'latin1').equals(bytes) || /[^\x20-\x7e\t]/.test(text)) return [];
      const blanksBefore = /[ \t]*$/.exec(text.slice(0, first))?.[0].length ?? 0;
      const blanksAfter = /^[ \t]*/.exec(text.slice(last))?.[0].length ?? 0;
      return [{ from: from + first - blanksBefore, to: from + last + blanksAfter }];
    });
  }

  /** Nothing but the text, its colours and noise around it is in the bytes of a line. */
  #isPlain(bytes: Uint8Array, text: string): boolean {
    return decodeText(bytes, this.#encoding).replace(COLOURS_AND_NOISE, '') === text;
  }
}
