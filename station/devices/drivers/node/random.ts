import { randomBytes } from 'node:crypto';
import type { Random } from '../../../core/platform/index.ts';

export function createNodeRandom(): Random {
  return {
    bytes: (count) => new Uint8Array(randomBytes(count)),
    id: () => uuidV7(Date.now(), randomBytes(10)),
  };
}

/** RFC 9562 §5.7: 48 bits of Unix milliseconds, then random bits around version and variant. */
function uuidV7(timeMs: number, random: Uint8Array): string {
  const bytes = Buffer.alloc(16);
  bytes.writeUIntBE(timeMs, 0, 6);
  bytes.set(random, 6);
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x70, 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}
