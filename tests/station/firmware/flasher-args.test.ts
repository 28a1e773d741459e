import { randomBytes } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createFirmwareContents } from '../../../station/firmware/index.ts';
import { readFlashFiles } from '../../../station/firmware/read-flash-files.ts';
import { faultOf } from '../../support/fault-of.ts';
import { type FirmwareSetup, openFirmware, sha256 } from './firmware-setup.ts';

let setup: FirmwareSetup;
beforeEach(() => {
  setup = openFirmware();
});
afterEach(() => setup[Symbol.asyncDispose]());

const FILES = {
  'lamp.bin': randomBytes(5000),
  'bootloader/bootloader.bin': randomBytes(3000),
  'partition_table/partition-table.bin': randomBytes(3072),
};
/** As ESP-IDF writes it. */
const ARGS = {
  write_flash_args: ['--flash_mode', 'dio', '--flash_size', '4MB', '--flash_freq', '80m'],
  flash_settings: { flash_mode: 'dio', flash_size: '4MB', flash_freq: '80m' },
  flash_files: {
    '0x10000': 'lamp.bin',
    '0x0': 'bootloader/bootloader.bin',
    '0x8000': 'partition_table/partition-table.bin',
  },
  bootloader: { offset: '0x0', file: 'bootloader/bootloader.bin', encrypted: 'false' },
  app: { offset: '0x10000', file: 'lamp.bin', encrypted: 'false' },
  'partition-table': { offset: '0x8000', file: 'partition_table/partition-table.bin', encrypted: 'false' },
  extra_esptool_args: { after: 'hard_reset', before: 'default_reset', stub: true, chip: 'esp32c3' },
};

/** The folder of a build; other files of it are left out of the package. */
function build(args: unknown, inside = ''): string {
  const folder = join(setup.dir, `build-${randomBytes(4).toString('hex')}`);
  const write = (path: string, content: string | Buffer): void => {
    const file = join(folder, inside, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, content);
  };
  for (const [path, content] of Object.entries(FILES)) write(path, content);
  write('flasher_args.json', typeof args === 'string' ? args : JSON.stringify(args));
  write('project_description.json', '{}');
  return folder;
}

it('a build of ESP-IDF is a firmware whose images and offsets come from its list', async () => {
  const { firmware, skippedFiles } = await setup.import(build(ARGS, 'esp32c3/build'));
  expect(firmware).toMatchObject({ firmwareId: sha256(FILES['lamp.bin']), fileName: 'lamp.bin' });
  expect(skippedFiles).toEqual([]);
  const contents = createFirmwareContents(setup.database, setup.dataDir);
  const sources = {
    files: new Map<string, Uint8Array>(),
    readFirmware: (path: string | null, maxBytes: number) =>
      contents.read(firmware.firmwareId, path, maxBytes),
  };
  const step = { chip: 'esp32c3', images: [{ from: 'flasher-args', offset: 0 }] } as const;
  const { images, updater } = await readFlashFiles({ ...step, images: [...step.images] }, sources);
  expect(updater).toBeNull();
  expect(images.map(({ name, offset, bytes }) => [name, offset, sha256(Buffer.from(bytes))])).toEqual([
    ['bootloader/bootloader.bin', 0, sha256(FILES['bootloader/bootloader.bin'])],
    ['partition_table/partition-table.bin', 0x8000, sha256(FILES['partition_table/partition-table.bin'])],
    ['lamp.bin', 0x1_0000, sha256(FILES['lamp.bin'])],
  ]);
  // Another chip than that of the build.
  const other = { chip: 'esp32s3' as const, images: [...step.images] };
  expect(await faultOf(() => readFlashFiles(other, sources))).toMatchObject({
    code: 'bad-input',
    message: 'this firmware is for esp32c3, and the recipe flashes esp32s3',
  });
});

const files = (changes: Record<string, string>): object => ({
  ...ARGS,
  flash_files: { ...ARGS.flash_files, ...changes },
});

it.each<[unknown, string]>([
  ['{', 'line 1: it '],
  [[], 'is missing or is not what ESP-IDF writes'],
  [{ ...ARGS, app: undefined }, 'app is missing'],
  [{ ...ARGS, flash_files: {} }, 'flash_files names no image'],
  [files({ '0x20001': 'lamp.bin' }), '"0x20001" is not an offset'],
  [files({ '0x1000000': 'lamp.bin' }), '"0x1000000" is not an offset'],
  [files({ ten: 'lamp.bin' }), '"ten" is not an offset'],
  [files({ '0x20000': '../secret.bin' }), '"../secret.bin" is not a path inside of the folder'],
  [files({ '0x20000': 'C:\\secret.bin' }), 'is not a path inside of the folder'],
  [files({ '65536': 'bootloader/bootloader.bin' }), 'two images begin at'],
  [files({ '0x20000': 'lost.bin' }), 'the package has no file "lost.bin"'],
  [files({ '0x11000': 'bootloader/bootloader.bin' }), '"bootloader/bootloader.bin" at 0x11000 overlaps'],
  [files({ '0xfff000': 'lamp.bin' }), '"lamp.bin" has 5000 bytes, and does not fit at 0xfff000'],
  [{ ...ARGS, app: { ...ARGS.app, file: 'else.bin' } }, 'the file of "app" is not in flash_files'],
  [{ ...ARGS, app: { ...ARGS.app, encrypted: 'true' } }, 'an image is marked as encrypted'],
  [' '.repeat(70_000), 'it has 70000 bytes, more than 65536'],
])('a list that cannot be flashed is refused with its reason (%#)', async (args, reason) => {
  const fault = await faultOf(() => setup.import(build(args)));
  expect(fault).toMatchObject({ code: 'firmware-invalid', details: { reason: 'flasher-args' } });
  expect(fault.message).toContain(reason);
  expect(fault.message).not.toContain('\n');
  expect(setup.contents()).toEqual([]);
});
