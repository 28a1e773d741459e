import type { TextEncodingName } from '#shared/codec/text-encoding.ts';
import { LineReader } from '#shared/codec/text-lines.ts';
import type { SecretMask } from '../../core/secret-mask/index.ts';
import { Readability } from './readability.ts';

/** Lines are kept up to this many characters, and the last line whatever its length. */
const MAX_CHARACTERS = 16_384;
/** The last bytes of a longer line are kept: dumps and curves are sent as one line. */
export const MAX_LINE_BYTES = 65_536;

/** A position in a text that is still growing: a line, counted from the first ever received, and a character in it. */
export interface TextPosition {
  readonly line: number;
  readonly character: number;
}

/** The last lines of a unit, without control characters and secrets; positions stay valid while more comes. */
export class TextWindow {
  readonly #encoding: TextEncodingName;
  readonly #mask: SecretMask;
  #reader: LineReader;
  #lines: string[] = [];
  #first = 0;
  #characters = 0;
  #readability = new Readability();

  constructor(encoding: TextEncodingName, mask: SecretMask) {
    this.#encoding = encoding;
    this.#mask = mask;
    this.#reader = new LineReader(encoding, MAX_LINE_BYTES);
  }

  push(bytes: Uint8Array): void {
    for (const line of this.#reader.push(bytes)) {
      const masked = this.#mask.maskText(line.text);
      this.#lines.push(masked);
      this.#characters += masked.length + 1;
      this.#readability.add(line);
    }
    while (this.#lines.length > 1 && this.#characters + this.#reader.begunBytes > MAX_CHARACTERS) {
      this.#characters -= (this.#lines.shift()?.length ?? 0) + 1;
      this.#first += 1;
    }
  }

  /** Removes all lines. */
  clear(): void {
    this.#first += this.#lines.length + 1;
    this.#lines = [];
    this.#characters = 0;
    this.#readability = new Readability();
    this.#reader = new LineReader(this.#encoding, MAX_LINE_BYTES);
  }

  /** An independent copy. */
  fork(): TextWindow {
    const other = new TextWindow(this.#encoding, this.#mask);
    other.#reader = this.#reader.fork();
    other.#lines = [...this.#lines];
    other.#first = this.#first;
    other.#characters = this.#characters;
    other.#readability = this.#readability.copy();
    return other;
  }

  /** Whole lines from a position on, each ended by LF. */
  linesFrom(position: TextPosition): string {
    const { line, character } = this.#inside(position);
    const from = this.#lines.slice(line - this.#first);
    if (from.length === 0) return '';
    return `${[from[0]?.slice(character) ?? '', ...from.slice(1)].join('\n')}\n`;
  }

  /** The same, and the unfinished next line. */
  textFrom(position: TextPosition): string {
    const { line, character } = this.#inside(position);
    const unfinished = this.#mask.maskText(this.#reader.begun.text);
    const isIn = line === this.#first + this.#lines.length;
    return this.linesFrom(position) + (isIn ? unfinished.slice(character) : unfinished);
  }

  /** The position this many characters of `textFrom` further on. */
  after(position: TextPosition, count: number): TextPosition {
    let { line, character } = this.#inside(position);
    for (let remaining = count; ;) {
      const text = this.#lines[line - this.#first];
      if (text === undefined || remaining <= text.length - character)
        return { line, character: character + remaining };
      remaining -= text.length - character + 1;
      line += 1;
      character = 0;
    }
  }

  get start(): TextPosition {
    return { line: this.#first, character: 0 };
  }

  /** See `Readability`; for everything since `clear`. */
  get isUnreadable(): boolean {
    return this.#readability.isUnreadable(this.#reader.begun);
  }

  /** Masks the lines again after secrets were added. */
  maskAgain(): void {
    this.#lines = this.#lines.map((line) => this.#mask.maskText(line));
    this.#characters = this.#lines.reduce((sum, line) => sum + line.length + 1, 0);
  }

  #inside(position: TextPosition): TextPosition {
    return position.line < this.#first ? this.start : position;
  }
}

/** The later of two positions. */
export function laterPosition(a: TextPosition, b: TextPosition): TextPosition {
  return a.line > b.line || (a.line === b.line && a.character > b.character) ? a : b;
}
