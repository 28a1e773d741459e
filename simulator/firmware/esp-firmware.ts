import { createHash } from 'node:crypto';

import { createRandom } from '../platform/index.ts';

const IMAGE_MAGIC = 0xe9;
const HEADER_BYTES = 24;
const SEGMENT_HEADER_BYTES = 8;
const CHECKSUM_SEED = 0xef;
const ALIGNMENT = 16;
const DESCRIPTION_MAGIC = 0xabcd5432;
const DESCRIPTION_BYTES = 256;
const TABLE_BYTES = 0xc00;
const ROW_MAGIC = 0x50aa;
const ROW_BYTES = 32;
const CHIP_IDS: Readonly<Record<SampleChip, number>> = { esp32: 0, esp32s3: 9, esp32c3: 5 };

/** The chips that sample firmware is made for. */
export const SAMPLE_CHIPS = ['esp32c3', 'esp32s3', 'esp32'] as const;
export type SampleChip = (typeof SAMPLE_CHIPS)[number];

export interface EspFirmwareOptions {
  readonly chip: SampleChip;
  readonly version: string;
  readonly project?: string;
  /** Number of bytes of code in the application, about its size. Default: 16 KiB. */
  readonly codeBytes?: number;
  /** Whether the code is easily compressed, as real code is a little. Default: false. */
  readonly compressible?: boolean;
}

/** A file and where it belongs in the flash. */
export interface EspFile {
  readonly name: string;
  readonly offset: number;
  readonly bytes: Buffer;
}

/**
 * Firmware for a simulated chip, in the format of ESP-IDF: a boot loader, a partition table with the partitions `nvs`
 * (0x9000, 24 KiB), `phy_init` and `factory` (0x10000, 1.5 MiB), and an application with its description. The same options
 * give the same bytes.
 */
export function makeEspFirmware(options: EspFirmwareOptions): readonly [EspFile, EspFile, EspFile] {
  const { chip, version, project = 'gongwei-sample', codeBytes = 16_384, compressible = false } = options;
  const code = codeOf(`${chip} ${project} ${version}`, codeBytes, compressible);
  const chipId = CHIP_IDS[chip];
  return [
    {
      name: 'bootloader.bin',
      offset: chip === 'esp32' ? 0x1000 : 0,
      bytes: image(chipId, codeOf(`${chip} boot`, 2_048, false)),
    },
    { name: 'partition-table.bin', offset: 0x8000, bytes: partitionTable() },
    {
      name: `${project}.bin`,
      offset: 0x10000,
      bytes: image(chipId, Buffer.concat([description(version, project), code])),
    },
  ];
}

/** One segment, checksum and digest. */
function image(chipId: number, content: Buffer): Buffer {
  const header = Buffer.alloc(HEADER_BYTES);
  header[0] = IMAGE_MAGIC;
  header[1] = 1;
  header[2] = 2;
  header[3] = 0x20;
  header.writeUInt32LE(0x40380000, 4);
  header[8] = 0xee;
  header.writeUInt16LE(chipId, 12);
  header.writeUInt16LE(0xffff, 17);
  header[23] = 1;
  const segment = Buffer.alloc(SEGMENT_HEADER_BYTES);
  segment.writeUInt32LE(0x40380000, 0);
  segment.writeUInt32LE(content.length, 4);
  const bare = Buffer.concat([header, segment, content]);
  const padded = Buffer.alloc(Math.ceil((bare.length + 1) / ALIGNMENT) * ALIGNMENT);
  bare.copy(padded);
  padded[padded.length - 1] = content.reduce((sum, byte) => sum ^ byte, CHECKSUM_SEED);
  return Buffer.concat([padded, createHash('sha256').update(padded).digest()]);
}

function description(version: string, project: string): Buffer {
  const bytes = Buffer.alloc(DESCRIPTION_BYTES);
  bytes.writeUInt32LE(DESCRIPTION_MAGIC, 0);
  bytes.write(version.slice(0, 31), 16);
  bytes.write(project.slice(0, 31), 48);
  bytes.write('00:00:00', 80);
  bytes.write('Jan  1 2026', 96);
  bytes.write('v5.2', 112);
  return bytes;
}

function partitionTable(): Buffer {
  const rows = [
    row(0x01, 0x02, 0x9000, 0x6000, 'nvs'),
    row(0x01, 0x01, 0xf000, 0x1000, 'phy_init'),
    row(0x00, 0x00, 0x10000, 0x180000, 'factory'),
  ];
  const table = Buffer.concat(rows);
  const digest = Buffer.alloc(ROW_BYTES, 0xff);
  digest.write('ebeb', 0, 'hex');
  createHash('md5').update(table).digest().copy(digest, 16);
  const bytes = Buffer.alloc(TABLE_BYTES, 0xff);
  Buffer.concat([table, digest]).copy(bytes);
  return bytes;
}

function row(type: number, subtype: number, offset: number, size: number, label: string): Buffer {
  const bytes = Buffer.alloc(ROW_BYTES);
  bytes.writeUInt16LE(ROW_MAGIC, 0);
  bytes[2] = type;
  bytes[3] = subtype;
  bytes.writeUInt32LE(offset, 4);
  bytes.writeUInt32LE(size, 8);
  bytes.write(label, 12, 16);
  return bytes;
}

function codeOf(seed: string, length: number, compressible: boolean): Buffer {
  const random = createRandom(seed);
  const bytes = Buffer.alloc(Math.ceil(length / 4) * 4);
  for (let at = 0; at < bytes.length; at += 4) {
    const word = Math.floor(random.next() * 2 ** 32);
    bytes.writeUInt32LE(compressible ? word & 0x0f000f00 : word, at);
  }
  return bytes;
}
