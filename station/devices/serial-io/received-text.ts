import { createByteBacklog } from '#shared/codec/byte-backlog.ts';
import { createFrameReader, type CutBytes, type Framing, type WrongChecksum } from '#shared/codec/frames.ts';
import { beginsAnswer } from '#shared/codec/modbus-sizes.ts';
import type { TextEncodingName } from '#shared/codec/text-encoding.ts';
import { GLITCH_BYTES } from './readability.ts';
import { laterOf, TextWindow } from './text-window.ts';

const KEPT_FRAMES = 256;
const KEPT_BYTES = 65_536;

/**
 * What a unit has said since the last send, in three views: lines of text, frames, and the bytes themselves. Each is taken
 * from by itself. Frames are no part of the text.
 */
export interface Heard {
  /** Whole lines as a terminal shows them, each ended by LF; secrets hidden. */
  readonly lines: string;
  /** The same, and what came of the next line. */
  readonly text: string;
  /** Forgets so many characters of `text`. */
  take(characters: number): void;
  /** Payloads. */
  readonly frames: readonly Uint8Array[];
  takeFrames(count: number): void;
  /** The last 64 KiB of everything, frames and noise too. */
  readonly bytes: Uint8Array;
  takeBytes(count: number): void;
}

/** Cuts what comes from a unit, and keeps the last of it for whoever looks. */
export class HeardStore {
  readonly #framing: Framing | null;
  readonly #encoding: TextEncodingName;
  readonly #reader: ReturnType<typeof createFrameReader> | null;
  #window: TextWindow;
  #hidden: readonly string[] = [];
  #sent: Uint8Array = new Uint8Array(0);
  #frames: Uint8Array[] = [];
  #firstFrame = 0;
  #raw = createByteBacklog(KEPT_BYTES);
  /** Bytes that came before the first in `#raw`, and before the last send. */
  #rawAt = 0;
  #sentAt = 0;
  /** How far is taken off; who looks later begins there. */
  #hasTaken = false;
  #taken = { text: { line: 0, character: 0 }, frame: 0, byte: 0 };

  constructor(framing: Framing | null, encoding: TextEncodingName) {
    this.#framing = framing;
    this.#encoding = encoding;
    this.#reader = framing === null ? null : createFrameReader(framing);
    this.#window = new TextWindow(encoding);
  }

  push(bytes: Uint8Array): void {
    const before = this.#raw.length;
    this.#raw.push(bytes);
    this.#rawAt += before + bytes.length - this.#raw.length;
    if (this.#reader === null) this.#window.push(bytes);
    else this.#absorb(this.#reader.push(bytes));
  }

  /** Forgets everything; these bytes were sent. */
  clear(sent: Uint8Array): void {
    this.#window.clear();
    this.#hasTaken = false;
    this.#firstFrame += this.#frames.length;
    this.#frames = [];
    this.#rawAt += this.#raw.length;
    this.#sentAt = this.#rawAt;
    this.#raw.take();
    this.#sent = Uint8Array.from(sent);
    this.#reader?.clear(sent);
  }

  /** Bytes of any kind since the last send. */
  get length(): number {
    return this.#rawAt + this.#raw.length - this.#sentAt;
  }

  /**
   * What came behind the bytes that were sent, when they came back first, as on a bus of two wires; `null` when they did
   * not, and when something is taken off already.
   */
  get behindEcho(): HeardStore | null {
    if (this.#hasTaken || this.#sent.length === 0 || this.#rawAt > this.#sentAt) return null;
    const all = this.#bytesFrom(this.#sentAt);
    const at = Buffer.from(all).indexOf(this.#sent);
    const isFirst = at >= 0 && at <= GLITCH_BYTES && all.subarray(0, at).every((b) => b === 0 || b === 0xff);
    if (!isFirst) return null;
    const rest = new HeardStore(this.#framing, this.#encoding);
    rest.protect(this.#hidden);
    rest.clear(this.#sent);
    rest.push(all.subarray(at + this.#sent.length));
    rest.quiet(() => false);
    return rest;
  }

  /** Something is held that may become a frame, or may be text. */
  get isHolding(): boolean {
    return this.#reader !== null && this.#reader.held.length > 0;
  }

  /**
   * Nothing has come for a while. `look` is called with what is certain by then, and with what is held taken for text:
   * when it finds something there, that is what it was.
   */
  quiet(look: () => boolean): void {
    if (this.#reader === null || this.#reader.held.length === 0) return;
    this.#absorb(this.#reader.quiet());
    if (look() || this.#reader.held.length === 0) return;
    const certain = this.#window;
    this.#window = certain.fork();
    this.#window.push(this.#reader.held);
    if (look()) this.#reader.release();
    else this.#window = certain;
  }

  /** All that came is taken off, and nothing came since. */
  get isEmptied(): boolean {
    const { text, frames } = this.view();
    return this.#hasTaken && text.trim() === '' && frames.length === 0 && !this.isHolding;
  }

  /**
   * A frame that was begun and not ended: with its start, or as the answer of Modbus to what was sent; `null` when there is
   * none.
   */
  get cutFrame(): Uint8Array | null {
    const begun = this.#reader?.held ?? new Uint8Array();
    const marker = this.#framing?.start.length ?? 0;
    if (marker > 0) return begun.length >= marker ? begun : null;
    const isModbus = this.#framing?.length === 'modbus';
    return isModbus && beginsAnswer(begun, this.#sent) ? begun : null;
  }

  get wrongChecksum(): WrongChecksum | null {
    return this.#reader?.wrong ?? null;
  }

  /** What is held may be the noise that a person asks about. */
  get isUnreadable(): boolean {
    if (this.#reader === null || this.#reader.held.length === 0) return this.#window.isUnreadable;
    const all = this.#window.fork();
    all.push(this.#reader.held);
    return all.isUnreadable;
  }

  protect(secrets: readonly string[]): void {
    this.#hidden = [...this.#hidden, ...secrets];
    this.#window.protect(secrets);
  }

  /** A view of its own from what is not taken off yet. */
  view(): Heard {
    let { text, frame, byte } = this.#taken;
    const lines = (): string => this.#window.linesFrom(text);
    const whole = (): string => this.#window.textFrom(text);
    const frames = (): Uint8Array[] => this.#frames.slice(Math.max(0, frame - this.#firstFrame));
    const bytes = (): Uint8Array => this.#bytesFrom(byte);
    const taken = this.#taken;
    return {
      get lines() {
        return lines();
      },
      get text() {
        return whole();
      },
      take: (characters) => {
        text = this.#window.after(text, characters);
        this.#hasTaken = true;
        taken.text = laterOf(taken.text, text);
      },
      get frames() {
        return frames();
      },
      takeFrames: (count) => {
        frame = Math.max(frame, this.#firstFrame) + count;
        this.#hasTaken = true;
        taken.frame = Math.max(taken.frame, frame);
      },
      get bytes() {
        return bytes();
      },
      takeBytes: (count) => {
        byte = Math.max(byte, this.#rawAt) + count;
        taken.byte = Math.max(taken.byte, byte);
      },
    };
  }

  #bytesFrom(byte: number): Uint8Array {
    const all = this.#raw.take();
    for (const chunk of all) this.#raw.push(chunk);
    return new Uint8Array(Buffer.concat(all).subarray(Math.max(0, byte - this.#rawAt)));
  }

  #absorb({ payloads, rest }: CutBytes): void {
    for (const bytes of rest) this.#window.push(bytes);
    this.#frames.push(...payloads);
    const over = Math.max(0, this.#frames.length - KEPT_FRAMES);
    this.#frames = this.#frames.slice(over);
    this.#firstFrame += over;
  }
}
