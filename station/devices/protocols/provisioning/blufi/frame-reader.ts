import type { BlufiCipher } from './cipher.ts';
import { HEADER_BYTES, measureFrame, parseFrame, REMAINING_BYTES } from './frame.ts';
import { describeType, FLAG } from './frame-types.ts';

/** A list of a hundred networks is shorter. */
const MAX_CONTENT_BYTES = 8192;

/** A message of the unit, put together from its frames. */
export interface BlufiMessage {
  readonly type: number;
  readonly content: Uint8Array;
}

/** The content of a message, or what is wrong with its frames. */
export type ReadContent =
  | { readonly ok: true; readonly content: Uint8Array }
  | { readonly ok: false; readonly reason: string };

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
  readonly #around: (type: number, read: () => ReadContent) => ReadContent;
  #expected = 0;
  #last: Uint8Array | null = null;
  #frames: Uint8Array[] = [];
  #bytes = 0;
  #failure: string | null = null;

  /** @param around reads the content of each message; it may return something else in its place */
  constructor(around: (type: number, read: () => ReadContent) => ReadContent = (_type, read) => read()) {
    this.#around = around;
  }

  receive(bytes: Uint8Array, cipher: BlufiCipher | null): ReceivedFrame {
    if (this.#failure !== null) return { ok: false, reason: this.#failure };
    if (this.#last !== null && Buffer.compare(this.#last, bytes) === 0)
      return { ok: true, message: null, ackFor: null };
    const problem = this.#check(bytes);
    if (problem !== null) return this.#fail(problem);
    const [type = 0, flags = 0, sequence = 0] = bytes;
    this.#last = bytes.slice();
    this.#expected = (this.#expected + 1) & 0xff;
    this.#frames.push(this.#last);
    this.#bytes += bytes.length - HEADER_BYTES;
    const ackFor = (flags & FLAG.ackWanted) === 0 ? null : sequence;
    if ((flags & FLAG.more) !== 0) return { ok: true, message: null, ackFor };
    const frames = this.#frames;
    this.#frames = [];
    this.#bytes = 0;
    const content = this.#around(type, () => readContent(frames, cipher));
    return content.ok
      ? { ok: true, message: { type, content: content.content }, ackFor }
      : this.#fail(content.reason);
  }

  /** What is wrong with a frame as it came, before it is decrypted; null for nothing. */
  #check(bytes: Uint8Array): string | null {
    const measured = measureFrame(bytes);
    if (typeof measured === 'string') return measured;
    const { type, sequence } = measured;
    if (sequence !== this.#expected)
      return `frame ${sequence} came where frame ${this.#expected} was expected`;
    const begun = this.#frames[0]?.[0];
    if (begun !== undefined && begun !== type)
      return `a frame of ${describeType(type)} came between the fragments of ${describeType(begun)}`;
    if (this.#bytes + bytes.length > MAX_CONTENT_BYTES) return `a message of ${this.#bytes} bytes goes on`;
    return null;
  }

  #fail(reason: string): ReceivedFrame {
    this.#failure = reason;
    this.#frames = [];
    return { ok: false, reason };
  }
}

/** Decrypts and checks all frames of one message. */
function readContent(frames: readonly Uint8Array[], cipher: BlufiCipher | null): ReadContent {
  const parts: Uint8Array[] = [];
  let total: number | null = null;
  for (const bytes of frames) {
    const parsed = parseFrame(bytes, cipher);
    if (!parsed.ok) return parsed;
    const { data, flags } = parsed.frame;
    if ((flags & FLAG.more) === 0) {
      parts.push(data);
      continue;
    }
    const [low, high] = data;
    if (low === undefined || high === undefined || data.length === REMAINING_BYTES)
      return { ok: false, reason: 'a fragment has no content' };
    // The first number tells the length of the whole; units repeat it or count down.
    total ??= low | (high << 8);
    parts.push(data.subarray(REMAINING_BYTES));
  }
  const content = new Uint8Array(Buffer.concat(parts));
  if (total === null || content.length === total) return { ok: true, content };
  return { ok: false, reason: `${content.length} bytes came of a message of ${total}` };
}
