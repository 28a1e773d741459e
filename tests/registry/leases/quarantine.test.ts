import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openRegistryStore, type RegistryStore } from '#registry';
import { Fault } from '#shared/domain/fault.ts';
import {
  deviceView,
  eventsReply,
  leaseReply,
  leaseReturnReply,
  productView,
} from '#shared/registry-api/index.ts';
import { connectPeer, loginOf, refusedWith } from '../support/mqtt-peer.ts';
import { type RegistrySetup, PRODUCT, startRegistry } from '../support/registry-fixture.ts';
import { retireEvent, runEvent } from '../support/sample-events.ts';

let setup: RegistrySetup;
let store: RegistryStore;
beforeEach(async () => {
  setup = await startRegistry({ count: 20 });
  // As the command does it: another process, on the data of a service that runs.
  store = openRegistryStore(setup.dataDir);
});
afterEach(async () => {
  store.close();
  await setup[Symbol.asyncDispose]();
});

const WHY = { reason: 'S1 burned down', approver: 'Wang' };

async function leased(count: number) {
  const request = { requestId: 'r', productId: PRODUCT, count };
  const reply = leaseReply.parse((await setup.post('/v1/leases', request)).body);
  return { request, ...reply };
}

async function send(...events: unknown[]) {
  return eventsReply.parse((await setup.post('/v1/events', { events })).body).results;
}

async function device(deviceName: string) {
  return deviceView.parse((await setup.get(`/v1/devices/${PRODUCT}/${deviceName}`)).body);
}

function faultOf(work: () => unknown): Fault {
  try {
    work();
  } catch (error) {
    if (error instanceof Fault) return error;
    throw error;
  }
  throw new Error('a fault was expected');
}

describe("a dead station's lease", () => {
  it('is given up by a decision: none of its triples can be bound, returned, leased or log in any more', async () => {
    const { leaseId, request, triples } = await leased(5);
    const [bound, retired, returned, free, other] = triples;
    if (!bound || !retired || !returned || !free || !other) throw new Error('five triples expected');
    await send(runEvent(1, bound.deviceName), retireEvent('k', retired.deviceName, null));
    const path = `/v1/leases/${leaseId}/return`;
    await setup.post(path, { deviceNames: [returned.deviceName] });
    expect(store.leases()).toMatchObject([
      {
        leaseId,
        station: 'S1',
        outstanding: 2,
        returned: 1,
        quarantined: false,
        lastHeardMs: expect.any(Number),
      },
    ]);

    expect(store.quarantineLease(leaseId, WHY)).toBe(2);

    expect(store.leases()).toMatchObject([{ leaseId, outstanding: 0, returned: 1, quarantined: true }]);
    expect((await device(free.deviceName)).state).toBe('quarantined');
    expect((await device(bound.deviceName)).state).toBe('bound');
    const { counts, quarantined } = productView.parse((await setup.get(`/v1/products/${PRODUCT}`)).body);
    expect({ counts, quarantined }).toEqual({
      counts: { available: 16, leased: 2, bound: 1, retired: 1 },
      quarantined: 2,
    });
    // The station comes back: what it tells of units it had finished before is taken, the rest is refused with the reason.
    const [ofBound, ofFree] = await send(
      runEvent(1, bound.deviceName, { runId: 'again' }),
      runEvent(2, free.deviceName),
    );
    expect(ofBound?.status).toBe('applied');
    expect(ofFree).toMatchObject({ status: 'rejected', code: 'identity-quarantined' });
    expect(ofFree?.reason).toContain(`lease ${leaseId} of S1 was put in quarantine by Wang (S1 burned down)`);
    const repeated = await setup.post('/v1/leases', request);
    expect(repeated).toMatchObject({ status: 409, body: { code: 'conflict' } });
    expect(
      leaseReturnReply.parse((await setup.post(path, { deviceNames: [free.deviceName] })).body).refused,
    ).toMatchObject([{ code: 'quarantined' }]);
    const login = loginOf(PRODUCT, free.deviceName, free.deviceSecret);
    expect(await refusedWith(setup.mqttPort, login)).toBe(5);
    // Nobody else gets one of them.
    const rest = await setup.post('/v1/leases', { requestId: 's2', productId: PRODUCT, count: 16 }, 'S2');
    const names = leaseReply.parse(rest.body).triples.map(({ deviceName }) => deviceName);
    expect(names).not.toContain(free.deviceName);
    expect(names).not.toContain(other.deviceName);
    expect(names).toContain(returned.deviceName);
  });

  it('disconnects a connected device of it at its next message', async () => {
    const { leaseId, triples } = await leased(1);
    const { deviceName = '', deviceSecret = '' } = triples[0] ?? {};
    await using peer = await connectPeer(setup.mqttPort, loginOf(PRODUCT, deviceName, deviceSecret), {
      keepalive: 1,
    });
    store.quarantineLease(leaseId, WHY);
    await peer.closed;
    expect((await device(deviceName)).connection).toBe('offline');
  });

  it('can be restored when the station works again, and then its events are applied', async () => {
    const { leaseId, triples } = await leased(3);
    const [free, retired] = triples.map(({ deviceName }) => deviceName);
    store.quarantineLease(leaseId, WHY);
    const event = runEvent(1, free ?? '');
    expect((await send(event))[0]?.code).toBe('identity-quarantined');
    expect((await send(retireEvent('k', retired ?? '', null)))[0]?.status).toBe('applied');
    expect(store.restoreLease(leaseId, { reason: 'only its network was down', approver: 'Wang' })).toBe(3);
    expect((await send(event))[0]?.status).toBe('applied');
    expect((await device(retired ?? '')).state).toBe('retired');
    expect(store.leases()).toMatchObject([{ outstanding: 1, quarantined: false }]);
    // A decision is kept for good and may be taken again.
    expect(store.quarantineLease(leaseId, WHY)).toBe(1);
  });

  it('needs a reason and an approver for a decision, once', async () => {
    const { leaseId } = await leased(1);
    expect(faultOf(() => store.quarantineLease(leaseId, { reason: ' ', approver: 'Wang' })).code).toBe(
      'bad-input',
    );
    expect(faultOf(() => store.quarantineLease('no-such', WHY)).code).toBe('not-found');
    expect(faultOf(() => store.restoreLease(leaseId, WHY)).code).toBe('bad-input');
    store.quarantineLease(leaseId, WHY);
    const again = faultOf(() => store.quarantineLease(leaseId, WHY));
    expect(again.message).toContain('by Wang (S1 burned down) already');
  });
});
