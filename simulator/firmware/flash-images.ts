import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { crc16, partitionTable, TABLE_ADDRESSES } from '../parts/ci130x/index.ts';

/** Small images for simulated chips, which stand for the files of the vendors. No chip of a vendor runs them. */
export interface SampleImages {
  /** Files by their name. */
  readonly [file: string]: Buffer;
}

const CI130X_PARTITIONS = [
  { address: 0xa000, size: 0x400 },
  { address: 0xb000, size: 0x400 },
  { address: 0xc000, size: 0x200 },
  { address: 0xd000, size: 0x300 },
  { address: 0xe000, size: 0x100 },
  { address: 0xf000, size: 0 },
];
const CI130X_BYTES = 0xf000;
const LOADER_ADDRESS = 0x2201_0000;
const BOOT_HEADER_BYTES = 176;

/** The images of the sample recipes in `resources/recipes`. */
export function sampleImages(): SampleImages {
  return {
    'su03t-sample_update.bin': Buffer.concat([Buffer.from('jx_su_03t_release_v1.0.4\0'), filler(2_500, 3)]),
    'ci03t-sample.bin': ci130xFirmware('jx_ci_03t_firmware_v1.0.4'),
    'ci130x-sample-updater.bin': filler(1_000, 5),
    'bl602-sample-loader.bin': ramProgram(filler(1_000, 7)),
    'jx12f-sample-boot2.bin': filler(1_500, 11),
    'jx12f-sample-partition.bin': filler(272, 13),
    'jx12f-sample-firmware.bin': filler(5_000, 17),
    'jx12f-sample-factory.bin': filler(600, 19),
  };
}

/** A whole firmware of a CI-03T: the tables and small partitions; FF where a station writes nothing. */
function ci130xFirmware(software: string): Buffer {
  const file = Buffer.alloc(CI130X_BYTES, 0xff);
  const partitions = CI130X_PARTITIONS.map(({ address, size }, index) => {
    filler(size, index).copy(file, address);
    return { address, size, crc: crc16(file.subarray(address, address + size)) };
  });
  const table = partitionTable({ mac: '00:00:00:00:00:00', hardware: 'CI-03T', software }, partitions);
  for (const address of TABLE_ADDRESSES) table.copy(file, address);
  return file;
}

/** A program of one segment in the format of a BL602's boot ROM: boot header, segment header, data. */
export function ramProgram(data: Buffer): Buffer {
  const segment = Buffer.alloc(16);
  segment.writeUInt32LE(LOADER_ADDRESS, 0);
  segment.writeUInt32LE(data.length, 4);
  segment.writeUInt32LE(crc32(segment.subarray(0, 12)), 12);
  const header = Buffer.alloc(BOOT_HEADER_BYTES);
  header.write('BFNP');
  header.writeUInt32LE(1, 120);
  createHash('sha256').update(segment).update(data).digest().copy(header, 132);
  header.writeUInt32LE(crc32(header.subarray(0, 172)), 172);
  return Buffer.concat([header, segment, data]);
}

/** Bytes that differ from place to place and from image to image. */
function filler(length: number, seed: number): Buffer {
  return Buffer.from(Array.from({ length }, (_, at) => (at * 29 + seed * 31 + (at >> 8)) & 0xff));
}
