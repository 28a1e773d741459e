import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { makeEspFirmware, readFlashRecord, writeEspPackage } from '#simulator';
import { type Station, STATION_ITSELF } from '#station';
import { createRandomSource } from '../../bench/lib/random-source.ts';
import { startCommand, writeSerials } from '../kit/command-line.ts';
import { sampleRecipe } from '../kit/recipes.ts';
import { openStation, startStation, type TestStation } from '../kit/station.ts';
import { simulated, type SimulatedUnits } from '../kit/units.ts';
import { LONG } from '../support/depth.ts';
import { soon } from '../support/patience.ts';
import { until } from '../support/until.ts';

const FIRMWARE = { chip: 'esp32c3', version: '1.0.0', codeBytes: 100_000 } as const;
const IMAGES = makeEspFirmware(FIRMWARE);
const APP = IMAGES[2];
const APP_FILE = 'gongwei-sample.bin.ota';
const SERIAL = 'SN000001';
const RANDOM_KILLS = 12;

interface Line {
  readonly type: string;
  readonly key?: string;
  readonly request?: number;
  readonly name?: string;
  readonly value?: { readonly stage?: string; readonly image?: string; readonly doneBytes?: number };
}

interface Prepared {
  readonly setup: TestStation<SimulatedUnits>;
  /** The command that runs the unit. */
  readonly run: readonly string[];
  readonly dataDir: string;
  readonly units: SimulatedUnits;
  readonly slots: SimulatedUnits['slots'];
  readonly batchId: string;
}

/** One station with one unit on a pseudo-terminal, which has no control lines. Its flash takes a second. */
async function prepare(): Promise<Prepared> {
  const recipe = await sampleRecipe('esp32c3-nvs.yaml');
  const { product } = recipe.recipe;
  const setup = await startStation({
    units: simulated(1, { profile: 'esp32c3', timeScale: 1, flashTimes: { sectorEraseMs: 20 } }),
    registry: 'real',
  });
  const { station, registry, dir, dataDir, units } = setup;
  registry.seed(2, product);
  await station.pool.lease(product, 2, STATION_ITSELF, soon());
  const written = await writeEspPackage(join(dir, 'package'), { ...FIRMWARE, productId: product });
  const imported = await station.firmware.importFrom(
    [written.dir],
    {},
    () => undefined,
    STATION_ITSELF,
    soon(),
  );
  const firmwareSha256 = imported.firmware.sha256;
  const { batchId } = station.batches.create({ recipe, quantity: 9, firmwareSha256 }, STATION_ITSELF);
  const [port = ''] = setup.ports;
  await setup.close();
  const serials = writeSerials(dir, [SERIAL]);
  const run = ['run', '--data', dataDir, '--batch', batchId, '--slot', port, '--serials', serials, '--json'];
  return { setup, run, dataDir, units, batchId, slots: units.slots };
}

/** The lines of the recording of the only run, as far as they are on the disk. */
function recorded(dataDir: string): readonly Line[] {
  const folder = join(dataDir, 'recordings');
  const [name] = existsSync(folder) ? readdirSync(folder).filter((file) => file.endsWith('.jsonl')) : [];
  if (name === undefined) return [];
  const whole = readFileSync(join(folder, name), 'utf8').split('\n').slice(0, -1);
  return whole.map((line) => JSON.parse(line) as Line);
}

/** Kills the station -9 when its recording is as far as that; false when the run ended before. */
async function killWhen(
  { run, dataDir }: Prepared,
  isFar: (lines: readonly Line[]) => boolean,
): Promise<boolean> {
  await using command = startCommand(run);
  const ended = command.ended.then(() => 'ended' as const);
  const reached = until(() => isFar(recorded(dataDir)), 'that place of the recording').then(
    () => 'reached' as const,
  );
  const first = await Promise.race([ended, reached.catch(() => 'ended' as const)]);
  await command.kill();
  return first === 'reached';
}

/** The bytes that the chip has now. */
const flashOf = ({ simulator }: SimulatedUnits): Buffer =>
  readFileSync(simulator.inner.units[0]?.flash ?? '');

const holds = (
  flash: Buffer,
  { offset, bytes }: { readonly offset: number; readonly bytes: Buffer },
): boolean => flash.subarray(offset, offset + bytes.length).equals(bytes);

/** How many triples the ledger has in each state, without the states that none is in. */
function statesOf(station: Station): Record<string, number> {
  const states = station.database.triples
    .countByState()
    .find(({ productId }) => productId === 'GWESP32001')?.states;
  return Object.fromEntries(Object.entries(states ?? {}).filter(([, count]) => count > 0));
}

/** Runs the unit to its end: it passes, has all bytes, and one identity, which the ledger knows. */
async function runToTheEnd(station: Station, { units, batchId }: Prepared): Promise<void> {
  const request = { batchId, serialNumber: SERIAL, operator: 'Li', slot: 1 };
  const result = await station.startUnit(request).finished;
  expect(result).toMatchObject({ outcome: 'PASS', failure: null });
  const flash = flashOf(units);
  for (const image of IMAGES) expect(holds(flash, image), image.name).toBe(true);
  const measured = Object.fromEntries(
    station.database.runs.listMeasurements(result.runId).map(({ name, value }) => [name, value]),
  );
  expect(measured[`flash-sha256:${APP_FILE}`]).toBe(createHash('sha256').update(APP.bytes).digest('hex'));
  expect(measured[`flash-proof:${APP_FILE}`]).toMatch(/^md5/);
  const [unit] = units.simulator.inner.units;
  const held = readFlashRecord(units.simulator.inner.stateDir, unit?.mac ?? '')?.identity;
  expect(held?.deviceName).toBe(result.deviceName);
  expect(statesOf(station)).toEqual({ available: 1, burned: 1 });
}

describe('a station that is killed while it flashes', () => {
  it('knows afterwards how far it got, has given no identity, and flashes the unit to the end', async () => {
    const prepared = await prepare();
    await using _setup = prepared.setup;
    const { dataDir, units, slots } = prepared;
    const isWriting = ({ type, value }: Line): boolean =>
      type === 'notification' &&
      value?.stage === 'writing' &&
      value.image === APP_FILE &&
      (value.doneBytes ?? 0) > 0;
    expect(await killWhen(prepared, (lines) => lines.some(isWriting))).toBe(true);
    const doneBytes = recorded(dataDir).findLast(isWriting)?.value?.doneBytes;
    // The chip has acknowledged the first block, and writes it.
    await until(() => flashOf(units)[APP.offset] === APP.bytes[0], 'the first byte of the image');
    expect(holds(flashOf(units), APP)).toBe(false);

    const station = await openStation(dataDir, { slots });
    try {
      const { timeline } = await station.returns.find(SERIAL, soon());
      expect(timeline.map(({ kind }) => kind)).toEqual(['run-started', 'run-finished', 'flash-incomplete']);
      expect(timeline[1]).toMatchObject({
        outcome: 'ERROR',
        failure: { code: 'interrupted', phase: 'flash', step: 'flash' },
      });
      expect(timeline[2]).toMatchObject({
        actor: 'terminal',
        reached: {
          stage: 'writing',
          image: APP_FILE,
          doneBytes,
          totalBytes: APP.bytes.length,
          changed: true,
        },
      });
      expect(statesOf(station)).toEqual({ available: 2 });
      // The unit has its power all the time: its loader waits in the middle of the image, at the speed of the transfer.
      await runToTheEnd(station, prepared);
    } finally {
      await station.close();
    }
  });

  it.runIf(LONG)(
    'has one identity and all bytes afterwards, wherever it was killed',
    { timeout: 900_000 },
    async () => {
      const random = createRandomSource('killed-flash');
      // The recording of a whole run has about so many lines.
      let length = 400;
      const found: string[] = [];
      for (let kill = 0; kill < RANDOM_KILLS; kill++) {
        const prepared = await prepare();
        await using _setup = prepared.setup;
        const { dataDir, units, slots } = prepared;
        const at = random.below(length);
        const isKilled = await killWhen(prepared, (lines) => lines.length > at);
        const lines = recorded(dataDir);
        found.push(isKilled ? stepOf(lines) : 'ended before');
        if (!isKilled) {
          length = Math.max(1, at);
          continue;
        }
        // Without control lines a unit that runs its application comes back into its loader by its power alone.
        if (random.chance(0.5) || lines.some(({ key }) => key === 'transfer 0 nvs leave')) {
          await units.simulator.inner.power(1, false);
          await units.simulator.inner.power(1, true);
        }
        const station = await openStation(dataDir, { slots });
        try {
          const { timeline } = await station.returns.find(SERIAL, soon());
          const unfinished = timeline.filter(({ kind }) => kind === 'flash-incomplete');
          expect(unfinished, 'how far the flash got').toHaveLength(isFlashing(lines) ? 1 : 0);
          await runToTheEnd(station, prepared);
        } catch (error) {
          throw new Error(`killed in ${found.at(-1)}, line ${at} of its recording`, { cause: error });
        } finally {
          await station.close();
        }
      }
      expect(found.filter((step) => step === 'flash').length, found.join(', ')).toBeGreaterThan(0);
    },
  );
});

/** The transfer of the flash step has begun and has no reply. */
function isFlashing(lines: readonly Line[]): boolean {
  const begun = lines.findLastIndex(({ key }) => key?.startsWith('transfer 0 flash') === true);
  return begun >= 0 && !lines.some(({ type, request }) => type === 'reply' && request === begun);
}

function stepOf(lines: readonly Line[]): string {
  return lines.findLast(({ type }) => type === 'step')?.name ?? 'the start';
}
