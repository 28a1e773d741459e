import type { FaultFile } from '#simulator';
import type { FlashImage } from '../../station/devices/protocols/flashing/index.ts';
import type { RandomSource } from '../lib/random-source.ts';

export const PROFILES = ['esp32c3', 'esp32s3', 'esp32'] as const;
export type Profile = (typeof PROFILES)[number];
export type UnitFault = FaultFile['units'][string][number];

const SECTOR_BYTES = 4_096;
const LONGEST_IMAGE_BYTES = 120_000;
/** Where images begin, so that two do not overlap. */
const OFFSETS = [0x1000, 0x3_0000, 0x6_0000];

/** One flash of the torture: who is flashed with what, and what goes wrong. */
export interface DrawnFlash {
  readonly profile: Profile;
  readonly stub: boolean;
  readonly images: readonly FlashImage[];
  readonly faults: readonly UnitFault[];
}

/** Draws a flash. At least two of three have a fault, and some have two. */
export function drawFlash(random: RandomSource): DrawnFlash {
  const count = random.between(1, 2);
  const images = OFFSETS.slice(0, count).map((offset, at) => drawImage(random, offset, `image ${at + 1}`));
  const faults = Array.from(
    {
      length: random.pickWeighted([
        [3, 0],
        [5, 1],
        [2, 2],
      ]),
    },
    () => drawFault(random, images),
  );
  const kinds = new Set<string>();
  return {
    profile: random.pick(PROFILES),
    stub: random.chance(0.7),
    images,
    faults: faults.filter(({ fault }) => !kinds.has(fault) && kinds.add(fault)),
  };
}

function drawImage(random: RandomSource, offset: number, name: string): FlashImage {
  const length = random.between(1, LONGEST_IMAGE_BYTES);
  const noise = Buffer.from(random.bytes(length));
  // Real images compress a little, a lot, or not at all.
  const mask = random.pick([0xff, 0xff, 0x1f, 0x01]);
  return { name, offset, bytes: mask === 0xff ? noise : noise.map((byte) => byte & mask) };
}

function drawFault(random: RandomSource, images: readonly FlashImage[]): UnitFault {
  const from = random.pick(['station', 'station', 'unit'] as const);
  const total = images.reduce((sum, { bytes }) => sum + bytes.length, 8_000);
  // The unit sends little: a reply of some bytes for each block.
  const afterBytes = random.below(from === 'station' ? total : 1_500);
  const times = random.pick([1, 1, 2]);
  const { offset, bytes } = random.pick(images);
  const inImage = offset + random.below(bytes.length);
  const count = random.between(1, 3);
  return random.pick<() => UnitFault>([
    () => ({ fault: 'lose-bytes', from, afterBytes, count, times }),
    () => ({ fault: 'change-bytes', from, afterBytes, count, mask: random.between(1, 255), times }),
    () => ({ fault: 'late-bytes', from, afterBytes, ms: random.between(20, 3_000), times }),
    () => ({ fault: 'stall', from, afterBytes, times: 1 }),
    () => ({ fault: 'unplug', afterBytes: Math.max(1, random.below(total)), times: 1 }),
    () => ({ fault: 'reboot', afterBytes: Math.max(1, random.below(total)), times: 1 }),
    () => ({ fault: 'garbage', bytes: random.between(1, 64), times }),
    () => ({ fault: 'wrong-baud', baudRate: random.pick([115_200, 460_800, 921_600]) }),
    () => ({ fault: 'flash-brown-out', offset: inImage, times: 1 }),
    () => ({ fault: 'flash-sector-stuck', offset: inImage - (inImage % SECTOR_BYTES) }),
    () => ({ fault: 'flash-bit-stuck', offset: inImage, bit: random.below(8) }),
    () => ({ fault: 'flash-small', bytes: 0x4_0000 }),
    () => ({
      fault: 'chip-locked',
      by: random.pick(['secure-download', 'flash-encryption', 'secure-boot'] as const),
    }),
  ])();
}
