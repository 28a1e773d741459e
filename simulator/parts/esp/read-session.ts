import { createHash, type Hash } from 'node:crypto';

import { type NorFlash, SECTOR_BYTES } from '../../flash/index.ts';

export interface ReadRequest {
  readonly offset: number;
  readonly length: number;
  readonly packetBytes: number;
  /** Number of bytes that may be on the line without an acknowledgement. */
  readonly unacknowledgedBytes: number;
}

/** The command READ_FLASH of the stub: packets without header, each acknowledged by the number of bytes so far, then an MD5. */
export class ReadSession {
  readonly #request: ReadRequest;
  readonly #flash: NorFlash;
  readonly #send: (content: Uint8Array) => void;
  readonly #hash: Hash = createHash('md5');
  #sent = 0;
  #done = false;

  constructor(
    request: ReadRequest,
    context: { readonly flash: NorFlash; readonly reply: (content: Uint8Array) => void },
  ) {
    this.#request = request;
    this.#flash = context.flash;
    this.#send = context.reply;
  }

  get done(): boolean {
    return this.#done;
  }

  /** A packet that is larger than a sector ends the command without any data, as in the published stub. */
  start(): void {
    if (this.#request.packetBytes > SECTOR_BYTES) this.#done = true;
    else this.#advance(0);
  }

  /** Takes the acknowledgement of a packet. One with another length ends the command, as in the published stub. */
  acknowledge(frame: Buffer): void {
    if (frame.length === 4) this.#advance(frame.readUInt32LE(0));
    else this.#end();
  }

  #advance(acknowledged: number): void {
    const { offset, length, packetBytes, unacknowledgedBytes } = this.#request;
    if (acknowledged >= length || acknowledged > this.#sent || packetBytes === 0) return this.#end();
    while (this.#sent < length && this.#sent - acknowledged < unacknowledgedBytes) {
      const bytes = this.#flash.read(offset + this.#sent, Math.min(packetBytes, length - this.#sent));
      this.#hash.update(bytes);
      this.#send(bytes);
      this.#sent += bytes.length;
    }
  }

  #end(): void {
    this.#done = true;
    this.#send(this.#hash.digest());
  }
}
