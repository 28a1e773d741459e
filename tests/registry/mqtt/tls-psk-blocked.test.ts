import type { IClientOptions } from 'mqtt';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openRegistryStore } from '#registry';
import { connectPeer, loginOf, refusedWith, type Login } from '../support/mqtt-peer.ts';
import {
  lease,
  PRODUCT,
  startRegistry,
  type LeasedTriple,
  type RegistrySetup,
} from '../support/registry-fixture.ts';
import { retireEvent } from '../support/sample-events.ts';

let setup: RegistrySetup;
beforeAll(async () => {
  setup = await startRegistry({ count: 8, psk: true });
});
afterAll(() => setup[Symbol.asyncDispose]());

const port = (): number => Number(new URL(setup.registry.mqtts ?? '').port);

/** A device that knows nothing but its pre-shared key: no password. */
function deviceOf({ deviceName, deviceSecret }: LeasedTriple): {
  readonly login: Login;
  readonly options: IClientOptions;
} {
  const login = loginOf(PRODUCT, deviceName, deviceSecret);
  const key = { identity: login.clientId, psk: Buffer.from(deviceSecret, 'base64') };
  const options = {
    protocol: 'mqtts',
    password: undefined,
    keepalive: 1,
    ciphers: 'PSK-AES128-CBC-SHA',
    minVersion: 'TLSv1.2',
    maxVersion: 'TLSv1.2',
    pskCallback: () => key,
    checkServerIdentity: () => undefined,
  };
  return { login, options: options as unknown as IClientOptions };
}

const retire = async (deviceName: string): Promise<void> => {
  const { body } = await setup.post('/v1/events', {
    events: [retireEvent(`retire:${deviceName}`, deviceName, null)],
  });
  expect(body.results).toMatchObject([{ status: 'applied' }]);
};
const connectionOf = async (deviceName: string): Promise<unknown> =>
  (await setup.get(`/v1/devices/${PRODUCT}/${deviceName}`)).body.connection;
const refusalsOf = (clientId: string): unknown[] =>
  setup.tap.entries
    .filter(({ event, details }) => event === 'mqtt.refused' && details?.['clientId'] === clientId)
    .map(({ details }) => details?.['reason']);

async function next(): Promise<LeasedTriple> {
  const [triple] = await lease(setup, 1);
  if (triple === undefined) throw new Error('no triple is left');
  return triple;
}

describe('a device with a pre-shared key', () => {
  it('that was retired is refused with the reason, although its key is right', async () => {
    const triple = await next();
    const { login, options } = deviceOf(triple);
    await retire(triple.deviceName);
    expect(await refusedWith(port(), login, options)).toBe(5);
    expect(refusalsOf(login.clientId)).toEqual(['retired']);
  });

  it('that is retired while it is connected is disconnected, and does not come in again', async () => {
    const triple = await next();
    const { login, options } = deviceOf(triple);
    await using peer = await connectPeer(port(), login, options);
    expect(await connectionOf(triple.deviceName)).toBe('online');
    await retire(triple.deviceName);
    await peer.closed;
    await expect.poll(() => connectionOf(triple.deviceName)).toBe('offline');
    expect(await refusedWith(port(), login, options)).toBe(5);
  });

  it('whose lease is put in quarantine is disconnected at its next message, refused, and let in again when that is over', async () => {
    const { leaseId, triples } = (
      await setup.post('/v1/leases', { requestId: 'quarantine', productId: PRODUCT, count: 1 })
    ).body as unknown as { leaseId: string; triples: LeasedTriple[] };
    const [triple] = triples;
    if (triple === undefined) throw new Error('no triple is left');
    const { login, options } = deviceOf(triple);
    await using peer = await connectPeer(port(), login, options);
    using store = openRegistryStore(setup.dataDir);
    const why = { reason: 'S1 burned down', approver: 'Wang' };
    store.quarantineLease(leaseId, why);
    await peer.closed;
    expect(await refusedWith(port(), login, options)).toBe(5);
    expect(refusalsOf(login.clientId)).toEqual(['quarantined']);
    store.restoreLease(leaseId, why);
    await using again = await connectPeer(port(), login, options);
    expect(again.client.connected).toBe(true);
  });
});
