import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loginOf, type Login } from '../support/mqtt-peer.ts';
import {
  lease,
  PRODUCT,
  startRegistry,
  type RegistrySetup,
  type LeasedTriple,
} from '../support/registry-fixture.ts';
import { PATIENCE_MS } from '../../support/patience.ts';

const MOSQUITTO_PUB = '/usr/bin/mosquitto_pub';

let setup: RegistrySetup;
let triple: LeasedTriple;
let other: LeasedTriple;

beforeAll(async () => {
  setup = await startRegistry({ count: 2 });
  [triple, other] = (await lease(setup, 2)) as [LeasedTriple, LeasedTriple];
});
afterAll(() => setup[Symbol.asyncDispose]());

const REPORT = '{"method":"report","clientToken":"m","params":{"from":"mosquitto"}}';

/**
 * Publishes once with Mosquitto's own client. Its exit status is the CONNACK return code when it was refused, and -1 when
 * `signal` ended it.
 */
function publish(
  login: Login,
  topic: string,
  signal = AbortSignal.timeout(PATIENCE_MS),
  message = REPORT,
): Promise<number> {
  const args = ['-h', '127.0.0.1', '-p', String(setup.mqttPort), '-V', 'mqttv311', '-q', '1'];
  const who = ['-i', login.clientId, '-u', login.username, '-P', login.password];
  const what = ['-t', topic, '-m', message];
  return new Promise((resolve) => {
    const child = execFile(MOSQUITTO_PUB, [...args, ...who, ...what], { signal });
    child.on('error', () => undefined);
    child.on('exit', (code) => resolve(code ?? -1));
  });
}

describe.skipIf(!existsSync(MOSQUITTO_PUB))('mosquitto_pub', () => {
  it('delivers with the right secret', async () => {
    const login = loginOf(PRODUCT, triple.deviceName, triple.deviceSecret);
    expect(await publish(login, `$thing/up/property/${PRODUCT}/${triple.deviceName}`)).toBe(0);
    await setup.tap.seen('mqtt.offline');
    const { body } = await setup.get(`/v1/devices/${PRODUCT}/${triple.deviceName}`);
    expect(body).toMatchObject({ connection: 'offline', logins: 1, properties: { from: 'mosquitto' } });
  });

  it('is refused with a wrong secret, by its exit status', async () => {
    const login = loginOf(PRODUCT, triple.deviceName, Buffer.alloc(16, 7).toString('base64'));
    expect(await publish(login, `$thing/up/property/${PRODUCT}/${triple.deviceName}`)).toBe(4);
  });

  it("does not get its message into another device's properties", async () => {
    const login = loginOf(PRODUCT, triple.deviceName, triple.deviceSecret);
    const stop = new AbortController();
    const published = publish(login, `$thing/up/property/${PRODUCT}/Dev000002`, stop.signal);
    // The registry does not acknowledge a message that it refuses (ADR 37): the client would wait for ever.
    await setup.tap.seen('mqtt.refused', 2);
    stop.abort();
    expect(await published).toBe(-1);
    expect((await setup.get(`/v1/devices/${PRODUCT}/Dev000002`)).body).toMatchObject({ properties: {} });
  });

  it('reports a provisioning token, and not the one of another device', async () => {
    const { deviceName, deviceSecret } = triple;
    const login = loginOf(PRODUCT, deviceName, deviceSecret);
    const made = async (name: string): Promise<Record<string, unknown>> =>
      (await setup.post('/v1/bind-tokens', { productId: PRODUCT, deviceName: name, key: name })).body;
    const report = (token: unknown): Promise<number> => {
      const message = JSON.stringify({ method: 'app_bind_token', clientToken: 'm', params: { token } });
      return publish(login, `$thing/up/service/${PRODUCT}/${deviceName}`, undefined, message);
    };
    const stateOf = async (tokenId: unknown): Promise<unknown> =>
      (await setup.get(`/v1/bind-tokens/${String(tokenId)}`)).body;

    const own = await made(deviceName);
    expect(await report(own.token)).toBe(0);
    expect(await stateOf(own.tokenId)).toMatchObject({
      state: 'reported',
      reportedBy: { productId: PRODUCT, deviceName },
    });
    const foreign = await made(other.deviceName);
    expect(await report(foreign.token)).toBe(0);
    expect(await stateOf(foreign.tokenId)).toMatchObject({
      state: 'made',
      reportedBy: null,
      refusedBy: { deviceName },
    });
  });
});
