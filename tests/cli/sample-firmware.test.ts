import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readFlasherArgs } from '#shared/domain/flasher-args.ts';
import { SIMULATED_UNITS } from '#shared/domain/simulated-unit.ts';
import { makeEspFirmware, sampleImage } from '#simulator';
import { sampleMembers } from '../../cli/try/sample-firmware.ts';
import { invoke } from '../kit/in-process.ts';
import { describedRecipe, parsedRecipe } from '../kit/recipes.ts';
import { tempDir } from '../support/temp-dir.ts';

const recipes = new URL('../../resources/recipes/', import.meta.url);

it('sim firmware writes a package that firmware import takes, with the images beside the application', async () => {
  using dir = tempDir('sample-firmware');
  const folder = join(dir.path, 'package');
  const made = await invoke('sim', 'firmware', folder, '--version', '1.2.3', '--json');
  const imported = await invoke('firmware', 'import', folder, '--data', join(dir.path, 'data'), '--json');
  expect(imported).toMatchObject({ status: 0 });
  expect(imported.events.at(-1)).toMatchObject({
    productId: 'GWESP32001',
    version: '1.2.3',
    sha256: made.events[0]?.['sha256'],
    skippedFiles: [],
  });
  const shown = await invoke(
    'firmware',
    'show',
    String(made.events[0]?.['sha256']),
    '--data',
    join(dir.path, 'data'),
  );
  expect(shown.stdout).toMatch(/bootloader\.bin, \d+ bytes\n {2}partition-table\.bin, 3072 bytes/);
  for (const wrong of [
    ['--product', 'a b'],
    ['--version', 'x'.repeat(32)],
    ['--chip', 'esp8266'],
  ])
    expect((await invoke('sim', 'firmware', folder, ...wrong)).status).not.toBe(0);
});

describe('the firmware of a dry run', () => {
  const flash = (images: string, chip = 'esp32s3') =>
    describedRecipe(`- { verb: flash, chip: ${chip}, images: [${images}] }`);
  const members = (recipe: string, unit: (typeof SIMULATED_UNITS)[number] = 'esp32s3') =>
    sampleMembers(parsedRecipe(recipe).recipe, unit)?.map(({ path, bytes }) => [path, bytes]);

  it('has the files that the recipe names, each with what the chip runs at its offset', () => {
    const [boot, table, application] = makeEspFirmware({ chip: 'esp32s3', version: '1.0.0' }).map(
      ({ bytes }) => bytes,
    );
    const named = `{ from: firmware, file: boot.bin, offset: 0x0 }, { from: firmware, file: data/parts.bin, offset: 0x8000 },
      { from: firmware, file: lamp.bin.ota, offset: 0x10000 }`;
    expect(members(flash(named))).toEqual([
      ['lamp.bin.ota', application],
      ['boot.bin', boot],
      ['data/parts.bin', table],
    ]);
    // Without the firmware itself a package has one all the same.
    expect(members(flash('{ from: firmware, file: boot.bin, offset: 0x0 }'))?.map(([path]) => path)).toEqual([
      'sample.bin.ota',
      'boot.bin',
    ]);
  });

  it('has the images of a build and their list for a step that writes what it names', () => {
    const made = members(flash('{ from: flasher-args }')) ?? [];
    expect(made.map(([path]) => path)).toEqual([
      'sample.bin.ota',
      'bootloader.bin',
      'partition-table.bin',
      'flasher_args.json',
    ]);
    const [boot, table, application] = makeEspFirmware({ chip: 'esp32s3', version: '1.0.0' });
    expect(made.slice(0, 3).map(([, bytes]) => bytes)).toEqual([application.bytes, boot.bytes, table.bytes]);
    expect(readFlasherArgs(JSON.parse(String(made[3]?.[1])))).toMatchObject({
      app: 'sample.bin.ota',
      images: [{ offset: 0 }, { offset: 0x8000 }, { offset: 0x1_0000 }],
    });
  });

  it('is left out when no step writes firmware of the batch', () => {
    expect(sampleMembers({ phases: [] }, 'esp32c3')).toBeNull();
  });

  it('has for each chip the images of its sample recipe', () => {
    const shipped = (name: string) => readFileSync(new URL(name, recipes));
    expect(sampleImage('ci130x', 0)).toEqual(shipped('ci03t-sample.bin'));
    expect(sampleImage('ci130x', 'updater')).toEqual(shipped('ci130x-sample-updater.bin'));
    expect(sampleImage('xmodem', 0)).toEqual(shipped('su03t-sample_update.bin'));
    expect(sampleImage('bl602', 0x10000)).toEqual(shipped('jx12f-sample-firmware.bin'));
    expect(sampleImage('bl602', 'updater')).toEqual(shipped('bl602-sample-loader.bin'));
    for (const unit of SIMULATED_UNITS) expect(sampleImage(unit, 0x200000).length).toBeGreaterThan(0);
  });
});
