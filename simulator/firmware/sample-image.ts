import type { SimulatedUnit } from '#shared/domain/simulated-unit.ts';
import { makeEspFirmware } from './esp-firmware.ts';
import { sampleImages } from './flash-images.ts';

/** Where an image belongs: its offset in the flash, or the program that the chip runs while it is flashed. */
export type ImagePlace = number | 'updater';

/** Stands for what a simulated unit has no use for. */
const FILLER = Buffer.alloc(256, 'gongwei sample ');

const BL602_FILES = new Map<ImagePlace, string>([
  [0x0, 'jx12f-sample-boot2.bin'],
  [0xe000, 'jx12f-sample-partition.bin'],
  [0x10000, 'jx12f-sample-firmware.bin'],
  [0x1f8000, 'jx12f-sample-factory.bin'],
  ['updater', 'bl602-sample-loader.bin'],
]);

/** An image that a simulated unit runs when it is written to this place; bytes without a meaning for any other place. */
export function sampleImage(profile: SimulatedUnit, place: ImagePlace): Buffer {
  switch (profile) {
    case 'esp32c3':
    case 'esp32s3':
    case 'esp32':
      return (
        makeEspFirmware({ chip: profile, version: '1.0.0' }).find(({ offset }) => offset === place)?.bytes ??
        FILLER
      );
    case 'ci130x':
      return sampleFile(place === 'updater' ? 'ci130x-sample-updater.bin' : 'ci03t-sample.bin');
    case 'xmodem':
      return sampleFile('su03t-sample_update.bin');
    case 'bl602':
      return sampleFile(BL602_FILES.get(place) ?? '');
    default:
      return FILLER;
  }
}

function sampleFile(name: string): Buffer {
  return sampleImages()[name] ?? FILLER;
}
