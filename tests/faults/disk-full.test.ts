import { readdirSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Station } from '#station';
import { Recorder } from '../../station/execution/recording/index.ts';
import { createNodeClock } from '../../station/devices/drivers/node/clock.ts';
import { faultOf } from '../support/fault-of.ts';
import { tempDir } from '../support/temp-dir.ts';
import { canMount, mountSmallDisk, type SmallDisk } from './support/small-disk.ts';
import {
  openStation,
  startStation,
  nextRunEvent,
  type StationOptions,
  type TestStation,
} from '../kit/station.ts';
import { simulated, type SimulatedUnits, serialOf } from '../kit/units.ts';
import { moduleRecipe } from '../kit/recipes.ts';

const KIB = 1024;
const DISK = { lowBytes: 3 * KIB * KIB, stopBytes: 256 * KIB, reserveBytes: 1024 * KIB };

function startOn(
  disk: SmallDisk,
  options: Partial<StationOptions<SimulatedUnits>> = {},
): Promise<TestStation<SimulatedUnits>> {
  const dataDir = join(disk.path, 'station');
  return startStation({
    units: simulated(2),
    registry: 'real',
    recipe: moduleRecipe(),
    dataDir,
    config: { disk: DISK },
    ...options,
  });
}

/** Runs of unit 1, oldest first, as they are recorded. */
function runsOf(station: Station) {
  return station.database.runs
    .listOfSerialNumber(serialOf(1))
    .map(({ outcome, failure }) => [outcome, failure?.code ?? null]);
}

/** The identities in the flash of the units. */
function identityWrites(dir: string): number[] {
  const files = readdirSync(join(dir, 'units')).filter((name) => name.endsWith('.json'));
  return files.map(
    (name) =>
      (JSON.parse(readFileSync(join(dir, 'units', name), 'utf8')) as { identityWrites: number })
        .identityWrites,
  );
}

describe.skipIf(!canMount())('a disk that is full', () => {
  it('ends the run under way with what was measured, stops the line, and lets it go on when there is space', async () => {
    using disk = mountSmallDisk(12);
    await using setup = await startOn(disk);
    const { station } = setup;
    const claimed = nextRunEvent(station, 1, 'identity', ({ deviceName }) => deviceName !== null);
    const run = setup.run(1);
    await claimed;
    // The disk is full in the middle of the run, between claim and intent.
    disk.fill();
    expect(await run).toMatchObject({ outcome: 'ERROR', failure: { code: 'disk-full' } });
    expect(runsOf(station)).toEqual([['ERROR', 'disk-full']]);
    // Its message for the registry is recorded with it, and no identity is partly written.
    expect(station.database.outbox.getCounts().pending).toBe(1);
    expect(setup.stateOf(1)).toBe('claimed');
    expect(identityWrites(setup.dir)).toEqual([0, 0]);

    expect(station.health.state().disk).toMatchObject({ full: true, low: true });
    const refused = await faultOf(() => setup.run(2));
    expect(refused).toMatchObject({ code: 'disk-full' });
    expect(refused.hint).toContain('Free space');
    expect(station.database.runs.listOfSerialNumber(serialOf(2))).toEqual([]);

    disk.empty();
    expect(await setup.run(1)).toMatchObject({ outcome: 'PASS' });
    expect(await setup.run(2)).toMatchObject({ outcome: 'PASS' });
    expect(station.health.state().disk.full).toBe(false);
    expect(station.database.findViolations()).toEqual([]);
  });

  it('to the last byte keeps the result waiting, says so at the slot, and records it when there is space', async () => {
    using disk = mountSmallDisk(12);
    // A reserve that is smaller than a page.
    await using setup = await startOn(disk, {
      units: simulated(1),
      config: { disk: { ...DISK, reserveBytes: 1 } },
    });
    const { station } = setup;
    const claimed = nextRunEvent(station, 1, 'identity', ({ deviceName }) => deviceName !== null);
    const unrecorded = nextRunEvent(station, 1, 'unrecorded');
    const run = setup.run(1);
    await claimed;
    disk.fill();
    expect((await unrecorded).fault).toMatchObject({ code: 'disk-full' });
    expect(station.slots.state.slots[0]).toMatchObject({
      state: 'unavailable',
      fault: { code: 'disk-full' },
    });
    expect(await faultOf(() => station.slots.select(1))).toMatchObject({ code: 'disk-full' });
    // With free space again the run is recorded with its outcome.
    disk.empty();
    expect(await run).toMatchObject({ outcome: 'ERROR', failure: { code: 'disk-full' } });
    expect(station.slots.state.slots[0]?.fault).toBeNull();
    expect(runsOf(station)).toEqual([['ERROR', 'disk-full']]);
    expect(await setup.run(1)).toMatchObject({ outcome: 'PASS' });
    expect(station.database.findViolations()).toEqual([]);
  });

  it('and a station closed meanwhile: the next start finds the run, and the unit gets its own triple', async () => {
    using disk = mountSmallDisk(12);
    await using setup = await startOn(disk, {
      units: simulated(1),
      config: { disk: { ...DISK, reserveBytes: 1 } },
    });
    const unrecorded = nextRunEvent(setup.station, 1, 'unrecorded');
    const claimed = nextRunEvent(setup.station, 1, 'identity', ({ deviceName }) => deviceName !== null);
    const lost = faultOf(() => setup.run(1));
    await claimed;
    disk.fill();
    await unrecorded;
    await setup.station.close();
    expect(await lost).toMatchObject({ code: 'disk-full' });
    disk.empty();
    const reopened = await openStation(setup.dataDir, {
      slots: [{ slot: 1, portPath: setup.units.simulator.pathOf(1) }],
      disk: DISK,
    });
    try {
      expect(reopened.recovery.interruptedRuns).toHaveLength(1);
      expect(runsOf(reopened)).toEqual([['ERROR', 'interrupted']]);
      const request = { batchId: setup.batchId, serialNumber: serialOf(1), operator: 'Li', slot: 1 };
      expect(await reopened.startUnit(request).finished).toMatchObject({
        outcome: 'PASS',
        deviceName: 'dev1',
      });
      expect(reopened.database.findViolations()).toEqual([]);
    } finally {
      await reopened.close();
    }
  });

  it('at the start of a station: it opens on what it kept, settles what was cut off, and starts no unit', async () => {
    using disk = mountSmallDisk(12);
    const dataDir = join(disk.path, 'station');
    const open = () => openStation(dataDir, { disk: DISK });
    await (await open()).close();
    disk.fill();
    const station = await open();
    expect(station.health.state().disk).toMatchObject({ full: true });
    expect(await faultOf(() => station.health.requireCanRecord())).toMatchObject({ code: 'disk-full' });
    disk.empty();
    station.health.requireCanRecord();
    expect(station.health.state().disk).toMatchObject({ full: false });
    await station.close();
  });

  it('of the recordings lets no unit pass, for nobody could find out later how it did', async () => {
    using disk = mountSmallDisk(1);
    using dir = tempDir('recordings');
    symlinkSync(disk.path, join(dir.path, 'recordings'));
    await using setup = await startStation({
      units: simulated(1),
      registry: 'real',
      recipe: moduleRecipe(),
      dataDir: dir.path,
    });
    // The file can be created, but not written.
    disk.fill();
    expect(await setup.run(1)).toMatchObject({ outcome: 'ERROR', failure: { code: 'disk-full' } });
    expect(runsOf(setup.station)).toEqual([['ERROR', 'disk-full']]);
    disk.empty();
    expect(await setup.run(1)).toMatchObject({ outcome: 'PASS', deviceName: 'dev1' });
  });

  it('of the recordings is found also when it began after the last word to the unit', async () => {
    using disk = mountSmallDisk(1);
    const recorder = new Recorder(join(disk.path, 'recordings', 'run.jsonl'), {}, createNodeClock());
    recorder.beginPhase('label');
    recorder.requireWritten();
    disk.fill();
    for (let n = 0; n < 100; n += 1) recorder.beginStep('x'.repeat(100));
    const fault = await faultOf(() => recorder.requireWritten());
    expect(fault).toMatchObject({ code: 'disk-full' });
    expect(fault.message).toContain('run.jsonl');
    recorder[Symbol.dispose]();
  });

  it('of the logs costs no unit; the lines that were lost are counted and told', async () => {
    using disk = mountSmallDisk(1);
    using dir = tempDir('logs');
    symlinkSync(disk.path, join(dir.path, 'logs'));
    disk.fill();
    await using setup = await startStation({
      units: simulated(1),
      registry: 'real',
      recipe: moduleRecipe(),
      dataDir: dir.path,
    });
    expect(await setup.run(1)).toMatchObject({ outcome: 'PASS' });
    expect(setup.station.health.state().lostLogLines).toBeGreaterThan(0);
  });
});
