import { createHash } from 'node:crypto';
import { Fault } from '#shared/domain/fault.ts';
import type { FlashMemory } from '../../../../../station/devices/protocols/flashing/index.ts';
import type { VisitFlash } from '../../../../../station/devices/protocols/nvs/index.ts';
import type { DevicePort } from '../../../../../station/core/platform/index.ts';

const SECTOR = 4096;

/** A flash in memory, whose power can fail within the writing or erasing of a sector. */
export class FlashFake {
  readonly bytes: Uint8Array;
  chipId = 'A2B700000001';
  /** Sectors that are still erased or written before the power fails; `null` for a power that does not fail. */
  sectorsUntilCut: number | null = null;
  /** Bytes of a sector that are programmed when the power fails in it. */
  cutAtByte = 0;
  /** Offset of a byte that loses its bits after the last writing; `null` for a good flash. */
  spoilBeforeMd5: number | null = null;
  writes = 0;
  visits = 0;

  constructor(flashBytes: number) {
    this.bytes = new Uint8Array(flashBytes).fill(0xff);
  }

  readonly visit: VisitFlash = async (_port, _visit, work) => {
    this.visits += 1;
    return work(this.#memory());
  };

  #memory(): FlashMemory {
    return {
      chip: 'ESP32-C3',
      chipId: this.chipId,
      flashBytes: this.bytes.length,
      hasLines: true,
      read: (offset, length) => Promise.resolve(this.bytes.slice(offset, offset + length)),
      md5: (offset, length) => {
        if (this.spoilBeforeMd5 !== null) this.bytes[this.spoilBeforeMd5] = 0;
        const digest = createHash('md5').update(this.bytes.subarray(offset, offset + length));
        return Promise.resolve(digest.digest('hex'));
      },
      erase: async (offset) => this.#sector(offset, null),
      write: async ({ name, offset, bytes }) => {
        this.#sector(offset, bytes);
        return {
          name,
          offset,
          bytes: bytes.length,
          sha256: '',
          skipped: false,
          verifiedBy: 'md5',
          md5Before: null,
          ms: 0,
          kbitPerSecond: null,
        };
      },
    };
  }

  #sector(offset: number, bytes: Uint8Array | null): void {
    this.writes += 1;
    this.bytes.fill(0xff, offset, offset + SECTOR);
    if (this.sectorsUntilCut === 0) {
      if (bytes !== null) this.bytes.set(bytes.subarray(0, this.cutAtByte), offset);
      throw new Fault('device-silent', 'the unit does not answer');
    }
    if (bytes !== null) this.bytes.set(bytes, offset);
    if (this.sectorsUntilCut !== null) this.sectorsUntilCut -= 1;
  }
}

/** Rows of a partition table with its MD5. */
export function partitionTable(
  rows: readonly (readonly [
    type: number,
    subtype: number,
    offset: number,
    size: number,
    label: string,
    flags?: number,
  ])[],
): Uint8Array {
  const table = Buffer.alloc(0xc00, 0xff);
  rows.forEach(([type, subtype, offset, size, label, flags = 0], index) => {
    const row = table.subarray(index * 32, index * 32 + 32).fill(0);
    row.set([0xaa, 0x50, type, subtype]);
    row.writeUInt32LE(offset, 4);
    row.writeUInt32LE(size, 8);
    row.write(label, 12, 'latin1');
    row.writeUInt32LE(flags, 28);
  });
  const end = rows.length * 32;
  const digest = createHash('md5').update(table.subarray(0, end)).digest();
  table.set([0xeb, 0xeb], end);
  table.set(digest, end + 16);
  return table;
}

/** A port without a device; the visits of `FlashFake` do not use it. */
export const NO_PORT: DevicePort = {
  path: 'test',
  write: () => Promise.resolve(),
  onData: () => undefined,
  onLost: () => undefined,
  [Symbol.asyncDispose]: () => Promise.resolve(),
};
