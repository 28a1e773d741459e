const END = 0xc0;
const ESCAPE = 0xdb;
const ESCAPED_END = 0xdc;
const ESCAPED_ESCAPE = 0xdd;

/** Frames bytes for the line: END, the bytes with END and ESCAPE replaced, END. */
export function slipFrame(content: Uint8Array): Buffer {
  const frame = Buffer.allocUnsafe(content.length * 2 + 2);
  let at = 0;
  frame[at++] = END;
  for (const byte of content) {
    if (byte === END || byte === ESCAPE) {
      frame[at++] = ESCAPE;
      frame[at++] = byte === END ? ESCAPED_END : ESCAPED_ESCAPE;
    } else frame[at++] = byte;
  }
  frame[at++] = END;
  return frame.subarray(0, at);
}

/**
 * Takes frames out of the bytes of a line. Bytes outside of frames are ignored, as are empty frames, frames with an invalid
 * escape, and frames that are too long: a chip does not reply to them.
 */
export class SlipReader {
  readonly #frame: Buffer;
  #length = 0;
  #inside = false;
  #escaped = false;
  #invalid = false;

  constructor(limitBytes: number) {
    this.#frame = Buffer.allocUnsafe(limitBytes);
  }

  /** The frames that end in these bytes, each a copy. */
  push(chunk: Uint8Array): readonly Buffer[] {
    const bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    const frames: Buffer[] = [];
    let at = 0;
    while (at < bytes.length) {
      const end = bytes.indexOf(END, at);
      const until = end === -1 ? bytes.length : end;
      if (this.#inside) this.#take(bytes.subarray(at, until));
      if (end === -1) break;
      this.#delimit(frames);
      at = end + 1;
    }
    return frames;
  }

  clear(): void {
    this.#inside = false;
    this.#restart();
  }

  /** An END that closes no frame opens one. */
  #delimit(frames: Buffer[]): void {
    const ended = this.#inside && this.#length > 0;
    if (ended && !this.#invalid && !this.#escaped)
      frames.push(Buffer.from(this.#frame.subarray(0, this.#length)));
    this.#inside = !ended;
    this.#restart();
  }

  #restart(): void {
    this.#length = 0;
    this.#escaped = false;
    this.#invalid = false;
  }

  #take(bytes: Buffer): void {
    let at = 0;
    if (this.#escaped && bytes.length > 0) {
      this.#unescape(bytes.readUInt8(0));
      at = 1;
    }
    while (at < bytes.length) {
      const escape = bytes.indexOf(ESCAPE, at);
      const until = escape === -1 ? bytes.length : escape;
      this.#append(bytes.subarray(at, until));
      if (escape === -1) return;
      if (escape + 1 === bytes.length) {
        this.#escaped = true;
        return;
      }
      this.#unescape(bytes.readUInt8(escape + 1));
      at = escape + 2;
    }
  }

  #unescape(byte: number): void {
    this.#escaped = false;
    if (byte === ESCAPED_END) this.#append(Buffer.of(END));
    else if (byte === ESCAPED_ESCAPE) this.#append(Buffer.of(ESCAPE));
    else this.#invalid = true;
  }

  #append(bytes: Buffer): void {
    if (this.#length + bytes.length > this.#frame.length) this.#invalid = true;
    else {
      bytes.copy(this.#frame, this.#length);
      this.#length += bytes.length;
    }
  }
}
