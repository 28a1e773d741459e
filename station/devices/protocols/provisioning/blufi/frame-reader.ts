import type { BlufiCipher } from './cipher.ts';
import { parseFrame, REMAINING_BYTES, sequenceOf } from './frame.ts';
import { describeType, FLAG } from './frame-types.ts';

/** A list of a hundred networks is shorter. */
const MAX_CONTENT_BYTES = 8192;

/** A message of the unit, put together from its frames. */
export interface BlufiMessage {
  readonly type: number;
  readonly content: Uint8Array;
}

export type ReceivedFrame =
  | {
      readonly ok: true;
      /** Null while fragments are missing, and for a frame that came twice. */
      readonly message: BlufiMessage | null;
      /** The sequence that the unit wants to be confirmed; null when it wants none. */
      readonly ackFor: number | null;
    }
  | { readonly ok: false; readonly reason: string };

/**
 * Reads the frames that a unit notifies. Any bytes are allowed. After a frame that is not as it must be nothing can be read any
 * more, because the sequence is lost, and with security V2 the key stream too.
 */
export class FrameReader {
  #expected = 0;
  #last: Uint8Array | null = null;
  #type = 0;
  #parts: Uint8Array[] = [];
  #received = 0;
  /** Length of the whole content; null between messages. */
  #total: number | null = null;
  #failure: string | null = null;

  receive(bytes: Uint8Array, cipher: BlufiCipher | null): ReceivedFrame {
    if (this.#failure !== null) return { ok: false, reason: this.#failure };
    if (this.#last !== null && Buffer.compare(this.#last, bytes) === 0)
      return { ok: true, message: null, ackFor: null };
    const sequence = sequenceOf(bytes);
    if (sequence !== null && sequence !== this.#expected)
      return this.#fail(`frame ${sequence} came where frame ${this.#expected} was expected`);
    const parsed = parseFrame(bytes, cipher);
    if (!parsed.ok) return this.#fail(parsed.reason);
    const { type, flags, data } = parsed.frame;
    this.#last = bytes.slice();
    this.#expected = (this.#expected + 1) & 0xff;
    const ackFor = (flags & FLAG.ackWanted) === 0 ? null : parsed.frame.sequence;
    const problem = this.#add(type, data, (flags & FLAG.more) !== 0);
    if (problem !== null) return this.#fail(problem);
    if ((flags & FLAG.more) !== 0) return { ok: true, message: null, ackFor };
    const content = Buffer.concat(this.#parts);
    this.#parts = [];
    this.#received = 0;
    this.#total = null;
    return { ok: true, message: { type, content: new Uint8Array(content) }, ackFor };
  }

  /** Adds the data of a frame; returns what is wrong with it, or null. */
  #add(type: number, data: Uint8Array, hasMore: boolean): string | null {
    if (this.#total !== null && type !== this.#type)
      return `a frame of ${describeType(type)} came between the fragments of ${describeType(this.#type)}`;
    let content = data;
    if (hasMore) {
      const [low, high] = data;
      if (low === undefined || high === undefined || data.length === REMAINING_BYTES)
        return 'a fragment has no content';
      content = data.subarray(REMAINING_BYTES);
      // The first number tells the length of the whole; units repeat it or count down.
      this.#total ??= low | (high << 8);
      this.#type = type;
      if (this.#total > MAX_CONTENT_BYTES) return `a message of ${this.#total} bytes is too long`;
    }
    this.#parts.push(content);
    this.#received += content.length;
    if (this.#total === null) return null;
    const isWrong = hasMore ? this.#received >= this.#total : this.#received !== this.#total;
    return isWrong ? `${this.#received} bytes came of a message of ${this.#total}` : null;
  }

  #fail(reason: string): ReceivedFrame {
    this.#failure = reason;
    this.#parts = [];
    return { ok: false, reason };
  }
}
