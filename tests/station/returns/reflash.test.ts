import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, it, vi } from 'vitest';
import { Fault } from '#shared/domain/fault.ts';
import { readRecording, STATION_ITSELF } from '#station';
import { importVersion, versionIn } from '../../kit/esp-packages.ts';
import { parsedRecipe } from '../../kit/recipes.ts';
import { startStation, type TestStation } from '../../kit/station.ts';
import { simulated, type SimulatedUnits } from '../../kit/units.ts';
import { faultOf } from '../../support/fault-of.ts';
import { soon } from '../../support/patience.ts';

const RECIPE = readFileSync(new URL('../../../resources/recipes/esp32c3-nvs.yaml', import.meta.url), 'utf8');
const SUPPORT = { user: 'Chen', role: 'support' } as const;
const BECAUSE = { reason: 'came back with old firmware', approver: 'Wang' };

let setup: TestStation<SimulatedUnits> | null = null;
afterEach(async () => {
  await setup?.[Symbol.asyncDispose]();
  setup = null;
});

it('a returned unit gets other firmware and the same identity in one errand, and its timeline tells both', async () => {
  setup = await startStation({
    units: simulated(1, { profile: 'esp32c3', rfc2217: true, timeScale: 0 }),
    registry: 'real',
  });
  const { station, units, registry } = setup;
  const recipe = parsedRecipe(RECIPE);
  registry.seed(2, recipe.recipe.product);
  await station.pool.lease(recipe.recipe.product, 2, STATION_ITSELF, soon());
  const [old, next] = [await importVersion(setup, '1.0.0'), await importVersion(setup, '2.0.0')];
  const batch = { recipe, quantity: 9, firmwareSha256: old };
  const { batchId } = station.batches.create(batch, STATION_ITSELF);
  station.batches.select(batchId);

  // Its verdict does not allow it: nothing is flashed.
  const keep = { slot: 1, action: 'keep', firmwareId: next, ...BECAUSE } as const;
  expect(await faultOf(() => station.returns.act(keep, SUPPORT, soon()))).toMatchObject({
    code: 'bad-input',
    details: { action: 'keep', verdict: 'unknown' },
  });
  expect(versionIn(units)).toBe('\xff'.repeat(32));

  const started = { batchId, serialNumber: units.serialOf(1), operator: 'Li', slot: 1 };
  const made = await station.startUnit(started).finished;
  expect(made).toMatchObject({ outcome: 'PASS', failure: null });
  station.slots.acknowledge(1);

  const report = await station.returns.act(keep, SUPPORT, soon());
  expect(report).toMatchObject({
    chipId: made.chipId,
    bound: { deviceName: made.deviceName },
    reading: { holds: { deviceName: made.deviceName }, secretMatches: true },
  });
  expect(versionIn(units)).toBe('2.0.0');
  const flashed = report.timeline.filter(({ kind }) => kind === 'flashed');
  expect(flashed).toMatchObject([
    { source: 'run', runId: made.runId, actor: 'Li' },
    { source: 'audit', actor: 'Chen', note: expect.stringContaining(BECAUSE.reason) },
  ]);
  const [first, second] = flashed.map(({ images = [] }) =>
    images.find(({ name }) => name === 'lamp.bin.ota'),
  );
  expect(first).toMatchObject({ sha256: old, before: null });
  expect(second).toMatchObject({ sha256: next, before: expect.stringContaining('lamp 1.0.0') });

  // The firmware alone, back to the old version, at the speed that is remembered for the slot.
  station.baudRates.remember(1, setup.ports[0] ?? '', 921_600, 460_800);
  const back = await station.returns.flash(
    { slot: 1, firmwareId: old.slice(0, 12), ...BECAUSE },
    SUPPORT,
    soon(),
  );
  expect(back).toMatchObject({ bound: { deviceName: made.deviceName } });
  expect(versionIn(units)).toBe('1.0.0');
  expect(back.timeline.filter(({ kind }) => kind === 'flashed')).toHaveLength(3);
  expect(back.timeline.filter(({ kind }) => kind === 'flash-incomplete')).toEqual([]);
  expect(latestComments(setup)).toContainEqual(expect.stringMatching(/^begins at 460800 baud/));

  // A flash that is cancelled in the middle.
  const stop = new AbortController();
  const stages = watchTransfer(setup, (stage) => {
    if (stage === 'writing') stop.abort(new Fault('cancelled', 'given up'));
  });
  const again = { slot: 1, firmwareId: next, ...BECAUSE };
  expect(await faultOf(() => station.returns.flash(again, SUPPORT, stop.signal))).toMatchObject({
    code: 'cancelled',
  });
  expect(stages).toContain('writing');
  expect(stages.at(-1)).toBeNull();
  expect(station.slots.state.slots[0]?.transfer).toBeNull();
  const { timeline } = await station.returns.find(units.serialOf(1) ?? '', soon());
  expect(timeline.filter(({ kind }) => kind === 'flash-incomplete')).toMatchObject([
    { source: 'audit', actor: 'Chen', reached: { stage: 'writing', changed: true } },
  ]);
});

/** The lines about the protocol in the recording that was begun last. */
function latestComments({ dataDir }: TestStation): string[] {
  const dir = join(dataDir, 'recordings');
  const files = readdirSync(dir).map((name) => join(dir, name));
  const latest = files.toSorted((a, b) => statSync(a).birthtimeMs - statSync(b).birthtimeMs).at(-1) ?? '';
  return [...readRecording(latest).entries.values()].flatMap((entry) =>
    entry.type === 'comment' ? [entry.text] : [],
  );
}

/** The stages of transfers that the slot shows from now on; `onStage` is called with each. */
function watchTransfer(
  { station: { slots } }: TestStation,
  onStage: (stage: string | null) => void,
): (string | null)[] {
  const stages: (string | null)[] = [];
  const acquire = slots.acquire.bind(slots);
  vi.spyOn(slots, 'acquire').mockImplementation((slot) => {
    const acquired = acquire(slot);
    const showTransfer: typeof acquired.showTransfer = (transfer, id) => {
      acquired.showTransfer(transfer, id);
      stages.push(transfer?.stage ?? null);
      onStage(transfer?.stage ?? null);
    };
    return { ...acquired, showTransfer };
  });
  return stages;
}

it('is refused when the recipe of the batch flashes no package, or the firmware is unknown', async () => {
  setup = await startStation({
    units: simulated(1, { profile: 'esp32c3', rfc2217: true, timeScale: 0 }),
    recipe: RECIPE.replace(/^ *- verb: flash\n(?: {8,}.*\n)+/m, ''),
  });
  const { station } = setup;
  station.batches.select(setup.batchId);
  const flash = (firmwareId: string): Promise<unknown> =>
    station.returns.flash({ slot: 1, firmwareId, ...BECAUSE }, SUPPORT, soon());
  expect(await faultOf(() => flash('ab'.repeat(32)))).toMatchObject({ code: 'not-found' });
  const id = await importVersion(setup, '1.0.0');
  expect(await faultOf(() => flash(id))).toMatchObject({
    code: 'bad-input',
    message: expect.stringContaining('flashes no firmware package'),
  });
});
