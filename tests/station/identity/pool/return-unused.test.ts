import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createRegistry } from '#registry';
import { auditIdentity, STATION_ITSELF } from '#station';
import { connectPeer, loginOf } from '../../../registry/support/mqtt-peer.ts';
import { faultOf } from '../../../support/fault-of.ts';
import { startStation, type TestStation } from '../../../kit/station.ts';
import { chipOf, claim, namesIn } from '../../../kit/triples.ts';
import { addBatch, PRODUCT, SECRET } from '../../../kit/sample-rows.ts';
import { soon } from '../../../support/patience.ts';

let setup: TestStation;
beforeEach(async () => {
  setup = await startStation({ registry: 'lossy', triples: 8, lease: 0 });
  addBatch(setup.station.database);
});
afterEach(() => setup[Symbol.asyncDispose]());

const lease = (count: number) => setup.station.pool.lease(PRODUCT, count, STATION_ITSELF, soon());
const giveBack = () => setup.station.pool.giveBack(null, STATION_ITSELF, soon());
const outstanding = () => setup.registry.store.leases().map((one) => [one.outstanding, one.returned]);
const violations = () => auditIdentity(setup.station.database).violations;

describe('giving leased triples back', () => {
  it('gives back what was never claimed, and nothing else, for good', async () => {
    const { database } = setup.station;
    const file = join(setup.dir, 'own.csv');
    writeFileSync(file, `ProductId,DeviceName,DeviceSecret\n${PRODUCT},own,${SECRET}\n`);
    await setup.station.pool.importCsv(file, {}, STATION_ITSELF, soon());
    await lease(5);
    // One is in use, one was in use and came back to the pool: a unit has heard of both.
    const own = claim(setup.station, 1);
    const used = claim(setup.station, 2);
    const released = claim(setup.station, 3);
    const row = database.triples.findByName(PRODUCT, released);
    if (row === null) throw new Error('released is not there');
    database.transaction(() =>
      database.triples.applyEvent(row, 'release', { at: 1, runId: null, note: 'absent' }),
    );

    expect(await giveBack()).toEqual({ returned: 3, refused: [] });

    expect(own).toBe('own');
    expect(namesIn(setup.station, 'claimed')).toEqual([own, used]);
    expect(namesIn(setup.station, 'available')).toEqual([released]);
    expect(auditIdentity(database)).toMatchObject({ available: 1, claimed: 2, returned: 3, violations: [] });
    expect(outstanding()).toEqual([[2, 3]]);
    expect(await giveBack()).toEqual({ returned: 0, refused: [] });
    expect(setup.proxy.seen.filter(({ path }) => path.endsWith('/return'))).toHaveLength(1);
  });

  it('is out of the pool before the registry hears, and is told until it has answered', async () => {
    await lease(4);
    setup.proxy.fates.push('cut-before', 'cut-after', 'cut-after');
    for (let attempt = 1; attempt <= 3; attempt++) {
      expect(await faultOf(giveBack)).toMatchObject({ code: 'registry-unreachable' });
      expect(namesIn(setup.station, 'available')).toEqual([]);
      expect(namesIn(setup.station, 'returned')).toHaveLength(4);
      expect(violations()).toEqual([]);
      // Whatever stops the station in between: what was asked stands.
      await setup.restart();
    }
    // The registry had heard the second time; now the answer comes, with a sync that had nothing else to tell.
    expect(setup.station.database.leases.listOpenReturns()).toHaveLength(1);
    await setup.station.sync.drain(soon());
    expect(setup.station.database.leases.listOpenReturns()).toEqual([]);
    expect(outstanding()).toEqual([[0, 4]]);
    expect(setup.registry.store.seedProduct({ productId: PRODUCT, count: 0 }).available).toBe(8);
  });

  it('ends, and holds up nothing, when the registry has forgotten the lease', async () => {
    await lease(3);
    setup.proxy.fates.push('cut-before');
    expect(await faultOf(giveBack)).toMatchObject({ code: 'registry-unreachable' });
    // Another registry, or this one from a copy of before the lease.
    await using other = await createRegistry({ dataDir: join(setup.dir, 'other') });
    setup.station.settings.configure(
      { registry: { url: other.http, token: other.enrolmentToken } },
      STATION_ITSELF,
    );
    expect(await setup.station.sync.drain(soon())).toMatchObject({ connection: 'online' });
    expect(setup.station.database.leases.listOpenReturns()).toEqual([]);
    // It may be in anybody's pool: no unit of this station gets it.
    expect(namesIn(setup.station, 'quarantined')).toHaveLength(3);
    expect(violations()).toEqual([]);
  });

  it('comes back only by a new lease, also when the answer to the return was lost', async () => {
    await lease(3);
    const names = namesIn(setup.station, 'available');
    setup.proxy.fates.push('cut-after');
    await faultOf(giveBack);
    // The registry gives out the oldest first: the same three, promised to this station once more.
    expect(await lease(3)).toBe(3);
    expect(namesIn(setup.station, 'available')).toEqual(names);
    const used = claim(setup.station, 1);
    // The old return is told again, and means nothing to the new lease.
    await setup.station.sync.drain(soon());
    expect(setup.station.database.leases.listOpenReturns()).toEqual([]);
    expect(outstanding().toSorted()).toEqual([
      [0, 3],
      [3, 0],
    ]);
    expect(await giveBack()).toEqual({ returned: 2, refused: [] });
    expect(namesIn(setup.station, 'claimed')).toEqual([used]);
    expect(violations()).toEqual([]);
  });

  it('is handed to another station without ever being at both', async () => {
    await using other = await startStation({
      registry: 'lossy',
      sharedRegistry: setup.registry,
      name: 'S2',
    });
    await lease(8);
    await giveBack();
    expect(await other.station.pool.lease(PRODUCT, 8, STATION_ITSELF, soon())).toBe(8);
    expect(namesIn(setup.station, 'available', 'claimed')).toEqual([]);
    expect(await faultOf(() => lease(1))).toMatchObject({ code: 'pool-empty' });
    expect(namesIn(other.station, 'available').toSorted()).toEqual(
      namesIn(setup.station, 'returned').toSorted(),
    );
  });

  it('fetches a block whose answer was lost, to give that back too', async () => {
    setup.proxy.fates.push('cut-after');
    await faultOf(() => lease(5));
    expect(await giveBack()).toEqual({ returned: 5, refused: [] });
    expect(outstanding()).toEqual([[0, 5]]);
    expect(setup.station.database.leases.listUnanswered()).toEqual([]);
  });

  it('takes aside what the registry does not take back: some unit logs in with it', async () => {
    await lease(2);
    const [seen, free] = namesIn(setup.station, 'available');
    const secret = secretOf(seen ?? '');
    const port = Number(new URL(setup.registry.service.mqtt).port);
    await using peer = await connectPeer(port, loginOf(PRODUCT, seen ?? '', await secret));
    expect(peer.client.connected).toBe(true);
    expect(await giveBack()).toMatchObject({
      returned: 1,
      refused: [{ deviceName: seen, code: 'seen-online' }],
    });
    expect(namesIn(setup.station, 'returned')).toEqual([free]);
    expect(namesIn(setup.station, 'quarantined')).toEqual([seen]);
    expect(violations()).toEqual([]);
  });

  it('is refused by the database itself for what was claimed before', async () => {
    await lease(1);
    const { database } = setup.station;
    claim(setup.station, 1);
    const bound = database.triples.listWithUnit()[0];
    if (bound === undefined) throw new Error('nothing is bound');
    database.transaction(() =>
      database.triples.applyEvent(bound, 'release', { at: 1, runId: null, note: '' }),
    );
    const free = database.triples.findNextFree(PRODUCT);
    if (free === null) throw new Error('nothing is free');
    database.transaction(() => database.leases.addReturn('r', free.lease ?? '', 1));
    expect(() =>
      database.transaction(() => database.triples.giveBack(free, 'r', { at: 1, runId: null, note: '' })),
    ).toThrow(/never claimed/);
    expect(chipOf(1)).toHaveLength(12);
    expect(namesIn(setup.station, 'available')).toHaveLength(1);
  });
});

/** The secret as the registry hands it out once more for the same request. */
async function secretOf(deviceName: string): Promise<string> {
  const { database } = setup.station;
  const held = database.leases.listHeld()[0];
  const registry = setup.station.registry();
  if (held === undefined || registry === null) throw new Error('no lease');
  const reply = await registry.lease(
    { requestId: held.requestId, productId: held.productId, count: held.count },
    soon(),
  );
  const found = reply.triples.find((triple) => triple.deviceName === deviceName);
  return Buffer.from(found?.deviceSecret ?? []).toString();
}

describe('a station with another name', () => {
  it('is refused while triples are leased to this one, because their results would be', async () => {
    const rename = () => setup.station.settings.configure({ station: 'S9' }, STATION_ITSELF);
    await lease(3);
    const deviceName = claim(setup.station, 1);
    expect(await faultOf(rename)).toMatchObject({ code: 'bad-input', details: { inHand: 3 } });
    expect(setup.station.name).toBe('S1');
    setup.proxy.fates.push('cut-after');
    await faultOf(giveBack);
    // One is with a unit, two may be back or not.
    expect(await faultOf(rename)).toMatchObject({ code: 'bad-input' });
    await setup.station.sync.drain(soon());
    expect(await faultOf(rename)).toMatchObject({ code: 'bad-input', details: { inHand: 1 } });
    const request = { deviceName, productId: null, reason: 'the board was lost', approver: 'Wang' };
    await setup.station.returns.writeOff(request, { user: 'Li', role: 'support' }, soon());
    expect(await faultOf(rename)).toMatchObject({ code: 'bad-input', details: { unsent: 1 } });
    await setup.station.sync.drain(soon());
    // The registry knows it by its own token, and under no other name.
    expect(await faultOf(rename)).toMatchObject({ code: 'bad-input', details: { from: 'S1' } });
    const binding = { url: setup.proxy.url, token: setup.registry.service.enrolmentToken };
    setup.station.settings.configure({ station: 'S9', registry: binding }, STATION_ITSELF);
    expect(setup.station.name).toBe('S9');
    expect(await setup.station.sync.drain(soon())).toMatchObject({ parked: 0, pending: 0 });
  });
});
