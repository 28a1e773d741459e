import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { STATION_ITSELF } from '#station';
import { createRegistryClient, type RegistryClient } from '../../../station/registry-sync/client/index.ts';
import { connectPeer, loginOf, type Peer } from '../../registry/support/mqtt-peer.ts';
import { startStation, type TestStation } from '../../kit/station.ts';
import { addBatch, PRODUCT } from '../../kit/sample-rows.ts';
import { chipOf } from '../../kit/triples.ts';
import { faultOf } from '../../support/fault-of.ts';
import { soon } from '../../support/patience.ts';

const by = { user: 'Li', role: 'support' } as const;
const justification = { reason: 'left bound by a test', approver: 'Wang' };
let setup: TestStation;
let client: RegistryClient;
let deviceName: string;
let peer: Peer;

beforeAll(async () => {
  setup = await startStation({ registry: 'real', triples: 2, lease: 0 });
  addBatch(setup.station.database);
  await setup.station.pool.lease(PRODUCT, 2, STATION_ITSELF, soon());
  const { database } = setup.station;
  deviceName = database.transaction(() => {
    const { unitId } = database.units.recordSeen(chipOf(1), null, null, 1);
    let row = database.triples.findNextFree(PRODUCT);
    if (row === null) throw new Error('the pool is empty');
    for (const event of ['claim', 'intend', 'confirm'] as const)
      row = database.triples.applyEvent(row, event, { at: 1, runId: null, note: '' }, unitId);
    return row.deviceName;
  });
  const { service, secrets } = setup.registry;
  const token = setup.registry.store.addStation('desk', []);
  client = createRegistryClient({ baseUrl: service.http, token, station: 'desk' });
  const own = setup.station.registry();
  if (own === null) throw new Error('a registry was expected');
  const login = loginOf(PRODUCT, deviceName, secrets.get(deviceName) ?? '');
  peer = await connectPeer(Number(new URL(service.mqtt).port), login);
  await peer.client.subscribeAsync(`$thing/down/service/${PRODUCT}/${deviceName}`, { qos: 1 });
  const made = await own.makeBindToken({ productId: PRODUCT, deviceName, key: 'k' }, soon());
  const reply = peer.next(`$thing/down/service/${PRODUCT}/${deviceName}`);
  await peer.client.publishAsync(
    `$thing/up/service/${PRODUCT}/${deviceName}`,
    JSON.stringify({ method: 'app_bind_token', clientToken: 'c', params: { token: made.token } }),
  );
  await reply;
  await own.bindDevice(made.tokenId, 'station:S1', 'k', soon());
  await peer.client.publishAsync(
    `$thing/up/event/${PRODUCT}/${deviceName}`,
    JSON.stringify({
      method: 'event_post',
      clientToken: 'e',
      eventId: 'low',
      type: 'alert',
      params: { level: 7 },
    }),
    { qos: 1 },
  );
});
afterAll(async () => {
  await peer[Symbol.asyncDispose]();
  await setup[Symbol.asyncDispose]();
});

describe('a unit that is bound to an owner', () => {
  it('is shown with its owner and its events, and released with a reason and an approver', async () => {
    const { returns, database } = setup.station;
    const report = await returns.find(deviceName, soon());
    expect(report.owner).toMatchObject({
      productId: PRODUCT,
      deviceName,
      owner: 'station:S1',
      station: 'S1',
    });
    expect(
      report.timeline.filter(({ source }) => source === 'registry').map(({ kind, note }) => [kind, note]),
    ).toEqual(
      expect.arrayContaining([
        ['owner-bound', 'station:S1'],
        ['device-event', 'low alert {"level":7}'],
      ]),
    );
    const request = { productId: PRODUCT, deviceName, owner: 'station:S1', ...justification };
    const wrong = await faultOf(() => returns.unbind({ ...request, owner: 'customer' }, by, soon()));
    expect(wrong).toMatchObject({ code: 'registry-refused', details: { owner: 'station:S1' } });
    expect(await faultOf(() => returns.unbind({ ...request, reason: ' ' }, by, soon()))).toMatchObject({
      code: 'bad-input',
    });
    expect(database.audit.findLastOf(['returns.unbind'])).toBeNull();
    expect(await returns.unbind(request, by, soon())).toEqual({ released: true, told: true });
    const last = database.audit.findLastOf(['returns.unbind']);
    expect(last).toMatchObject({ actor: 'Li', subject: deviceName });
    expect(JSON.parse(last?.details ?? '{}')).toMatchObject({
      ...justification,
      owner: 'station:S1',
      released: true,
    });
    const after = await returns.find(deviceName, soon());
    expect(after.owner).toBeNull();
    expect(after.timeline).toContainEqual(
      expect.objectContaining({
        kind: 'owner-released',
        note: 'station:S1: left bound by a test',
        actor: 'S1: Li, approved by Wang, not proven',
      }),
    );
  });

  it('is released by its own station or by one with the right "desk"', async () => {
    const given = { reason: 'r', by: 'Li', owner: null };
    expect(await faultOf(() => client.unbindDevice(PRODUCT, deviceName, given, soon()))).toMatchObject({
      code: 'registry-refused',
      details: { code: 'forbidden' },
    });
    setup.registry.store.setRights('desk', ['desk']);
    expect(await client.unbindDevice(PRODUCT, deviceName, given, soon())).toMatchObject({ released: false });
  });
});
