import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { STATION_ITSELF } from '#station';
import { NVS_DEVICE, parsedRecipe } from '../../kit/recipes.ts';
import { startStation, type TestStation } from '../../kit/station.ts';
import { faultOf } from '../../support/fault-of.ts';
import { soon } from '../../support/patience.ts';
import { EspUnits } from '../devices/protocols/esp/esp-units.ts';

const SUPPORT = { user: 'Chen', role: 'support' } as const;
const BECAUSE = { slot: 1, reason: 'came back with old firmware', approver: 'Wang' };
const TEST_APP = Buffer.alloc(5000, 'for the test of the unit ');
const APP = Buffer.alloc(6000, 'for the customer ');
const BOOT = Buffer.alloc(4000, 'boot loader ');

const TEST_STEP =
  '{ verb: flash, name: test, chip: esp32c3, images: [{ from: recipe, file: test.bin, offset: 0x10000 }] }';
const BOOT_STEP =
  '{ verb: flash, name: boot, chip: esp32c3, images: [{ from: firmware, file: boot.bin, offset: 0 }] }';
const APP_STEP = '{ verb: flash, name: app, chip: esp32c3, images: [{ from: firmware, offset: 0x10000 }] }';

async function reflash(steps: readonly string[]): Promise<{
  readonly setup: TestStation<EspUnits>;
  readonly firmwareId: string;
}> {
  const setup = await startStation({ units: () => Promise.resolve(new EspUnits()) });
  const folder = join(setup.dir, 'package');
  mkdirSync(folder);
  writeFileSync(join(folder, 'app.bin.ota'), APP);
  writeFileSync(join(folder, 'boot.bin'), BOOT);
  writeFileSync(join(folder, 'ota_cfg.json'), '{}');
  const { station } = setup;
  const by = STATION_ITSELF;
  const { firmware } = await station.firmware.importFrom([folder], {}, () => undefined, by, soon());
  const recipe = parsedRecipe(
    `${NVS_DEVICE}  - name: flash
    kind: setup
    steps: [${[...steps, '{ verb: identify }'].join(', ')}]
`,
    { 'test.bin': TEST_APP },
  );
  const batch = { recipe, quantity: 9, firmwareSha256: firmware.firmwareId };
  station.batches.select(station.batches.create(batch, by).batchId);
  return { setup, firmwareId: firmware.firmwareId };
}

describe('a returned unit whose recipe has several flash steps', () => {
  it('gets what the package has, and not the program that the line tests it with', async () => {
    const { setup, firmwareId } = await reflash([TEST_STEP, BOOT_STEP, APP_STEP]);
    await using _closed = setup;
    const { station, units } = setup;
    const report = await station.returns.flash({ ...BECAUSE, firmwareId }, SUPPORT, soon());
    expect(units.chip.flash.subarray(0, BOOT.length).equals(BOOT)).toBe(true);
    expect(units.chip.flash.subarray(0x1_0000, 0x1_0000 + APP.length).equals(APP)).toBe(true);
    const flashed = report.timeline.filter(({ kind }) => kind === 'flashed');
    expect(flashed.flatMap(({ images = [] }) => images.map(({ name }) => name))).toEqual([
      'boot.bin',
      'app.bin.ota',
    ]);
  });

  it.each([
    ['no step writes a package', [TEST_STEP], 'flashes no firmware package'],
    [
      'conditions decide which step does',
      [
        BOOT_STEP,
        APP_STEP.replace('name: app', "name: app, runIf: { value: '{serialNumber}', equals: SN000001 }"),
      ],
      'conditions of the recipe decide',
    ],
  ])('is not flashed when %s', async (_, steps, message) => {
    const { setup, firmwareId } = await reflash(steps);
    await using _closed = setup;
    const { station, units } = setup;
    const work = (): Promise<unknown> => station.returns.flash({ ...BECAUSE, firmwareId }, SUPPORT, soon());
    expect(await faultOf(work)).toMatchObject({
      code: 'bad-input',
      message: expect.stringContaining(message),
    });
    expect(units.chip.flash.subarray(0x1_0000).every((byte) => byte === 0xff)).toBe(true);
  });
});
