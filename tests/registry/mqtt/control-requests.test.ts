import { createServer, connect, type Socket } from 'node:net';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connectPeer, loginOf } from '../support/mqtt-peer.ts';
import {
  type RegistrySetup,
  lease,
  type LeasedTriple,
  PRODUCT,
  startRegistry,
} from '../support/registry-fixture.ts';

let setup: RegistrySetup;
let pool: LeasedTriple[];
beforeAll(async () => {
  setup = await startRegistry({ count: 5 });
  pool = await lease(setup, 5);
});
afterAll(() => setup[Symbol.asyncDispose]());

function next(): LeasedTriple {
  const triple = pool.shift();
  if (triple === undefined) throw new Error('seed more triples');
  return triple;
}

const login = ({ deviceName, deviceSecret }: LeasedTriple) => loginOf(PRODUCT, deviceName, deviceSecret);
const topic = (way: 'up' | 'down', { deviceName }: LeasedTriple) =>
  `$thing/${way}/action/${PRODUCT}/${deviceName}`;
const unlock = async (triple: LeasedTriple, withinMs: number) =>
  (await setup.post(`/v1/devices/${PRODUCT}/${triple.deviceName}/control`, { action: 'unlock', withinMs }))
    .body;

/** A network that can hold what goes to the device, and let it go later. */
async function startStallingNetwork(): Promise<
  { readonly port: number; stall(): void; resume(): void } & AsyncDisposable
> {
  const down: Socket[] = [];
  const server = createServer((near) => {
    const far = connect(setup.mqttPort, '127.0.0.1');
    near.pipe(far);
    far.pipe(near);
    near.on('error', () => far.destroy());
    far.on('error', () => near.destroy());
    down.push(far);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    stall: () => down.forEach((far) => far.pause()),
    resume: () => down.forEach((far) => far.resume()),
    async [Symbol.asyncDispose]() {
      server.close();
      for (const far of down) far.destroy();
      await once(server, 'close');
    },
  };
}

describe('a control request', () => {
  it('for a disconnected device is never delivered, also not into a persistent session', async () => {
    const triple = next();
    const first = await connectPeer(setup.mqttPort, login(triple), { clean: false });
    await first.client.subscribeAsync(topic('down', triple), { qos: 1 });
    await first.client.endAsync();
    await setup.tap.seen('mqtt.offline');
    expect(await unlock(triple, 60_000)).toMatchObject({ code: null });
    const heard: string[] = [];
    await using again = await connectPeer(setup.mqttPort, login(triple), { clean: false });
    again.client.on('message', (_topic, payload) => heard.push(payload.toString()));
    // What was kept for it would come before the answer to what it asks now.
    await again.client.subscribeAsync(`$thing/down/property/${PRODUCT}/${triple.deviceName}`, { qos: 1 });
    const reply = again.next(`$thing/down/property/${PRODUCT}/${triple.deviceName}`);
    await again.client.publishAsync(
      `$thing/up/property/${PRODUCT}/${triple.deviceName}`,
      '{"method":"get_status","clientToken":"t"}',
      { qos: 1 },
    );
    expect(await reply).toMatchObject({ method: 'get_status_reply' });
    expect(heard.filter((text) => text.includes('unlock'))).toEqual([]);
  });

  it('for a connected device is answered by it', async () => {
    const triple = next();
    await using peer = await connectPeer(setup.mqttPort, login(triple));
    await peer.client.subscribeAsync(topic('down', triple), { qos: 1 });
    const asked = unlock(triple, 20_000);
    const { clientToken } = await peer.next(topic('down', triple));
    await peer.client.publishAsync(
      topic('up', triple),
      `{"method":"action_reply","clientToken":"${String(clientToken)}","code":0,"status":"open","response":{"ok":1,"id":12345678901234567890}}`,
    );
    expect(await asked).toEqual({
      code: 0,
      status: 'open',
      response: { ok: 1, id: '12345678901234567890' },
    });
    expect(peer.client.connected).toBe(true);
  });

  it('that the network delayed is not delivered after the caller got a timeout', async () => {
    const triple = next();
    await using network = await startStallingNetwork();
    await using peer = await connectPeer(network.port, login(triple), { clean: false });
    await peer.client.subscribeAsync(topic('down', triple), { qos: 1 });
    const heard: string[] = [];
    peer.client.on('message', (_topic, payload) => heard.push(payload.toString()));
    network.stall();
    expect(await unlock(triple, 50)).toMatchObject({ code: null });
    network.resume();
    await peer.closed;
    await using again = await connectPeer(setup.mqttPort, login(triple), { clean: false });
    const down = topic('down', triple).replace('action', 'property');
    again.client.on('message', (_topic, payload) => heard.push(payload.toString()));
    await again.client.subscribeAsync(down, { qos: 1 });
    await again.client.publishAsync(down.replace('down', 'up'), '{"method":"get_status"}', { qos: 1 });
    expect(await again.next(down)).toMatchObject({ method: 'get_status_reply' });
    expect(heard.filter((text) => text.includes('unlock'))).toEqual([]);
  });
});
