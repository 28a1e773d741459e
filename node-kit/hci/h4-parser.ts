/** Types of packets. */
const PACKET = { command: 0x01, acl: 0x02, event: 0x04 } as const;

/** Cuts a stream of bytes into HCI packets (H4: Core Specification Vol 4 Part A). */
export class H4Parser {
  #bytes = Buffer.alloc(0);

  /** The packets completed by `chunk`, each beginning with its type byte. Bytes that begin no packet are skipped. */
  push(chunk: Uint8Array): Buffer[] {
    this.#bytes = this.#bytes.length === 0 ? Buffer.from(chunk) : Buffer.concat([this.#bytes, chunk]);
    const packets: Buffer[] = [];
    while (this.#bytes.length > 0) {
      const length = lengthOf(this.#bytes);
      if (length === 'none') {
        this.#bytes = this.#bytes.subarray(1);
        continue;
      }
      if (length === 'more' || this.#bytes.length < length) break;
      packets.push(this.#bytes.subarray(0, length));
      this.#bytes = this.#bytes.subarray(length);
    }
    return packets;
  }
}

function lengthOf(bytes: Buffer): number | 'more' | 'none' {
  switch (bytes[0]) {
    case PACKET.command:
      return bytes.length < 4 ? 'more' : 4 + bytes.readUInt8(3);
    case PACKET.acl:
      return bytes.length < 5 ? 'more' : 5 + bytes.readUInt16LE(3);
    case PACKET.event:
      return bytes.length < 3 ? 'more' : 3 + bytes.readUInt8(2);
    default:
      return 'none';
  }
}
