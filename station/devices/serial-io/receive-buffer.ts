import { createByteBuffer } from '#shared/codec/byte-buffer.ts';
import { createFrameReader, type CutBytes, type Framing, type WrongChecksum } from '#shared/codec/frames.ts';
import { beginsAnswer } from '#shared/codec/modbus-sizes.ts';
import type { TextEncodingName } from '#shared/codec/text-encoding.ts';
import type { SecretMask } from '../../core/secret-mask/index.ts';
import { GLITCH_BYTES } from './readability.ts';
import { laterPosition, TextWindow } from './text-window.ts';

const MAX_FRAMES = 256;
const MAX_BYTES = 65_536;

/**
 * What a unit sent since the last send, in three views: lines of text, frames, and bytes. Taking from one view leaves the
 * others as they are. Frames are no part of the text.
 */
export interface ReceivedData {
  /** Whole lines as a terminal shows them, each ended by LF; secrets masked. */
  readonly lines: string;
  /** The same, and the begun next line. */
  readonly text: string;
  /** Takes off this many characters of `text`. */
  take(characters: number): void;
  /** Payloads. */
  readonly frames: readonly Uint8Array[];
  takeFrames(count: number): void;
  /** The last 64 KiB of everything, frames and noise too. */
  readonly bytes: Uint8Array;
  takeBytes(count: number): void;
}

/** Splits the data of a unit into text and frames, and stores the last of each. */
export class ReceiveBuffer {
  readonly #framing: Framing | null;
  readonly #encoding: TextEncodingName;
  readonly #mask: SecretMask;
  readonly #reader: ReturnType<typeof createFrameReader> | null;
  #window: TextWindow;
  #sent: Uint8Array = new Uint8Array(0);
  #frames: Uint8Array[] = [];
  #firstFrame = 0;
  #raw = createByteBuffer(MAX_BYTES);
  /** Number of bytes that came before the first in `#raw`, and before the last send. */
  #rawAt = 0;
  #sentAt = 0;
  /** Positions up to which each view is taken off; a later view begins there. */
  #hasTaken = false;
  #taken = { text: { line: 0, character: 0 }, frame: 0, byte: 0 };

  constructor(framing: Framing | null, encoding: TextEncodingName, mask: SecretMask) {
    this.#framing = framing;
    this.#encoding = encoding;
    this.#mask = mask;
    this.#reader = framing === null ? null : createFrameReader(framing);
    this.#window = new TextWindow(encoding, mask);
  }

  push(bytes: Uint8Array): void {
    const before = this.#raw.length;
    this.#raw.push(bytes);
    this.#rawAt += before + bytes.length - this.#raw.length;
    if (this.#reader === null) this.#window.push(bytes);
    else this.#absorb(this.#reader.push(bytes));
  }

  /** Removes all data, because `sent` was sent. */
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
   * The data after the echo of the sent bytes, as on a two-wire bus; null when no echo came first, and when something is
   * taken off already.
   */
  get afterEcho(): ReceiveBuffer | null {
    if (this.#hasTaken || this.#sent.length === 0 || this.#rawAt > this.#sentAt) return null;
    const all = this.#bytesFrom(this.#sentAt);
    const echoStart = Buffer.from(all).indexOf(this.#sent);
    const isFirst =
      echoStart >= 0 &&
      echoStart <= GLITCH_BYTES &&
      all.subarray(0, echoStart).every((b) => b === 0 || b === 0xff);
    if (!isFirst) return null;
    const rest = new ReceiveBuffer(this.#framing, this.#encoding, this.#mask);
    rest.clear(this.#sent);
    rest.push(all.subarray(echoStart + this.#sent.length));
    rest.endHeldBytes(() => false);
    return rest;
  }

  /** Bytes are held that may become a frame or may be text. */
  get isHolding(): boolean {
    return this.#reader !== null && this.#reader.buffered.length > 0;
  }

  /**
   * Decides about held bytes after a silence. `search` is called with the frames that are certain by then, and after that
   * with the held bytes as text: when it finds something there, they were text.
   */
  endHeldBytes(search: () => boolean): void {
    if (this.#reader === null || this.#reader.buffered.length === 0) return;
    this.#absorb(this.#reader.quiet());
    if (search() || this.#reader.buffered.length === 0) return;
    const certain = this.#window;
    this.#window = certain.fork();
    this.#window.push(this.#reader.buffered);
    if (search()) this.#reader.release();
    else this.#window = certain;
  }

  /** All data was taken, and no more came since. */
  get isEmptied(): boolean {
    const { text, frames } = this.view();
    return this.#hasTaken && text.trim() === '' && frames.length === 0 && !this.isHolding;
  }

  /** Whole lines that were not taken; a line of which a part was taken counts as taken. */
  get unreadLines(): readonly string[] {
    // What was read as bytes is no text.
    if (this.#taken.byte > this.#sentAt) return [];
    const { lines } = this.view();
    const isPartTaken = this.#hasTaken && this.#taken.text.character > 0;
    const rest = isPartTaken ? lines.slice(lines.indexOf('\n') + 1) : lines;
    return rest.split('\n').filter((line) => line.trim() !== '');
  }

  /** An incomplete frame: one with its start, or the beginning of the Modbus answer to what was sent; null for none. */
  get cutFrame(): Uint8Array | null {
    const begun = this.#reader?.buffered ?? new Uint8Array();
    const marker = this.#framing?.start.length ?? 0;
    if (marker > 0) return begun.length >= marker ? begun : null;
    const isModbus = this.#framing?.length === 'modbus';
    return isModbus && beginsAnswer(begun, this.#sent) ? begun : null;
  }

  get wrongChecksum(): WrongChecksum | null {
    return this.#reader?.wrong ?? null;
  }

  /** Held bytes count too: they may be the noise. */
  get isUnreadable(): boolean {
    if (this.#reader === null || this.#reader.buffered.length === 0) return this.#window.isUnreadable;
    const all = this.#window.fork();
    all.push(this.#reader.buffered);
    return all.isUnreadable;
  }

  /** Masks the text again after secrets were added. */
  maskAgain(): void {
    this.#window.maskAgain();
  }

  /** A view with positions of its own, from the first data that is not taken off. */
  view(): ReceivedData {
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
        taken.text = laterPosition(taken.text, text);
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
    const excess = Math.max(0, this.#frames.length - MAX_FRAMES);
    this.#frames = this.#frames.slice(excess);
    this.#firstFrame += excess;
  }
}
