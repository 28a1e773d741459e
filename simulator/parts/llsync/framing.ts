/** Messages of LLSync as the device's firmware handles them: a type, two bytes with slice flags and length, and data. */

/** The SDK's buffer for one message. */
const BUFFER_BYTES = 2048;
const FIXED_BYTES = 3;

export interface OutgoingMessage {
  readonly type: number;
  /** Repeated in each slice. */
  readonly header?: Uint8Array;
  /** Absent: the message is its type alone. */
  readonly body?: Uint8Array;
  /** The user of the device has said no: bit 13. */
  readonly declined?: boolean;
}

/** The notifications of a message, of at most `payloadBytes` bytes each. */
export function slicesOf(message: OutgoingMessage, payloadBytes: number): Buffer[] {
  const { type, header = Buffer.alloc(0), body, declined = false } = message;
  if (body === undefined) return [Buffer.of(type)];
  const perSlice = payloadBytes - FIXED_BYTES - header.length;
  const out: Buffer[] = [];
  let sent = 0;
  do {
    const piece = body.subarray(sent, sent + perSlice);
    sent += piece.length;
    const isLast = sent >= body.length;
    const flags = out.length === 0 ? (isLast ? 0x00 : 0x40) : isLast ? 0xc0 : 0x80;
    const value = Buffer.alloc(FIXED_BYTES + header.length + piece.length);
    value[0] = type;
    value.writeUInt16BE(header.length + piece.length, 1);
    value[1] = (value[1] ?? 0) | flags | (declined ? 0x20 : 0);
    value.set(header, FIXED_BYTES);
    value.set(piece, FIXED_BYTES + header.length);
    out.push(value);
  } while (sent < body.length);
  return out;
}

/** A request that has come completely: its first byte, and what follows the length. */
export interface IncomingMessage {
  readonly type: number;
  readonly body: Buffer;
}

/** Collects what is written to one characteristic, as the SDK does: only writes of more than three bytes can be slices. */
export class Assembler {
  #type: number | null = null;
  #collected: Buffer[] = [];
  #size = 0;

  clear(): void {
    this.#type = null;
    this.#collected = [];
    this.#size = 0;
  }

  /** `null` while slices are missing, and for a slice that does not belong to the message. */
  take(written: Uint8Array): IncomingMessage | null {
    const bytes = Buffer.from(written);
    const type = bytes[0];
    if (type === undefined) return null;
    const flags = (bytes[1] ?? 0) & 0xc0;
    if (bytes.length <= FIXED_BYTES || flags === 0) {
      this.clear();
      return { type, body: bytes.subarray(1) };
    }
    const piece = bytes.subarray(FIXED_BYTES);
    if (flags === 0x40) {
      this.clear();
      this.#type = type;
    } else if (this.#type !== type || this.#size + piece.length > BUFFER_BYTES) {
      this.clear();
      return null;
    }
    this.#collected.push(piece);
    this.#size += piece.length;
    if (flags !== 0xc0) return null;
    // The SDK writes the whole length over the slice's own.
    const length = Buffer.alloc(2);
    length.writeUInt16BE(this.#size);
    const body = Buffer.concat([length, ...this.#collected]);
    this.clear();
    return { type, body };
  }
}
