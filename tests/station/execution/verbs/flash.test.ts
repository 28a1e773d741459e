import { createHash, randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { Fault } from '#shared/domain/fault.ts';
import { dialogueOf, findRecording, readRecording, type RunEvent, STATION_ITSELF } from '#station';
import { describedRecipe, parsedRecipe } from '../../../kit/recipes.ts';
import { startStation, type TestStation } from '../../../kit/station.ts';
import { simulated, type SimulatedUnits } from '../../../kit/units.ts';
import { soon } from '../../../support/patience.ts';
import { expectSameAgain } from '../replay/replay-support.ts';

let setup: TestStation<SimulatedUnits> | null = null;
afterEach(async () => {
  await setup?.[Symbol.asyncDispose]();
  setup = null;
});

const BOOT = Buffer.alloc(9000, 'boot ');
const APP = randomBytes(50_000);
const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/** A recipe whose units are empty: it flashes them, and identifies nothing. */
function flashRecipe(images: string): string {
  const steps = `- verb: flash\n  chip: esp32c3\n  images:\n${images}`;
  return describedRecipe(steps).replace(/ {2}- name: who\n.*\n.*\n/, '');
}

it('flashes a unit with the firmware of the batch and a file of the recipe, and a replay needs neither', async () => {
  const recipe = flashRecipe(
    `    - { from: recipe, file: boot.bin, offset: 0 }\n    - { from: firmware, offset: 0x10000 }`,
  );
  setup = await startStation({ units: simulated(1, { profile: 'esp32c3', timeScale: 0 }) });
  const { station, units } = setup;
  const folder = join(setup.dir, 'package');
  mkdirSync(folder);
  writeFileSync(join(folder, 'lamp.bin.ota'), APP);
  writeFileSync(join(folder, 'ota_cfg.json'), '{}');
  const { firmware } = await station.firmware.importFrom(
    [folder],
    {},
    () => undefined,
    STATION_ITSELF,
    soon(),
  );
  const { batchId } = station.batches.create(
    {
      recipe: parsedRecipe(recipe, { 'boot.bin': BOOT }),
      quantity: 9,
      firmwareSha256: firmware.firmwareId,
    },
    STATION_ITSELF,
  );
  const events: RunEvent[] = [];
  station.onRunEvent((_slot, event) => events.push(event));
  const started = { batchId, serialNumber: 'SN1', operator: 'Li', slot: 1 };
  const result = await station.startUnit(started).finished;
  expect(result.failure).toBeNull();
  expect(setup.values(result)).toMatchObject({
    'flash-chip': 'ESP32-C3',
    'flash-chip-id': units.chipOf(1),
    'flash-written': BOOT.length + APP.length,
    'flash-sha256:boot.bin': sha256(BOOT),
    'flash-sha256:lamp.bin.ota': sha256(APP),
    'flash-proof:boot.bin': 'md5',
  });
  const flash = readFileSync(units.simulator.inner.units[0]?.flash ?? '');
  expect(flash.subarray(0x1_0000, 0x1_0000 + APP.length).equals(APP)).toBe(true);
  const progress = events.flatMap((event) => (event.kind === 'flash' ? [event.progress] : []));
  expect(progress.at(-1)).toBeNull();
  expect(progress).toContainEqual(
    expect.objectContaining({ stage: 'verifying', image: 'lamp.bin.ota', doneBytes: APP.length }),
  );
  // The recording has the dialogue in words, and no image.
  const file = findRecording(setup.dataDir, result.runId);
  const recording = readRecording(file);
  expect(recording.header.recipeFiles).toEqual({ 'boot.bin': null });
  const comments = [...recording.entries.values()].filter(({ type }) => type === 'comment');
  expect(JSON.stringify(comments)).toContain('FLASH_BEGIN lamp.bin.ota at 0x10000');
  expect(readFileSync(file).length).toBeLessThan(40_000);
  // A person reads of each stage once, in words.
  const said = dialogueOf(recording).map(({ text }) => text);
  expect(said.filter((text) => text.startsWith('verifying lamp.bin.ota, '))).toHaveLength(1);
  expect(said.filter((text) => text.includes('"stage"'))).toEqual([]);
  await expectSameAgain(setup.dataDir, result, 1);
});

it('tells in the history of the unit how far a flash got that was stopped', async () => {
  setup = await startStation({
    units: simulated(1, { profile: 'esp32c3', timeScale: 0 }),
    recipe: parsedRecipe(flashRecipe(`    - { from: recipe, file: app.bin, offset: 0x10000 }`), {
      'app.bin': APP,
    }),
  });
  const { station } = setup;
  station.onRunEvent((slot, event) => {
    if (event.kind === 'flash' && event.progress?.stage === 'writing')
      station.slots.stop(slot, new Fault('cancelled', 'stopped by the operator'));
  });
  const result = await setup.run(1, 'SN1');
  expect(result).toMatchObject({ outcome: 'ABORTED', failure: { code: 'cancelled', step: 'flash' } });
  const { timeline } = await station.returns.find('SN1', soon());
  expect(timeline.map(({ kind }) => kind)).toEqual(['run-started', 'run-finished', 'flash-incomplete']);
  expect(timeline.at(-1)).toMatchObject({
    runId: result.runId,
    actor: expect.any(String),
    reached: { stage: 'writing', image: 'app.bin', totalBytes: APP.length, changed: true },
  });
});

it('is refused in a batch that names no firmware', async () => {
  const recipe = flashRecipe(`    - { from: firmware, offset: 0x10000 }`);
  await expect(startStation({ recipe })).rejects.toMatchObject({
    code: 'not-configured',
    message: expect.stringContaining('this batch names none'),
  });
});

it.each([
  ['    - { from: recipe, offset: 0 }', 'must name the file with from: recipe'],
  ['    - { from: firmware, offset: 100 }', '100 is not a multiple of 4096'],
  [
    '    - { from: firmware, offset: 4096 }\n    - { from: firmware, file: a.bin, offset: 4096 }',
    'another image begins at 4096 too',
  ],
])('is refused in a recipe that cannot work: %s', (images, message) => {
  expect(() => parsedRecipe(flashRecipe(images))).toThrow(message);
});
