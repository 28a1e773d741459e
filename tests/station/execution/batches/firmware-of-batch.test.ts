import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type Station, STATION_ITSELF } from '#station';
import { describedRecipe, parsedRecipe } from '../../../kit/recipes.ts';
import { startStation, type TestStation } from '../../../kit/station.ts';
import { simulated, type SimulatedUnits } from '../../../kit/units.ts';
import { faultOf } from '../../../support/fault-of.ts';
import { soon } from '../../../support/patience.ts';

const APP = Buffer.alloc(5000, 'app ');
const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
const FLASH = `- verb: flash
  chip: esp32c3
  images:
    - { from: firmware, file: bootloader.bin, offset: 0 }
    - { from: firmware, offset: 0x10000 }`;
/** The unit is empty: the recipe identifies nothing. */
const recipeOf = (steps: string): string => describedRecipe(steps).replace(/ {2}- name: who\n.*\n.*\n/, '');

let setup: TestStation<SimulatedUnits>;
beforeEach(async () => {
  setup = await startStation({ units: simulated(1, { profile: 'esp32c3', rfc2217: true, timeScale: 0 }) });
});
afterEach(() => setup[Symbol.asyncDispose]());

/** Imports the same application with other files beside it; returns its id. */
async function importWith(files: Readonly<Record<string, Uint8Array>>): Promise<string> {
  const folder = join(setup.dir, 'package');
  mkdirSync(folder, { recursive: true });
  const all = { 'lamp.bin.ota': APP, 'ota_cfg.json': Buffer.from('{}'), ...files };
  for (const [name, bytes] of Object.entries(all)) writeFileSync(join(folder, name), bytes);
  const { importFrom } = setup.station.firmware;
  return (await importFrom([folder], {}, () => undefined, STATION_ITSELF, soon())).firmware.firmwareId;
}

function makeBatch(station: Station, firmwareSha256: string, steps = FLASH): string {
  const batch = { recipe: parsedRecipe(recipeOf(steps)), quantity: 9, firmwareSha256 };
  return station.batches.create(batch, STATION_ITSELF).batchId;
}

it('units get the files that the package had when their batch was made, whatever is imported later', async () => {
  const [old, next] = [Buffer.alloc(3000, 'old '), Buffer.alloc(3000, 'new ')];
  const firmwareId = await importWith({ 'bootloader.bin': old });
  const before = makeBatch(setup.station, firmwareId);
  expect(await importWith({ 'bootloader.bin': next })).toBe(firmwareId);
  const after = makeBatch(setup.station, firmwareId);

  // A start removes contents that nothing names.
  await setup.restart();
  expect(existsSync(join(setup.dataDir, 'firmware', sha256(old)))).toBe(true);
  for (const [batchId, serialNumber, boot] of [
    [after, 'SN1', next],
    [before, 'SN2', old],
  ] as const) {
    const started = { batchId, serialNumber, operator: 'Li', slot: 1 };
    const result = await setup.station.startUnit(started).finished;
    expect(result.failure).toBeNull();
    expect(setup.values(result)).toMatchObject({ 'flash-sha256:bootloader.bin': sha256(boot) });
    setup.station.slots.acknowledge(1);
  }
});

it.each([
  [FLASH, 'bootloader.bin'],
  [FLASH.replace(/- \{ from: firmware, file.*\n.*/, '- { from: flasher-args }'), 'flasher_args.json'],
  ["- { verb: run-tool, command: [vendor, '{firmware:boot.hex}'] }", 'boot.hex'],
])('a batch is not made with a package that lacks a file of its recipe (%#)', async (steps, file) => {
  const firmwareId = await importWith({ 'readme.txt': Buffer.from('no boot loader') });
  const fault = await faultOf(() => Promise.resolve(makeBatch(setup.station, firmwareId, steps)));
  expect(fault).toMatchObject({
    code: 'firmware-file-missing',
    message: `firmware package package has no file ${file}`,
    details: { file, package: 'package' },
  });
  expect(setup.station.batches.state().batches).toEqual([]);
});
