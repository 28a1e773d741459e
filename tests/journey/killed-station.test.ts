import { describe, expect, it } from 'vitest';
import { unitFault } from '../../simulator/faults/index.ts';
import { createRegistryClient, openStationDatabaseForReading } from '#station';
import { invoke } from '../kit/in-process.ts';
import { PRODUCT } from '../kit/sample-rows.ts';
import { soon } from '../support/patience.ts';
import { until } from '../support/until.ts';
import { startStation, type TestStation } from '../kit/station.ts';
import { simulated, type SimulatedUnits, serialOf } from '../kit/units.ts';
import { moduleRecipe } from '../kit/recipes.ts';
import { type RunningCommand, startCommand, writeSerials } from '../kit/command-line.ts';

/** Waits for a state of the station's data, read while its process writes them. */
async function reached(
  setup: TestStation<SimulatedUnits>,
  running: RunningCommand,
  state: 'claimed' | 'burning',
  count: number,
): Promise<void> {
  let isEnded = false;
  void running.ended.then(() => (isEnded = true));
  const database = openStationDatabaseForReading(setup.dataDir);
  try {
    await until(async () => {
      if (isEnded) throw new Error(`ended before a triple was ${state}: ${(await running.ended).stdout}`);
      return database.triples.listInState(state).length >= count;
    }, `a triple that is ${state}`);
  } finally {
    database.close();
  }
}

async function kill(running: RunningCommand): Promise<void> {
  running.signal('SIGKILL');
  expect((await running.ended).status).toBeNull();
}

const audit = async (setup: TestStation<SimulatedUnits>) => {
  const { status, events } = await invoke('triples', 'audit', '--data', setup.dataDir, '--json');
  expect({ status, violations: events[0]?.['violations'] }).toEqual({ status: 0, violations: [] });
  return events[0] as Readonly<Record<string, unknown>>;
};

/** No triple that a device's flash file holds is free. */
function nothingFreeIsHeld(setup: TestStation<SimulatedUnits>): void {
  for (const { unit } of setup.units.simulator.inner.units) {
    const identity = setup.units.simulator.inner.flashOf(unit).identity;
    if (identity === null) continue;
    const state = setup.readDatabase(
      (database) => database.triples.findByName(identity.productId, identity.deviceName)?.state,
    );
    expect(state).not.toBe('available');
  }
}

describe('a station killed while it burns', () => {
  it('knows what it does not know, and the same units settle it', async () => {
    // Slowed down: the time windows are seconds long, and the kill is triggered by the observed state.
    const slow = (factor: number) => [unitFault.parse({ fault: 'slow', factor })];
    const faults = { units: { 1: slow(10), 2: slow(10), 3: slow(5), 4: slow(5) } };
    await using setup = await startStation({
      units: simulated(4, { timeScale: 1, faults }),
      registry: 'real',
      recipe: moduleRecipe({ commandTimeoutMs: 6_000 }).replace('timeoutMs: 20000', 'timeoutMs: 60000'),
      triples: 6,
    });
    await setup.close();
    const { inner } = setup.units.simulator;
    const run = (slot: number): RunningCommand =>
      startCommand([
        'run', '--data', setup.dataDir, '--batch', setup.batchId, '--slot', setup.ports[slot - 1] ?? '',
        '--serials', writeSerials(setup.dir, [serialOf(slot)]), '--json',
      ]); // prettier-ignore
    const nameOf = (slot: number): string | undefined =>
      setup.readDatabase((database) => {
        const chip = inner.units[slot - 1]?.mac.replaceAll(':', '').toUpperCase() ?? '';
        return database.triples.findLiveOfUnit(database.units.findByChip(chip)?.unitId ?? -1)?.deviceName;
      });
    const before: (string | undefined)[] = [];

    // Slot 1: the triple is claimed, no byte of it was sent.
    {
      await using running = run(1);
      await reached(setup, running, 'claimed', 1);
      await kill(running);
    }
    expect(await audit(setup)).toMatchObject({ claimed: 1, inDoubt: 0, burning: 0, available: 5 });
    expect(inner.flashOf(1).identity).toBeNull();
    before.push(nameOf(1));

    // Slot 2: the intent is durable; the device finishes the write after the station's end.
    {
      await using running = run(2);
      await reached(setup, running, 'burning', 1);
      // Its next reply is the OK of the write, which consumes the fault; the simulator reports that.
      await inner.changeFaults(2, { add: [unitFault.parse({ fault: 'split', times: 1 })] });
      const at = setup.units.simulator.events.length;
      await setup.units.simulator.event('sim.faults', ({ unit }) => unit === 2, at);
      await kill(running);
    }
    await setup.units.simulator.event('sim.committed', ({ unit }) => unit === 2);
    expect(await audit(setup)).toMatchObject({ claimed: 1, inDoubt: 1, burning: 0, available: 4 });
    nothingFreeIsHeld(setup);
    before.push(nameOf(2));

    // Slot 3: the device has stored it, its reply was lost, nothing was read back.
    await inner.changeFaults(3, { add: [unitFault.parse({ fault: 'write-no-reply' })] });
    {
      await using running = run(3);
      await setup.units.simulator.event('sim.committed', ({ unit }) => unit === 3);
      await kill(running);
    }
    expect(await audit(setup)).toMatchObject({ claimed: 1, inDoubt: 2, burning: 0, available: 3 });
    nothingFreeIsHeld(setup);
    before.push(nameOf(3));
    expect(inner.flashOf(3).identity?.deviceName).toBe(before[2]);

    // Slot 4: burned and read back, killed while it logs in.
    {
      await using running = run(4);
      await running.event('run.phase', (event) => event['phase'] === 'online');
      await kill(running);
    }
    expect(await audit(setup)).toMatchObject({ claimed: 1, inDoubt: 2, burned: 1, available: 2 });
    before.push(nameOf(4));
    expect(new Set(before).size).toBe(4);

    // Each interrupted run is recorded as interrupted.
    const interrupted = setup.readDatabase((database) => database.runs.listOfBatch(setup.batchId, 10));
    expect(interrupted.map(({ outcome, failure }) => [outcome, failure?.code])).toEqual(
      Array.from({ length: 4 }, () => ['ERROR', 'interrupted']),
    );

    // The same units again, without faults.
    for (const slot of [1, 2, 3, 4]) await inner.changeFaults(slot, { clear: true });
    const serials = writeSerials(setup.dir, [1, 2, 3, 4].map(serialOf));
    const secondRun = await invoke(
      'run', '--data', setup.dataDir, '--batch', setup.batchId, '--slot', ...setup.ports, '--serials', serials, '--json',
    ); // prettier-ignore
    expect(secondRun).toMatchObject({ status: 0, stderr: '' });
    const finished = secondRun.events.filter(({ event }) => event === 'run.finished');
    const bySlot = finished.sort((a, b) => Number(a['slot']) - Number(b['slot']));
    expect(bySlot.map((event) => [event['outcome'], event['deviceName']])).toEqual(
      before.map((name) => ['PASS', name]),
    );
    for (const slot of [1, 2, 3, 4]) {
      expect(inner.flashOf(slot)).toMatchObject({
        identity: { deviceName: before[slot - 1] },
        identityWrites: 1,
      });
    }

    // The registry receives each event once.
    const drained = await invoke('sync', 'drain', '--data', setup.dataDir, '--json');
    expect(drained.events[0]).toMatchObject({ event: 'sync.status', pending: 0, parked: 0, sent: 8 });
    const client = createRegistryClient({
      baseUrl: setup.registry.service.http,
      token: setup.registry.service.enrolmentToken,
      station: 'whoever looks',
    });
    for (const { mac } of inner.units) {
      const unit = await client.unit(mac.replaceAll(':', '').toUpperCase(), soon());
      expect(unit?.runs.map(({ outcome }) => outcome).sort()).toEqual(['ERROR', 'PASS']);
    }
    expect(await audit(setup)).toMatchObject({ registered: 4, available: 2, inDoubt: 0, claimed: 0 });
    expect(setup.readDatabase((database) => database.triples.countByState()[0]?.productId)).toBe(PRODUCT);
  });
});
