import { countUnusual, decodeText, type TextEncodingName, UNDECODED } from './text-encoding.ts';

const CR = 0x0d;
const LF = 0x0a;

/** One line of a unit, without its line end. */
export interface TextLine {
  /** The cleaned text, see `cleanLine`. */
  readonly text: string;
  /** Number of characters that are no text: noise, or another encoding or baud rate. */
  readonly noise: number;
  /** `noise` plus the number of characters that are rare in text: another baud rate produces many of them. */
  readonly unusual: number;
}

/**
 * Splits the bytes of a unit into lines of text: CR, LF and CR LF end a line. Patterns, protocols and the log all use it, so
 * that the same bytes are the same line to each of them.
 */
export class LineReader {
  readonly #encoding: TextEncodingName;
  readonly #maxBytes: number;
  #begun: Uint8Array = new Uint8Array(0);
  #endedByCr = false;

  /** @param maxBytes of a line without an end; older bytes are dropped. */
  constructor(encoding: TextEncodingName, maxBytes: number) {
    this.#encoding = encoding;
    this.#maxBytes = maxBytes;
  }

  /** Adds bytes and returns the lines that they complete. */
  push(bytes: Uint8Array): TextLine[] {
    const lines: TextLine[] = [];
    let from = 0;
    for (let index = 0; index < bytes.length; index++) {
      const byte = bytes[index];
      if (byte !== CR && byte !== LF) continue;
      // The LF of a CR LF.
      const isSecondHalf = byte === LF && index === from && this.#begun.length === 0 && this.#endedByCr;
      if (!isSecondHalf) lines.push(this.#line(this.#join(bytes.subarray(from, index))));
      this.#begun = new Uint8Array(0);
      this.#endedByCr = byte === CR;
      from = index + 1;
    }
    if (from < bytes.length) {
      this.#begun = this.#join(bytes.subarray(from)).slice(-this.#maxBytes);
      this.#endedByCr = false;
    }
    return lines;
  }

  /** What came of the next line, without half of a character or of a control sequence at its end. */
  get begun(): TextLine {
    const text = idleAsNoise(decodeText(this.#begun, this.#encoding, { isCut: true }), this.#encoding);
    const plain = text.replace(CUT_SEQUENCE, '');
    return toLine(plain, countUnusual(this.#begun, this.#encoding), this.#begun);
  }

  /** A reader that goes on from here by itself. */
  fork(): LineReader {
    const other = new LineReader(this.#encoding, this.#maxBytes);
    other.#begun = this.#begun;
    other.#endedByCr = this.#endedByCr;
    return other;
  }

  /** Bytes of it so far. */
  get begunBytes(): number {
    return this.#begun.length;
  }

  #line(bytes: Uint8Array): TextLine {
    const last = bytes.slice(-this.#maxBytes);
    const text = idleAsNoise(decodeText(last, this.#encoding), this.#encoding);
    return toLine(text, countUnusual(last, this.#encoding), last);
  }

  #join(bytes: Uint8Array): Uint8Array {
    if (this.#begun.length === 0) return bytes;
    const joined = new Uint8Array(this.#begun.length + bytes.length);
    joined.set(this.#begun);
    joined.set(bytes, this.#begun.length);
    return joined;
  }
}

/** A line that is disturbed while it is idle gives 0xFF, which is a letter in one encoding, but none that ends a text. */
function idleAsNoise(text: string, encoding: TextEncodingName): string {
  if (encoding !== 'windows-1252') return text;
  return text.replace(/^[\0ÿ]+|[\0ÿ]+$/gu, (noise) => UNDECODED.repeat(noise.length));
}

/*
 * Control sequences of ECMA-48: CSI (colours of a log, moves of the cursor), the strings OSC, DCS, SOS, PM, APC up to
 * their end (ST or BEL), and the rest of two or three characters. An 8-bit C1 is no sequence: it is half of a character
 * in most encodings.
 */
/* eslint-disable no-control-regex -- these patterns find control characters, to remove them */
const SEQUENCE =
  /\u001b(?:\[[0-?]*[ -/]*[@-~]|[\]PX^_][^\u0007\u001b]*(?:\u0007|\u001b\\|$)|[ -/]+[0-~]|[0-OQ-WYZ\\`a-z{|}~])/gu;
/** The beginning of one, at the end of what came so far. */
const CUT_SEQUENCE = /\u001b(?:\[[0-?]*[ -/]*|[\]PX^_][^\u0007\u001b]*\u001b?|[ -/]*)?$/u;
/** What is no text: C0 but the tab, DEL, C1, and bytes that the encoding has no character for. */
const NOISE = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\ufffd]/u;
const EACH_NOISE = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\ufffd]/gu;
/** Flow control of the line that reached us, which is never part of a text: XON, XOFF. */
const FLOW = /[\u0011\u0013]/gu;
/* eslint-enable no-control-regex */

/**
 * A line as a person reads it on a terminal: without control sequences (colours), without what is no text at its
 * beginning and its end. Noise between characters stays: what a bad byte stood for is not known.
 */
export function cleanLine(line: string): string {
  return toLine(line, 0).text;
}

function toLine(raw: string, unusual: number, bytes?: Uint8Array): TextLine {
  const plain = raw.replace(SEQUENCE, '').replace(FLOW, '');
  const noise = NOISE.test(plain) ? (plain.match(EACH_NOISE)?.length ?? 0) : 0;
  const text = noise === 0 ? plain : trimNoise(plain, bytes !== undefined && endsInOther(bytes));
  return { text, noise, unusual: Math.max(noise, unusual) };
}

/** Blanks go with noise that is further out, and stay where there is none. */
function trimNoise(text: string, endsInText: boolean): string {
  let from = 0;
  for (let index = 0; index < text.length && isNoiseOrBlank(text, index); index++)
    if (isNoise(text, index)) from = index + 1;
  let until = text.length;
  for (let offset = text.length - 1; offset >= from && isNoiseOrBlank(text, offset); offset--) {
    if (endsInText && text[offset] === UNDECODED) break;
    if (isNoise(text, offset)) until = offset;
  }
  return text.slice(from, until);
}

/** As much as the end of an answer has. */
const END_BYTES = 256;

/**
 * True when the last characters are those that people write in GB2312: the end of an answer in another encoding, which is
 * no noise. `STATE=正常` must not become `STATE=`.
 */
function endsInOther(bytes: Uint8Array): boolean {
  const each = String.fromCharCode(...bytes.subarray(-END_BYTES)).replace(SEQUENCE, '');
  const codes = Array.from(each, (char) => char.charCodeAt(0));
  const until = codes.findLastIndex((code) => code > 0x20 && code !== 0x7f && code !== 0xff) + 1;
  const from = codes.findLastIndex((code, index) => index < until && code < 0x80) + 1;
  const end = Uint8Array.from(codes.slice(from, until));
  return end.length >= 2 && end.length % 2 === 0 && countUnusual(end, 'gb18030') === 0;
}

function isNoise(text: string, offset: number): boolean {
  return NOISE.test(text[offset] ?? '');
}

function isNoiseOrBlank(text: string, offset: number): boolean {
  return text[offset] === ' ' || isNoise(text, offset);
}
