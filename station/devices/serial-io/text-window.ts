import type { TextEncodingName } from '#shared/codec/text-encoding.ts';
import { LineReader } from '#shared/codec/text-lines.ts';
import { Readability } from './readability.ts';

/** So many characters of lines are kept for patterns, and the last line whatever it has. */
export const KEPT_CHARACTERS = 16_384;
/** Of a longer line the last bytes are kept: dumps and curves stand in one line. */
export const LONGEST_LINE_BYTES = 65_536;

/** A place in a text that is still coming in: a line, counted from the first that ever came, and a character of it. */
export interface TextPlace {
  readonly line: number;
  readonly character: number;
}

/** The last of what a unit said, as clean lines; places in it stay the same while more comes in. */
export class TextWindow {
  readonly #encoding: TextEncodingName;
  #reader: LineReader;
  #hidden: string[] = [];
  #lines: string[] = [];
  #first = 0;
  #characters = 0;
  #readability = new Readability();

  constructor(encoding: TextEncodingName) {
    this.#encoding = encoding;
    this.#reader = new LineReader(encoding, LONGEST_LINE_BYTES);
  }

  push(bytes: Uint8Array): void {
    for (const line of this.#reader.push(bytes)) {
      const shown = this.#mask(line.text);
      this.#lines.push(shown);
      this.#characters += shown.length + 1;
      this.#readability.add(line);
    }
    while (this.#lines.length > 1 && this.#characters + this.#reader.begunBytes > KEPT_CHARACTERS) {
      this.#characters -= (this.#lines.shift()?.length ?? 0) + 1;
      this.#first += 1;
    }
  }

  /** All of it is forgotten. */
  clear(): void {
    this.#first += this.#lines.length + 1;
    this.#lines = [];
    this.#characters = 0;
    this.#readability = new Readability();
    this.#reader = new LineReader(this.#encoding, LONGEST_LINE_BYTES);
  }

  /** A window that goes on from here by itself. */
  fork(): TextWindow {
    const other = new TextWindow(this.#encoding);
    other.#reader = this.#reader.fork();
    other.#hidden = this.#hidden;
    other.#lines = [...this.#lines];
    other.#first = this.#first;
    other.#characters = this.#characters;
    other.#readability = this.#readability.copy();
    return other;
  }

  /** Whole lines from a place on, each ended by LF. */
  linesFrom(place: TextPlace): string {
    const { line, character } = this.#inside(place);
    const from = this.#lines.slice(line - this.#first);
    if (from.length === 0) return '';
    return `${[from[0]?.slice(character) ?? '', ...from.slice(1)].join('\n')}\n`;
  }

  /** The same, and what came of the next line. */
  textFrom(place: TextPlace): string {
    const { line, character } = this.#inside(place);
    const begun = this.#mask(this.#reader.begun.text);
    const isIn = line === this.#first + this.#lines.length;
    return this.linesFrom(place) + (isIn ? begun.slice(character) : begun);
  }

  /** The place so many characters of `textFrom` further on. */
  after(place: TextPlace, count: number): TextPlace {
    let { line, character } = this.#inside(place);
    for (let left = count; ;) {
      const there = this.#lines[line - this.#first];
      if (there === undefined || left <= there.length - character)
        return { line, character: character + left };
      left -= there.length - character + 1;
      line += 1;
      character = 0;
    }
  }

  get start(): TextPlace {
    return { line: this.#first, character: 0 };
  }

  /** See `Readability`; of everything since `clear`. */
  get isUnreadable(): boolean {
    return this.#readability.isUnreadable(this.#reader.begun);
  }

  /** From now on these are shown as `***`. */
  protect(secrets: readonly string[]): void {
    this.#hidden = [...this.#hidden, ...secrets];
    this.#lines = this.#lines.map((line) => this.#mask(line));
    this.#characters = this.#lines.reduce((sum, line) => sum + line.length + 1, 0);
  }

  #mask(text: string): string {
    return this.#hidden.reduce((shown, secret) => shown.replaceAll(secret, '***'), text);
  }

  #inside(place: TextPlace): TextPlace {
    return place.line < this.#first ? this.start : place;
  }
}

/** The later of two places. */
export function laterOf(a: TextPlace, b: TextPlace): TextPlace {
  return a.line > b.line || (a.line === b.line && a.character > b.character) ? a : b;
}
