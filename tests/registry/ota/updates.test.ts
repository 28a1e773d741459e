import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { contentOf, type FirmwareSetup, startFirmwareRegistry } from '../firmware/firmware-registry.ts';
import { connectPeer, loginOf, type Peer } from '../support/mqtt-peer.ts';
import { type Ask, lease, PRODUCT } from '../support/registry-fixture.ts';

const DAY_MS = 86_400_000;
let nowMs = 1_800_000_000_000;
let setup: FirmwareSetup;
let name: string;
let connect: () => Promise<Peer>;

beforeEach(async () => {
  setup = await startFirmwareRegistry(() => nowMs);
  await setup.publish(contentOf(5_000, 'two'), { version: '2.0' });
  await setup.publish(contentOf(6_000, 'three'), { version: '3.0' });
  const [triple] = await lease(setup, 1);
  name = triple?.deviceName ?? '';
  const login = loginOf(PRODUCT, name, triple?.deviceSecret ?? '');
  connect = () => connectPeer(setup.mqttPort, login);
});
afterEach(() => setup[Symbol.asyncDispose]());

const path = (): string => `/v1/devices/${PRODUCT}/${name}/ota`;
const ask = (key: string, version = '2.0', station = 'S1'): Promise<Ask> =>
  setup.post(path(), { key, firmware: { version }, withinMs: 60_000 }, station);
const updates = async (): Promise<Record<string, unknown>[]> =>
  (await setup.get(path())).body['updates'] as Record<string, unknown>[];
const down = (): string => `$ota/update/${PRODUCT}/${name}`;
const send = (peer: Peer, message: object): Promise<unknown> =>
  peer.client.publishAsync(`$ota/report/${PRODUCT}/${name}`, JSON.stringify(message), { qos: 1 });
const say = (peer: Peer, state: string, version: string, more: object = {}): Promise<unknown> =>
  send(peer, { type: 'report_progress', report: { progress: { state, ...more }, version } });

describe('updates of devices', () => {
  it('are sent again with a new address when the device reports its old version', async () => {
    await using peer = await connect();
    await peer.client.subscribeAsync(down());
    expect((await ask('a')).body).toMatchObject({ state: 'pushed', attempts: 1 });
    expect(await peer.next(down())).toMatchObject({ type: 'update_firmware', version: '2.0' });
    await say(peer, 'downloading', '2.0', { percent: 60 });
    nowMs += 10_000;
    await send(peer, { type: 'report_version', report: { version: '1.0' } });
    expect(await peer.next(down())).toMatchObject({ type: 'report_version_rsp', result_code: 0 });
    expect(await peer.next(down())).toMatchObject({ type: 'update_firmware', version: '2.0' });
    await say(peer, 'downloading', '2.0', { percent: 60 });
    nowMs += 2_000;
    await say(peer, 'downloading', '2.0', { percent: 100 });
    // 40 % of 5000 bytes in two seconds.
    expect(await updates()).toMatchObject([
      { state: 'updating', attempts: 2, percent: 100, bytesPerSecond: 1000 },
    ]);
    await say(peer, 'fail', '2.0', { result_code: '-4', result_msg: 'md5 differs' });
    const failure = { state: 'failed', failure: 'device', resultCode: -4, resultText: 'md5 differs' };
    expect(await updates()).toMatchObject([failure]);
  });

  it('take the place of one that the device has not begun; another version that it installs stays', async () => {
    await ask('a');
    expect((await ask('b', '3.0')).body).toMatchObject({ state: 'pending', version: '3.0' });
    expect(await updates()).toMatchObject([
      { key: 'b', state: 'pending' },
      { key: 'a', failure: 'superseded' },
    ]);
    await using peer = await connect();
    await peer.client.subscribeAsync(down());
    expect(await peer.next(down())).toMatchObject({ version: '3.0' });
    await say(peer, 'downloading', '3.0', { percent: 1 });
    expect(await ask('c', '2.0')).toMatchObject({ status: 409, body: { details: { version: '3.0' } } });
    expect((await ask('d', '3.0')).body).toMatchObject({ key: 'd', state: 'pushed' });
  });

  it('are cancelled until the device begins, and end at their time', async () => {
    await ask('a');
    const cancel = (key: string): Promise<Ask> => setup.post(`${path()}/cancel`, { key });
    expect((await cancel('a')).body).toMatchObject({ state: 'failed', failure: 'cancelled' });
    expect((await cancel('a')).body).toMatchObject({ failure: 'cancelled' });
    await using peer = await connect();
    await peer.client.subscribeAsync(down());
    await ask('b');
    await say(peer, 'downloading', '2.0', { percent: 5 });
    expect((await cancel('b')).status).toBe(409);
    nowMs += 60_000;
    expect(await updates()).toMatchObject([{ key: 'b', failure: 'time-out', percent: 5 }, { key: 'a' }]);
    // A version that arrives too late does not change the record.
    await send(peer, { type: 'report_version', report: { version: '2.0' } });
    expect(await updates()).toMatchObject([{ failure: 'time-out' }, {}]);
  });

  it('survive a restart of the registry, and their address expires', async () => {
    await ask('a');
    await setup.restart();
    await using peer = await connect();
    await peer.client.subscribeAsync(down());
    const { url } = await peer.next(down());
    expect((await fetch(String(url), { headers: { range: 'bytes=10-19' } })).status).toBe(206);
    nowMs += DAY_MS;
    expect((await fetch(String(url))).status).toBe(403);
  });

  it('are refused for firmware that is not there or offline, and for devices of other stations', async () => {
    expect(await ask('a', '7.7')).toMatchObject({ status: 404, body: { details: { firmware: 'missing' } } });
    const { body } = await setup.get('/v1/firmware');
    const list = body['firmware'] as { firmwareId: string; version: string }[];
    const two = list.find(({ version }) => version === '2.0');
    await setup.post(`/v1/firmware/${two?.firmwareId ?? ''}/state`, { state: 'offline' });
    expect(await ask('a')).toMatchObject({ status: 409, body: { details: { firmware: 'offline' } } });
    expect((await setup.post(path(), { key: '', firmware: {}, withinMs: 1 })).status).toBe(400);
    setup.addStation('S2');
    const token = setup.addStation('S3');
    const foreign = { key: 'x', firmware: { version: '3.0' }, withinMs: 60_000 };
    expect((await setup.askAs(token, 'S3', 'POST', path(), foreign)).status).toBe(403);
    expect((await ask('a', '3.0')).body).toMatchObject({ state: 'pending' });
    expect((await ask('a', '2.0')).status).toBe(409);
  });
});
