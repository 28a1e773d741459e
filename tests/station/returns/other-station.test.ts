import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openRegistryStore } from '#registry';
import { parseRecipe, type Station, STATION_ITSELF } from '#station';

import { PRODUCT } from '../../kit/sample-rows.ts';
import { soon } from '../../support/patience.ts';
import { openStation, startStation, type TestStation } from '../../kit/station.ts';
import { simulated, type SimulatedUnits, serialOf } from '../../kit/units.ts';
import { moduleRecipe } from '../../kit/recipes.ts';

const justification = { reason: 'came from the other line', approver: 'Wang' };
const by = { user: 'Li', role: 'support' } as const;

/** A second station that the line's first unit is carried to. Nothing of the first one's ledger is known to it. */
async function otherStation(setup: TestStation<SimulatedUnits>): Promise<Station & AsyncDisposable> {
  const station = await openStation(join(setup.dir, 'other'), {
    slots: [{ slot: 1, portPath: join(setup.dir, 'port1') }],
  });
  station.settings.configure(
    {
      station: 'S2',
      registry: { url: setup.registry.service.http, token: setup.registry.service.enrolmentToken },
    },
    STATION_ITSELF,
  );
  await station.pool.lease(PRODUCT, 2, STATION_ITSELF, soon());
  using registry = openRegistryStore(join(setup.dir, 'registry'));
  registry.setRights('S2', ['desk']);
  return Object.assign(station, { [Symbol.asyncDispose]: () => station.close() });
}

/** A line with triples left for the second station, whose unit 1 has passed and is known to the registry. */
async function startPassedLine(): Promise<TestStation<SimulatedUnits> & { readonly first: string }> {
  const setup = await startStation({
    units: simulated(1),
    registry: 'real',
    recipe: moduleRecipe(),
    triples: 4,
  });
  const { deviceName, outcome } = await setup.run(1);
  expect(outcome).toBe('PASS');
  await setup.station.sync.drain(soon());
  await setup.station.pool.giveBack(PRODUCT, STATION_ITSELF, soon());
  return Object.assign(setup, { first: deviceName ?? '' });
}

async function atRegistry(station: Station, deviceName: string | undefined): Promise<string | undefined> {
  return (await station.registry()?.device(PRODUCT, deviceName ?? '', soon()))?.state;
}

describe('a unit that another station gave its identity', () => {
  it('is given a new one at the desk, and the registry follows', async () => {
    await using setup = await startPassedLine();
    await using station = await otherStation(setup);
    expect(await station.returns.read(1, soon())).toMatchObject({ verdict: 'foreign', actions: ['reissue'] });
    const after = await station.returns.act({ slot: 1, action: 'reissue', ...justification }, by, soon());
    expect(after).toMatchObject({ verdict: 'known' });
    expect(await station.sync.drain(soon())).toMatchObject({ parked: 0, pending: 0, sent: 2 });
    expect(await atRegistry(station, setup.first)).toBe('retired');
    expect(await atRegistry(station, after.bound?.deviceName)).toBe('bound');
  });

  it('and that was erased since is known when somebody says what became of the old one', async () => {
    await using setup = await startPassedLine();
    {
      await using repair = await setup.units.simulator.talkTo(1);
      await repair.ask('AT+TCRESTORE');
      await expect.poll(() => setup.units.simulator.inner.flashOf(1).identity).toBeNull();
    }
    await using station = await otherStation(setup);
    const { batchId } = station.batches.create(
      {
        recipe: parseRecipe(moduleRecipe(), 'recipe'),
        quantity: 9,
        name: 'other',
      },
      STATION_ITSELF,
    );
    const order = { batchId, serialNumber: serialOf(1), operator: 'Li', slot: 1 };
    const run = await station.startUnit(order).finished;
    expect(run.outcome).toBe('PASS');
    expect(await station.sync.drain(soon())).toMatchObject({ parked: 1 });
    const [parked] = station.database.outbox.listParked();
    expect(parked?.reason).toContain('chip-holds-another');
    // Whoever looks finds the way out in the reason: the old one is retired, here, without its station.
    const old = { deviceName: setup.first, productId: PRODUCT };
    expect(await station.returns.writeOff({ ...old, ...justification }, by, soon())).toMatchObject({
      ...old,
      was: null,
    });
    expect(await station.sync.drain(soon())).toMatchObject({ parked: 1, pending: 0 });
    station.sync.retry(parked?.key ?? '', STATION_ITSELF);
    expect(await station.sync.drain(soon())).toMatchObject({ parked: 0, pending: 0, sent: 2 });
    expect(await atRegistry(station, run.deviceName ?? '')).toBe('bound');
    expect(await atRegistry(station, setup.first)).toBe('retired');
  });
});
