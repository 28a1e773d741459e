import type { ByteQueue } from '../boot/index.ts';

/** The rest of a command must come within this time; then the chip waits for a handshake again. */
const COMMAND_TIMEOUT_MS = 2_000;
const LONGEST_DATA_BYTES = 8_196;
/** Bytes 55 from which the chip finds the speed. */
const HANDSHAKE_BYTES = 4;
const HANDSHAKE_REST_MS = 10;

export interface IspCommand {
  readonly id: number;
  readonly sum: number;
  readonly data: Buffer;
  /** Whether the sum fits; a sum of 0 is not checked. */
  readonly isWhole: boolean;
}

/** Codes after `FL`. Source: the vendor's description of the ISP. */
export const FAILURE = {
  erase: 0x0003,
  writeParameters: 0x0004,
  writeAddress: 0x0005,
  commandId: 0x0101,
  commandLength: 0x0102,
  commandSum: 0x0103,
  headerLength: 0x0201,
  headerMissing: 0x0202,
  headerMagic: 0x0203,
  headerCrc: 0x0204,
  signature: 0x0206,
  segmentCrc: 0x0210,
  segmentLength: 0x0214,
  incomplete: 0x0216,
  hash: 0x0217,
} as const;

/** The serial side of a BL602 that is being flashed: handshakes, commands and answers. */
export class IspIo {
  readonly #queue: ByteQueue;
  readonly #send: (bytes: Uint8Array) => void;

  constructor(queue: ByteQueue, send: (bytes: Uint8Array) => void) {
    this.#queue = queue;
    this.#send = send;
  }

  /** Waits for a handshake and answers it; `null` when none comes within `timeoutMs`. */
  async handshake(timeoutMs: number, signal: AbortSignal): Promise<true | null> {
    for (let count = 0; count < HANDSHAKE_BYTES;) {
      const byte = (await this.#queue.read(1, timeoutMs, signal))?.[0];
      if (byte === undefined) return null;
      count = byte === 0x55 ? count + 1 : 0;
    }
    while ((await this.#queue.read(1, HANDSHAKE_REST_MS, signal)) !== null);
    this.ok();
    return true;
  }

  /** The next command; `null` when none comes in time, or only a part of one. */
  async command(signal: AbortSignal): Promise<IspCommand | null> {
    const head = await this.#queue.read(4, COMMAND_TIMEOUT_MS, signal);
    if (head === null) return this.#abandon();
    const [id, sum, length] = [head.readUInt8(0), head.readUInt8(1), head.readUInt16LE(2)];
    if (length > LONGEST_DATA_BYTES) {
      await this.#queue.drain(COMMAND_TIMEOUT_MS, signal);
      return null;
    }
    const data = await this.#queue.read(length, COMMAND_TIMEOUT_MS, signal);
    if (data === null) return this.#abandon();
    const computed = [...head.subarray(2), ...data].reduce((total, byte) => (total + byte) & 0xff, 0);
    return { id, sum, data: Buffer.from(data), isWhole: sum === 0 || sum === computed };
  }

  ok(data?: Uint8Array): void {
    const length = Buffer.alloc(2);
    length.writeUInt16LE(data?.length ?? 0);
    this.#send(Buffer.concat(data === undefined ? [Buffer.from('OK')] : [Buffer.from('OK'), length, data]));
  }

  fail(code: number): void {
    const bytes = Buffer.alloc(2);
    bytes.writeUInt16LE(code);
    this.#send(Buffer.concat([Buffer.from('FL'), bytes]));
  }

  #abandon(): null {
    this.#queue.clear();
    return null;
  }
}
