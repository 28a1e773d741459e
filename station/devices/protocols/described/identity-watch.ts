import { createFrameReader, type Framing } from '#shared/codec/frames.ts';
import type { TextEncodingName } from '#shared/codec/text-encoding.ts';
import { LineReader } from '#shared/codec/text-lines.ts';
import { decodeUtf8 } from '#shared/codec/utf8.ts';
import { Fault } from '#shared/domain/fault.ts';
import type { AnswerShape } from './answer-shapes.ts';
import { type AnswerValues, bytesOfValue } from './answer-values.ts';

/** A longer line is no answer about an identity. */
const MAX_LINE_BYTES = 4096;

export interface IdentityWatchOptions {
  readonly shapes: readonly AnswerShape[];
  readonly framing: Framing | null;
  readonly encoding: TextEncodingName;
  /** The port of the unit, for faults. */
  readonly path: string;
}

/** What the last reading has found. */
interface Settled {
  readonly values: AnswerValues;
  readonly isNone: boolean;
}

/** A value that the unit has said. `isCut`: its line had not ended, so that more of it may come. */
interface Said {
  readonly name: string;
  readonly bytes: Uint8Array | null;
  readonly isCut: boolean;
}

/**
 * Compares what a unit says unasked about its identity with what the last reading has found. It sees everything that comes over the
 * port and over Bluetooth, in a run and in its replay.
 *
 * A contradiction after a reading is kept until the end of the run: a later reading does not remove it.
 */
export class IdentityWatch {
  readonly #shapes: readonly AnswerShape[];
  readonly #path: string;
  readonly #lines: LineReader;
  readonly #frames: ReturnType<typeof createFrameReader> | null;
  readonly #mostLines: number;
  #recent: string[] = [];
  #settled: Settled | null = null;
  /** Values that came while the identity is read; `null` at other times. */
  #during: Said[] | null = null;
  /** The unit was asked nothing since the reading. */
  #isUnasked = false;
  #fault: Fault | null = null;

  constructor({ shapes, framing, encoding, path }: IdentityWatchOptions) {
    this.#shapes = shapes;
    this.#path = path;
    this.#lines = new LineReader(encoding, MAX_LINE_BYTES);
    this.#frames = framing === null ? null : createFrameReader(framing);
    this.#mostLines = Math.max(1, ...shapes.map(({ lines }) => lines));
  }

  /** The identity is written or erased now: what was found before counts no more. */
  beginChange(): void {
    this.#forget();
    this.#during = null;
  }

  /** The identity is read now. */
  beginReading(): void {
    this.#forget();
    this.#during = [];
  }

  /**
   * The reading has ended with these values, or with the answer that there is no identity. Faults: `device-garbled` when another
   * value came during the reading.
   */
  settle(values: AnswerValues, isNone: boolean): void {
    const during = this.#during ?? [];
    this.#settled = { values, isNone };
    this.#during = null;
    this.#recent = [];
    this.#isUnasked = true;
    // Of several questions one may be answered with a value before another is answered with "none".
    const other = isNone ? undefined : during.find((said) => this.#contradicts(said));
    if (other === undefined) return;
    this.#settled = null;
    throw this.#faultOf(other.name);
  }

  /** A command is sent: "none" may be the answer to it from now on. */
  sent(bytes: Uint8Array): void {
    this.#isUnasked = false;
    // A reader of Modbus frames must know the request. A frame that has begun is awaited.
    if (this.#frames?.buffered.length === 0) this.#frames.clear(bytes);
  }

  /** Bytes that came over the port. */
  hears(bytes: Uint8Array): void {
    for (const { text } of this.#lines.push(bytes)) {
      this.#recent = [...this.#recent, text].slice(-this.#mostLines);
      this.#hearText(this.#recent, false);
    }
    this.#hearFrames(this.#frames?.push(bytes).payloads ?? []);
  }

  /** A value of a characteristic. */
  hearsValue(value: Uint8Array, service: string, characteristic: string): void {
    const text = decodeUtf8(value)?.replace(/\0+$/, '') ?? '';
    const isOf = ({ from }: AnswerShape): boolean =>
      from?.service === service && from.characteristic === characteristic;
    this.#hear((shape) => isOf(shape) && shape.inHex, toHex(value), false);
    this.#hear((shape) => isOf(shape) && !shape.inHex, text, false);
  }

  /** The contradiction that was heard, also in a line or frame that has begun; `null` when there is none. */
  get fault(): Fault | null {
    if (this.#fault !== null) return this.#fault;
    const { text } = this.#lines.begun;
    if (text !== '') this.#hearText([...this.#recent, text].slice(-this.#mostLines), true);
    return this.#fault;
  }

  #forget(): void {
    this.#settled = null;
    this.#recent = [];
  }

  #hearText(lines: readonly string[], isCut: boolean): void {
    for (let count = 1; count <= lines.length; count++) {
      const isOfSo = ({ isValue, inHex, lines: most }: AnswerShape): boolean =>
        !isValue && !inHex && most === count;
      this.#hear(isOfSo, lines.slice(-count).join('\n'), isCut);
    }
  }

  #hearFrames(payloads: readonly Uint8Array[]): void {
    for (const payload of payloads)
      this.#hear(({ isValue, inHex }) => !isValue && inHex, toHex(payload), false);
  }

  #hear(isOfSo: (shape: AnswerShape) => boolean, text: string, isCut: boolean): void {
    if (this.#settled === null && this.#during === null) return;
    const shapes = this.#shapes.filter(isOfSo);
    const none = shapes.find(({ says, pattern }) => says === 'none' && pattern.test(text));
    if (none !== undefined) {
      const isSaid = this.#isUnasked || none.from?.isRead === true;
      if (!isCut && isSaid && this.#settled?.isNone === false) this.#contradict('identity');
      return;
    }
    for (const { isDistinct, inHex, pattern, from } of shapes) {
      // Any word would match a pattern that is not distinct.
      if (!isDistinct && from?.isRead !== true) continue;
      for (const { groups = {} } of pattern.all(text))
        for (const [name, value] of Object.entries(groups))
          if (value !== undefined) this.#say({ name, bytes: bytesOfValue(name, value, inHex), isCut });
    }
  }

  #say(said: Said): void {
    if (this.#during !== null) {
      if (!said.isCut) this.#during.push(said);
    } else if (this.#contradicts(said)) this.#contradict(said.name);
  }

  #contradicts({ name, bytes, isCut }: Said): boolean {
    if (this.#settled === null || bytes === null) return false;
    const { values, isNone } = this.#settled;
    if (!values.has(name)) return isNone && bytes.length > 0 && !isCut;
    const found = values.bytes(name);
    return Buffer.compare(isCut ? found.subarray(0, bytes.length) : found, bytes) !== 0;
  }

  #contradict(name: string): void {
    this.#fault ??= this.#faultOf(name);
  }

  #faultOf(name: string): Fault {
    return new Fault(
      'device-garbled',
      `the unit on ${this.#path} said another ${name} than the one that was read`,
      {
        hint: 'Test it again. When it says so again, put it aside: another device may be on its line.',
        details: { port: this.#path, measurement: name },
      },
    );
  }
}

function toHex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex').toUpperCase();
}
