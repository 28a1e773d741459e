import { verbText as text } from '../texts/verb-texts.ts';
import { shape } from '../texts/shape-texts.ts';
import { z } from 'zod';
import { FLASH_CHIPS, FLASH_MAX_BYTES, isEspressif, needsUpdater, takesOneFile } from '../../domain/flash.ts';
import { recipeFile, stepCommon } from '../common.ts';
import type { Mistake } from '../mistake.ts';
import { defineVerb } from './verb.ts';

/** Flash is erased in whole sectors. */
const SECTOR_BYTES = 4096;
/**
 * Room for the largest image at the lowest speed. The protocols have limits of their own, from the size of the images and
 * the speed of the port, which end sooner.
 */
const LONGEST_MS = 2_400_000;

/** What the vendors call the program that the chip runs while it is flashed. */
const UPDATER_FILES: Readonly<Record<string, string>> = {
  ci130x: 'ci130x_updater.bin',
  bl602: 'eflash_loader_40m.bin',
};

const source = {
  /** `firmware`: of the firmware package of the batch. `recipe`: a file in the folder of the recipe. */
  from: z.enum(['firmware', 'recipe']),
};

const image = z
  .strictObject({
    /** `flasher-args`: all images that the `flasher_args.json` of the firmware package names, at its offsets. */
    from: z.enum(['firmware', 'recipe', 'flasher-args']),
    /** Name of the file; the firmware itself when left out. */
    file: recipeFile.optional(),
    offset: z
      .int()
      .min(0)
      .max(FLASH_MAX_BYTES - 1)
      .default(0),
  })
  .refine(({ from, file }) => from !== 'recipe' || file !== undefined, {
    path: ['file'],
    message: shape('shape-flash-file'),
  });

/** The list of a build says files and offsets itself. */
function* mistakesOfList(
  chip: (typeof FLASH_CHIPS)[number],
  images: readonly z.output<typeof image>[],
): Iterable<Mistake> {
  const index = images.findIndex(({ from }) => from === 'flasher-args');
  const { file, offset = 0 } = images[index] ?? {};
  if (images.length > 1) yield { path: ['images', index], message: text('flash-list-alone') };
  if (file !== undefined || offset !== 0) yield { path: ['images', index], message: text('flash-list-keys') };
  if (!isEspressif(chip)) yield { path: ['images', index], message: text('flash-list-chip', chip) };
}

export const flash = defineVerb({
  verb: 'flash',
  step: z.strictObject({
    verb: z.literal('flash'),
    ...stepCommon,
    chip: z.enum(FLASH_CHIPS),
    images: z.array(image).min(1).max(16),
    updater: z.strictObject({ ...source, file: recipeFile }).optional(),
    baudRate: z.int().min(9600).max(4_000_000).default(921_600),
    verify: z.literal([true, 'auto', 'read-back'], shape('shape-flash-verify')).default('auto'),
  }),
  lacks: ({ echo }) => (echo ? text('flash-echo') : null),
  deviceMs: () => LONGEST_MS,
  literalKeys: ['chip', 'images', 'updater', 'verify'],
  *mistakes({ chip, images, updater, verify }): Iterable<Mistake> {
    if (updater === undefined && needsUpdater(chip))
      yield { path: [], message: text('flash-updater-missing', chip, UPDATER_FILES[chip] ?? '') };
    if (updater !== undefined && !needsUpdater(chip))
      yield { path: ['updater'], message: text('flash-updater-unused', chip) };
    if (verify === 'read-back' && !isEspressif(chip))
      yield { path: ['verify'], message: text('flash-no-read-back', chip) };
    if (images.some(({ from }) => from === 'flasher-args')) {
      yield* mistakesOfList(chip, images);
      return;
    }
    if (takesOneFile(chip)) {
      if (images.length > 1) yield { path: ['images', 1], message: text('flash-one-file', chip) };
      const [first] = images;
      if (first !== undefined && first.offset !== 0)
        yield { path: ['images', 0, 'offset'], message: text('flash-no-offset', chip) };
      return;
    }
    for (const [index, { offset }] of images.entries()) {
      const path = ['images', index, 'offset'];
      if (offset % SECTOR_BYTES !== 0) yield { path, message: text('flash-offset', offset, SECTOR_BYTES) };
      else if (images.slice(0, index).some((earlier) => earlier.offset === offset))
        yield { path, message: text('flash-offset-twice', offset) };
    }
  },
  doc: {
    about: `Writes images into the flash of the unit through the boot loader of its chip, and proves that the flash holds
them. What the flash holds already is not written again. It needs no \`identify\` before it: the unit may be empty.`,
    example: `- verb: flash
  chip: esp32c3
  images:
    - { from: firmware, file: bootloader.bin, offset: 0x0 }
    - { from: firmware, offset: 0x10000 }`,
    keys: {
      chip: {
        about:
          'The chip. A unit with another one is refused before anything is written; `auto` takes each of the ESP32 family. docs/devices/boot-loaders.md says how far the protocol of each chip is verified.',
      },
      images: {
        about: 'What is written, in this order.',
        examples: [['{ from: firmware, offset: 65536 }']],
      },
      'images.from': {
        about:
          '`firmware`: a file of the firmware package of the batch. `recipe`: a file in the folder of the recipe. `flasher-args`: all images that the `flasher_args.json` of the package names, at its offsets.',
      },
      'images.file': {
        about: 'Name of the file. Left out with `from: firmware`: the firmware of the package itself.',
        examples: ['bootloader.bin'],
      },
      'images.offset': {
        about:
          'Where the image begins in the flash, in bytes. A chip without addresses takes one image at 0.',
        examples: [0, 65_536],
      },
      updater: {
        about:
          "A program of the chip's vendor that the chip runs from its RAM while it is flashed: `ci130x_updater.bin` of a CI130x, `eflash_loader_40m.bin` of a BL602. It is not part of Gongwei: get it from the vendor.",
        examples: [{ from: 'recipe', file: 'ci130x_updater.bin' }],
      },
      'updater.from': { about: 'As `images.from`.' },
      'updater.file': { about: 'Name of the file.', examples: ['ci130x_updater.bin'] },
      baudRate: {
        about: 'Highest speed of the transfer in baud. After errors a lower one is tried.',
        examples: [921_600],
      },
      verify: {
        about:
          '`auto` or `true`: the quickest proof that the chip has, for example the MD5 of each image. `read-back`: every byte is read back too. A flash is never left without a proof.',
      },
    },
  },
});
