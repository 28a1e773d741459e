import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { leaseReply, leaseReturnReply, leasesReply, productView } from '#shared/registry-api/index.ts';
import { connectPeer, loginOf } from '../support/mqtt-peer.ts';
import { lease, PRODUCT, startRegistry, type RegistrySetup } from '../support/registry-fixture.ts';
import { retireEvent, runEvent } from '../support/sample-events.ts';

let setup: RegistrySetup;
beforeEach(async () => {
  setup = await startRegistry({ count: 100 });
});
afterEach(() => setup[Symbol.asyncDispose]());

async function counts() {
  return productView.parse((await setup.get(`/v1/products/${PRODUCT}`)).body).counts;
}

describe('leases', () => {
  it('give the same block again for the same request, even after a restart', async () => {
    const request = { requestId: 'monday', productId: PRODUCT, count: 7 };
    const first = await setup.post('/v1/leases', request);
    expect(first.status).toBe(200);
    const block = leaseReply.parse(first.body);
    expect(new Set(block.triples.map((triple) => triple.deviceName)).size).toBe(7);
    for (const { deviceSecret } of block.triples)
      expect(Buffer.from(deviceSecret, 'base64')).toHaveLength(16);
    const again = await Promise.all([1, 2, 3].map(() => setup.post('/v1/leases', request)));
    await setup.restart();
    again.push(await setup.post('/v1/leases', request));
    for (const { body } of again) expect(body).toEqual(first.body);
    expect(await counts()).toEqual({ available: 93, leased: 7, bound: 0, retired: 0 });
  });

  it('never give one triple to two stations that ask at once, each several times', async () => {
    const stations = ['S1', 'S2', 'S3', '工位 4'];
    const asked = stations.flatMap((station) =>
      ['a', 'b', 'c'].flatMap((requestId) => [1, 2].map(() => lease(setup, 8, station, requestId))),
    );
    const blocks = await Promise.all(asked);
    const holder = new Map<string, Set<string>>();
    blocks.forEach((block, i) => {
      const who = `${stations[Math.floor(i / 6)] ?? ''}/${Math.floor(i / 2) % 3}`;
      for (const { deviceName } of block)
        holder.set(deviceName, (holder.get(deviceName) ?? new Set()).add(who));
    });
    expect(holder.size).toBe(96);
    for (const [, holders] of holder) expect(holders.size).toBe(1);
    expect(await counts()).toMatchObject({ available: 4, leased: 96 });
  });

  it('are complete or refused, with the number of available triples', async () => {
    await lease(setup, 98);
    const { status, body } = await setup.post('/v1/leases', {
      requestId: 'more',
      productId: PRODUCT,
      count: 3,
    });
    expect(status).toBe(409);
    expect(body).toMatchObject({ code: 'pool-empty', details: { left: 2, asked: 3 } });
    expect(body.message).toContain('2 triples left');
    expect(await counts()).toMatchObject({ available: 2, leased: 98 });
  });

  it('refuse a request id of another request, an unknown product and an invalid count', async () => {
    await lease(setup, 2, 'S1', 'r');
    const reused = await setup.post('/v1/leases', { requestId: 'r', productId: PRODUCT, count: 3 });
    expect(reused).toMatchObject({ status: 409, body: { code: 'conflict' } });
    const other = await setup.post('/v1/leases', { requestId: 'r', productId: PRODUCT, count: 3 }, 'S2');
    expect(other.status).toBe(200);
    const unknown = await setup.post('/v1/leases', { requestId: 'u', productId: 'NOSUCH', count: 1 });
    expect(unknown).toMatchObject({ status: 404, body: { code: 'not-found' } });
    for (const count of [0, -1, 1.5, 10_001, '3', null]) {
      const silly = await setup.post('/v1/leases', { requestId: 's', productId: PRODUCT, count });
      expect(silly).toMatchObject({ status: 400, body: { code: 'bad-input' } });
    }
  });

  it('accept the return of unused triples once, and of no others', async () => {
    const request = { requestId: 'r', productId: PRODUCT, count: 5 };
    const { leaseId, triples } = leaseReply.parse((await setup.post('/v1/leases', request)).body);
    const [free, bound, retired, seen, kept] = triples;
    if (!free || !bound || !retired || !seen || !kept) throw new Error('five triples expected');
    await setup.post('/v1/events', {
      events: [runEvent(1, bound.deviceName), retireEvent('k', retired.deviceName, null)],
    });
    await using peer = await connectPeer(
      setup.mqttPort,
      loginOf(PRODUCT, seen.deviceName, seen.deviceSecret),
    );
    expect(peer.client.connected).toBe(true);

    const deviceNames = [free, bound, retired, seen].map((triple) => triple.deviceName).concat('Dev000099');
    const path = `/v1/leases/${leaseId}/return`;
    const once = leaseReturnReply.parse((await setup.post(path, { deviceNames })).body);
    expect(once.returned).toEqual([free.deviceName]);
    expect(once.refused.map(({ code }) => code)).toEqual(['bound', 'retired', 'seen-online', 'not-in-lease']);
    const twice = leaseReturnReply.parse((await setup.post(path, { deviceNames })).body);
    expect(twice).toEqual(once);
    expect(await counts()).toEqual({ available: 96, leased: 2, bound: 1, retired: 1 });

    // Given to somebody else meanwhile, it is still "returned" for this lease and stays with the other.
    await lease(setup, 96, 'S2');
    expect(
      leaseReturnReply.parse((await setup.post(path, { deviceNames: [free.deviceName] })).body),
    ).toMatchObject({
      returned: [free.deviceName],
    });
    expect((await setup.get(`/v1/devices/${PRODUCT}/${free.deviceName}`)).body).toMatchObject({
      leasedTo: 'S2',
    });
    const repeated = leaseReply.parse((await setup.post('/v1/leases', request)).body);
    expect(repeated.triples.map((triple) => triple.deviceName)).not.toContain(free.deviceName);

    expect((await setup.post(path, { deviceNames: [kept.deviceName] }, 'S2')).status).toBe(404);
    const { leases } = leasesReply.parse((await setup.get('/v1/leases')).body);
    expect(leases).toMatchObject([
      { leaseId, requestId: 'r', station: 'S1', count: 5, outstanding: 2, returned: 1 },
    ]);
  });
});
