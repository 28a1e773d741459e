import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { eventsReply, loginProofReply, type LoginProofReply } from '#shared/registry-api/index.ts';
import { connectPeer, loginOf } from '../support/mqtt-peer.ts';
import {
  lease,
  PRODUCT,
  startRegistry,
  type RegistrySetup,
  type LeasedTriple,
} from '../support/registry-fixture.ts';
import { chip, retireEvent, runEvent } from '../support/sample-events.ts';

let setup: RegistrySetup;
beforeEach(async () => {
  setup = await startRegistry({ count: 4 });
});
afterEach(() => setup[Symbol.asyncDispose]());

async function logIn({ deviceName, deviceSecret }: LeasedTriple): Promise<void> {
  await using _peer = await connectPeer(setup.mqttPort, loginOf(PRODUCT, deviceName, deviceSecret));
}

async function tell(deviceName: string, unit: number, station = 'S1'): Promise<LoginProofReply> {
  const path = `/v1/devices/${PRODUCT}/${deviceName}/login`;
  const { status, body } = await setup.post(path, { chipId: chip(unit) }, station);
  expect(status).toBe(200);
  return loginProofReply.parse(body);
}

async function send(event: unknown, station = 'S1') {
  const { body } = await setup.post('/v1/events', { events: [event] }, station);
  return eventsReply.parse(body).results[0];
}

describe('a login that a station reports', () => {
  it('binds the identity to its first unit, however often it is reported, over restarts and against events', async () => {
    const [one, two] = (await lease(setup, 2)) as [LeasedTriple, LeasedTriple];
    await logIn(one);
    expect(await tell(one.deviceName, 1)).toEqual({ status: 'bound' });
    await setup.restart();
    expect(await Promise.all([1, 2, 2, 1].map((unit) => tell(one.deviceName, unit)))).toMatchObject([
      { status: 'bound' },
      { status: 'conflict', code: 'identity-bound-elsewhere', holder: chip(1) },
      { status: 'conflict', holder: chip(1) },
      { status: 'bound' },
    ]);
    expect(await send(runEvent(2, one.deviceName))).toMatchObject({
      status: 'rejected',
      code: 'identity-bound-elsewhere',
    });
    expect(await send(runEvent(1, one.deviceName))).toMatchObject({ status: 'applied' });
    // What was bound by an event holds as well.
    await logIn(two);
    await send(runEvent(3, two.deviceName));
    expect(await tell(two.deviceName, 4)).toMatchObject({ status: 'conflict', holder: chip(3) });
    expect(await tell(two.deviceName, 3)).toEqual({ status: 'bound' });
  });

  it('binds nothing that never logged in, and nothing of another station', async () => {
    const [one] = (await lease(setup, 1)) as [LeasedTriple];
    expect(await tell(one.deviceName, 1)).toEqual({ status: 'unseen' });
    expect(await tell('nobody', 1)).toEqual({ status: 'unseen' });
    await logIn(one);
    expect(await tell(one.deviceName, 1, 'S2')).toMatchObject({
      status: 'conflict',
      code: 'identity-leased-elsewhere',
      holder: null,
    });
    expect(await tell(one.deviceName, 2)).toEqual({ status: 'bound' });
  });

  it('does not wait for the message that retires what the unit held before', async () => {
    const [old, fresh] = (await lease(setup, 2)) as [LeasedTriple, LeasedTriple];
    await send(runEvent(1, old.deviceName));
    await logIn(fresh);
    expect(await tell(fresh.deviceName, 1)).toEqual({ status: 'bound' });
    expect(await send(retireEvent('gone', old.deviceName, chip(1)))).toMatchObject({ status: 'applied' });
    expect(await send(runEvent(2, fresh.deviceName))).toMatchObject({ code: 'identity-bound-elsewhere' });
    expect(await send(runEvent(1, fresh.deviceName, { runId: 'again' }))).toMatchObject({
      status: 'applied',
    });
  });
});
