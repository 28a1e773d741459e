import { join } from 'node:path';
import Database from 'better-sqlite3';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { applyEvents } from '../../../registry/events/index.ts';
import { quarantineLease } from '../../../registry/leases/index.ts';
import { openStore, type Store } from '../../../registry/store/index.ts';
import { memoryDir } from '../../support/temp-dir.ts';
import type { RegistryEvent, StationRight } from '#shared/registry-api/index.ts';
import { PRODUCT } from '../support/registry-fixture.ts';
import { chip, retireEvent, returnEvent, runEvent } from '../support/sample-events.ts';
import { depth } from '../../support/depth.ts';

/** Few names, few chips, few keys: so that events repeat and contradict each other all the time. */
const DEVICES = ['d1', 'd2', 'd3', 'd4', 'd5', 'd6'] as const;
const device = fc.constantFrom(...DEVICES);
const station = fc.constantFrom('S1', 'S1', 'S2');
const unit = fc.integer({ min: 1, max: 3 });
const event = fc.oneof(
  {
    weight: 4,
    arbitrary: fc
      .tuple(fc.integer({ min: 1, max: 6 }), unit, fc.option(device), fc.boolean())
      .map(([run, n, name, otherKey]) => {
        const said = runEvent(n, name, { runId: `run-${run}` });
        return otherKey ? { ...said, key: `S2:run-${run}` } : said;
      }),
  },
  fc
    .tuple(device, fc.option(unit))
    .map(([name, n]) => retireEvent(`x:${name}`, name, n === null ? null : chip(n))),
  fc
    .tuple(fc.integer({ min: 1, max: 3 }), unit, fc.option(device))
    .map(([id, n, name]) => returnEvent(n, name, { returnId: `return-${id}` })),
  fc.constant('nonsense'),
);

/** Every secret is the same: none is ever shown to be had. */
const vault = { open: () => 'c2VjcmV0' };

/** What S2 has is its own and what it may do for others; S1 has only its own. */
function callerOf(station: string): { station: string; rights: readonly StationRight[] } {
  return { station, rights: station === 'S2' ? ['desk'] : [] };
}

/** Each tells its own, except of the first unit, which always is in the name of S1. */
function toldBy(from: string): (event: RegistryEvent | string) => unknown {
  return (event) =>
    typeof event === 'string' || event.kind === 'identity.retired' || event.lane === chip(1)
      ? event
      : { ...event, payload: { ...event.payload, station: from } };
}

function openBooks(dir: string, name: string): { readonly store: Store; rows(): unknown } & Disposable {
  const file = join(dir, `${name}.db`);
  const store = openStore(file);
  store.write(() => {
    store.products.upsert(PRODUCT, PRODUCT, 1);
    for (const deviceName of DEVICES) store.devices.insert(PRODUCT, deviceName, new Uint8Array(8), 1);
    // One is free, one was lent to another station, one is in quarantine with its lease, one is withheld.
    const [first, second, third, , ...rest] = store.devices.available(PRODUCT, 9).map(({ id }) => id);
    for (const id of [first ?? 0, ...rest]) store.devices.markLeased(id, 'S1');
    store.devices.markLeased(second ?? 0, 'S2');
    const lease = { leaseId: 'L', station: 'S1', requestId: 'r', productId: PRODUCT, count: 1 };
    store.leases.insert({ ...lease, nowMs: 1 });
    store.devices.markLeased(third ?? 0, 'S1');
    store.leases.addDevice('L', third ?? 0);
    store.devices.withholdAvailable();
    store.devices.markAvailable(first ?? 0);
  });
  quarantineLease(store, 'L', { reason: 'its station is gone', approver: 'Wang' }, 2);
  return {
    store,
    rows() {
      const db = new Database(file, { readonly: true });
      try {
        const all = (sql: string): unknown[] => db.prepare(sql).all();
        return [
          all('SELECT device_name, state, chip_id, serial_number, leased_to FROM devices ORDER BY id'),
          all('SELECT run_id, event_key, device_id, chip_id FROM runs ORDER BY run_id'),
          all('SELECT key, hex(content_sha256) FROM events ORDER BY key'),
          all('SELECT device_id, event_key, chip_id FROM retirements ORDER BY device_id'),
          all('SELECT return_id, event_key, device_id FROM returns ORDER BY return_id'),
        ];
      } finally {
        db.close();
      }
    },
    [Symbol.dispose]: () => store[Symbol.dispose](),
  };
}

describe('events', () => {
  it('have the same result whatever blocks they are sent in', () => {
    using dir = memoryDir();
    let history = 0;
    fc.assert(
      fc.property(
        fc.array(fc.tuple(station, fc.array(event, { maxLength: 8 })), { maxLength: 5 }),
        (blocks) => {
          history += 1;
          using together = openBooks(dir.path, `together-${history}`);
          using alone = openBooks(dir.path, `alone-${history}`);
          const inBlocks = blocks.flatMap(
            ([from, block]) =>
              applyEvents({ store: together.store, vault }, callerOf(from), block.map(toldBy(from)), 5)
                .results,
          );
          const oneByOne = blocks.flatMap(([from, block]) =>
            block.flatMap(
              (one) =>
                applyEvents({ store: alone.store, vault }, callerOf(from), [toldBy(from)(one)], 5).results,
            ),
          );
          expect(inBlocks).toEqual(oneByOne);
          expect(together.rows()).toEqual(alone.rows());
        },
      ),
      { numRuns: depth({ short: 30, long: 100 }) },
    );
  });
});
