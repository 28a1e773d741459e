const END = 0xc0;
const ESCAPE = 0xdb;
const ESCAPED_END = 0xdc;
const ESCAPED_ESCAPE = 0xdd;
const NOTHING = new Uint8Array();

/** Encodes the parts as one frame of SLIP (RFC 1055) that begins and ends with END. */
export function slipFrame(...parts: readonly Uint8Array[]): Uint8Array {
  let length = 0;
  for (const part of parts) length += part.length;
  const frame = new Uint8Array(2 * length + 2);
  let at = 0;
  frame[at++] = END;
  for (const part of parts) {
    for (let i = 0; i < part.length; i++) {
      const byte = part[i] ?? 0;
      if (byte === END || byte === ESCAPE) {
        frame[at++] = ESCAPE;
        frame[at++] = byte === END ? ESCAPED_END : ESCAPED_ESCAPE;
      } else frame[at++] = byte;
    }
  }
  frame[at++] = END;
  return frame.subarray(0, at);
}

/** Finds the frames in received bytes. Bytes outside of frames (a boot log), and frames that are not well formed, are dropped. */
export class SlipReader {
  readonly #frame: Uint8Array;
  readonly #onFrame: (frame: Uint8Array) => void;
  #length = 0;
  #state: 'outside' | 'inside' | 'escape' = 'outside';
  #isStopped = false;

  /**
   * @param maxBytes a longer frame is dropped
   * @param onFrame gets a copy of each frame
   */
  constructor(maxBytes: number, onFrame: (frame: Uint8Array) => void) {
    this.#frame = new Uint8Array(maxBytes);
    this.#onFrame = onFrame;
  }

  /** Returns what came after the frame with which it was stopped; empty while it is not stopped. */
  push(bytes: Uint8Array): Uint8Array {
    for (let i = 0; i < bytes.length; i++) {
      if (this.#isStopped) return bytes.slice(i);
      const byte = bytes[i] ?? 0;
      if (byte === END) this.#end();
      else if (this.#state === 'outside') continue;
      else if (this.#state === 'escape') this.#putEscaped(byte);
      else if (byte === ESCAPE) this.#state = 'escape';
      else this.#put(byte);
    }
    return NOTHING;
  }

  /** Called by `onFrame`: the frame is the last one. */
  stop(): void {
    this.#isStopped = true;
  }

  /** Forgets an unfinished frame. */
  reset(): void {
    this.#state = 'outside';
    this.#length = 0;
  }

  /** An END ends a frame and begins the next, so that a lost END costs one frame at most. */
  #end(): void {
    const isWhole = this.#state === 'inside' && this.#length > 0;
    const frame = isWhole ? this.#frame.slice(0, this.#length) : null;
    this.#state = 'inside';
    this.#length = 0;
    if (frame !== null) this.#onFrame(frame);
  }

  #putEscaped(byte: number): void {
    this.#state = 'inside';
    if (byte === ESCAPED_END) this.#put(END);
    else if (byte === ESCAPED_ESCAPE) this.#put(ESCAPE);
    else this.reset();
  }

  #put(byte: number): void {
    if (this.#length === this.#frame.length) return this.reset();
    this.#frame[this.#length++] = byte;
  }
}
