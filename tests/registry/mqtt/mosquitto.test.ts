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

beforeAll(async () => {
  setup = await startRegistry({ count: 2 });
  triple = (await lease(setup, 1))[0] as LeasedTriple;
});
afterAll(() => setup[Symbol.asyncDispose]());

/**
 * Publishes once with Mosquitto's own client. Its exit status is the CONNACK return code when it was refused, and -1 when
 * `signal` ended it.
 */
function publish(login: Login, topic: string, signal = AbortSignal.timeout(PATIENCE_MS)): Promise<number> {
  const args = ['-h', '127.0.0.1', '-p', String(setup.mqttPort), '-V', 'mqttv311', '-q', '1'];
  const who = ['-i', login.clientId, '-u', login.username, '-P', login.password];
  const what = ['-t', topic, '-m', '{"method":"report","clientToken":"m","params":{"from":"mosquitto"}}'];
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
});
