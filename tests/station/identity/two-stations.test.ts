import { describe, expect, it } from 'vitest';
import { auditIdentity, type Station, STATION_ITSELF } from '#station';
import { Fault } from '#shared/domain/fault.ts';
import { createRandomSource, type RandomSource } from '../../../bench/lib/random-source.ts';
import { startStation, type TestStation } from '../../kit/station.ts';
import { TestRegistry } from '../../kit/registry.ts';
import { claim, namesIn } from '../../kit/triples.ts';
import type { Fate } from '../../kit/registry-proxy.ts';
import { PRODUCT } from '../../kit/sample-rows.ts';
import { depth } from '../../support/depth.ts';
import { soon } from '../../support/patience.ts';

const LEASES = depth({ short: 60, long: 500 });
const SEED = '20261121';

const FATES: readonly Fate[] = ['cut-after', 'cut-before', 'pass', 'pass', 'pass'];
const LIVE = ['available', 'claimed'];

describe('two stations on one registry', () => {
  it(`never hold one name, after ${LEASES} leases each, lost replies and returns`, async () => {
    await using registry = await TestRegistry.start();
    registry.seed(2 * LEASES + 40);
    const shared = { registry: 'lossy', sharedRegistry: registry } as const;
    await using one = await startStation({ ...shared, name: 'S1' });
    await using two = await startStation({ ...shared, name: 'S2' });
    const stations = [one, two];
    await Promise.all(stations.map((at, index) => work(at, createRandomSource(SEED, index))));
    for (const { station, proxy } of stations) {
      proxy.fates.length = 0;
      await station.sync.drain(soon());
      expect(auditIdentity(station.database).violations).toEqual([]);
      expect(station.database.leases.listOpenReturns()).toEqual([]);
    }
    const [first = [], second = []] = stations.map(({ station }) => namesIn(station, ...LIVE));
    expect(first.length).toBeGreaterThan(0);
    expect(second.length).toBeGreaterThan(0);
    expect(first.filter((name) => second.includes(name))).toEqual([]);
    // And the registry has promised exactly these, each to the station that has it.
    const promised = new Map<string, number>();
    for (const { station: name, outstanding } of registry.store.leases())
      promised.set(name, (promised.get(name) ?? 0) + outstanding);
    expect(Object.fromEntries(promised)).toEqual({ S1: first.length, S2: second.length });
  });
});

/** Leases one by one, each asked for until it came; now and then a unit takes a triple, or all that is left goes back. */
async function work({ station, proxy }: TestStation, random: RandomSource): Promise<void> {
  const fates = (): void => {
    while (proxy.fates.length < 4) proxy.fates.push(random.pick(FATES));
  };
  let units = 0;
  for (let n = 0; n < LEASES; n++) {
    fates();
    await untilHeard(() => station.pool.lease(PRODUCT, 1, STATION_ITSELF, soon()), fates);
    if (random.chance(0.3)) claim(station, (units += 1) + (station.name === 'S1' ? 0 : 100_000));
    if (random.chance(0.02)) await untilHeard(() => giveBack(station), fates);
  }
}

async function giveBack(station: Station): Promise<void> {
  await station.pool.giveBack(null, STATION_ITSELF, soon());
}

/** As a person at the terminal would: the same command again. */
async function untilHeard(command: () => Promise<unknown>, before: () => void): Promise<void> {
  for (;;) {
    try {
      await command();
      return;
    } catch (error) {
      if (!(error instanceof Fault) || error.code !== 'registry-unreachable') throw error;
      before();
    }
  }
}
