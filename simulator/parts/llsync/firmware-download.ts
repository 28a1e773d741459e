import { crc32 } from 'node:zlib';

/** Constants that a product chooses (`ble_qiot_config.h`). */
const PACKETS_PER_LOOP = 16;
const RETRY_S = 2;
const REBOOT_S = 10;
const PACKET_BYTES_LIMIT = 0xf0;
const REASON = { crc: 0, flash: 1, content: 2 } as const;
const REJECT = { battery: 2, version: 3 } as const;

/** What the device says after a packet. `null`: nothing. */
export type Said =
  | { readonly kind: 'progress'; readonly sequence: number; readonly received: number }
  | { readonly kind: 'check'; readonly result: number }
  | null;

export interface Answer {
  readonly flags: number;
  readonly body: Buffer;
}

/** The firmware download of the SDK: packets in loops with a sequence number, a CRC-32 at the end, and resuming. */
export class FirmwareDownload {
  #size = 0;
  #crc = 0;
  #version = '';
  #content: Buffer = Buffer.alloc(0);
  #next = 0;
  #hasAskedAgain = false;
  #isOpen = false;

  /** The version that was downloaded. */
  get version(): string {
    return this.#version;
  }

  /** A request was accepted, and the end has not come. */
  get isOpen(): boolean {
    return this.#isOpen;
  }

  /** How far it is, as it says again when no packet comes. */
  get progress(): Said {
    return this.#progress();
  }

  /** The link broke: what was received is kept for a request about the same file. */
  interrupt(): void {
    this.#isOpen = false;
  }

  /** @param running version of the running firmware, which is not loaded again */
  request(body: Buffer, running: string, payloadBytes: number): Answer {
    if (body.length < 9) return { flags: 0, body: Buffer.of(REJECT.battery) };
    const size = body.readUInt32BE(0);
    const crc = body.readUInt32BE(4);
    const version = body.subarray(9, 9 + body.readUInt8(8)).toString('latin1');
    if (version === running) return { flags: 0, body: Buffer.of(REJECT.version) };
    const isSame = size === this.#size && crc === this.#crc && this.#content.length < size;
    if (!isSame) this.#content = Buffer.alloc(0);
    [this.#size, this.#crc, this.#version] = [size, crc, version];
    this.#next = 0;
    this.#isOpen = true;
    this.#hasAskedAgain = false;
    const reply = Buffer.alloc(9);
    reply[0] = PACKETS_PER_LOOP;
    reply[1] = Math.min(PACKET_BYTES_LIMIT, payloadBytes);
    reply[2] = RETRY_S;
    reply[3] = REBOOT_S;
    reply.writeUInt32BE(this.#content.length, 4);
    reply[8] = 0;
    return { flags: 0x03, body: reply };
  }

  /** A data packet: length, sequence, content. */
  packet(body: Buffer): Said {
    if (!this.#isOpen || body.length < 2) return null;
    const sequence = body.readUInt8(1);
    if (sequence !== this.#next) {
      if (this.#hasAskedAgain) return null;
      this.#hasAskedAgain = true;
      return this.#progress();
    }
    this.#hasAskedAgain = false;
    this.#next += 1;
    this.#content = Buffer.concat([this.#content, body.subarray(2)]);
    if (this.#content.length >= this.#size) return this.#progress();
    if (this.#next < PACKETS_PER_LOOP) return null;
    const said = this.#progress();
    this.#next = 0;
    return said;
  }

  /** The station says that this was all. */
  end(flashFails: boolean): Said {
    if (!this.#isOpen) return null;
    this.#isOpen = false;
    const isWhole = this.#content.length === this.#size && crc32(this.#content) === this.#crc;
    const result = flashFails ? REASON.flash : isWhole ? 0x80 : REASON.crc;
    this.#content = Buffer.alloc(0);
    return { kind: 'check', result };
  }

  #progress(): Said {
    return { kind: 'progress', sequence: this.#next, received: this.#content.length };
  }
}
