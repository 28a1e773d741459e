import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connectPeer, loginOf, type Peer } from '../support/mqtt-peer.ts';
import {
  lease,
  PRODUCT,
  startRegistry,
  type Ask,
  type LeasedTriple,
  type RegistrySetup,
} from '../support/registry-fixture.ts';

let nowMs = 1_800_000_000_000;
let setup: RegistrySetup;
let pool: LeasedTriple[];
const tokens: string[] = [];

beforeAll(async () => {
  setup = await startRegistry({ count: 40, now: () => nowMs });
  pool = await lease(setup, 30);
});
afterAll(() => setup[Symbol.asyncDispose]());

function nextTriple(): LeasedTriple {
  const triple = pool.shift();
  if (triple === undefined) throw new Error('seed more triples');
  return triple;
}

interface Token {
  readonly tokenId: string;
  readonly token: string;
}

async function make(deviceName: string | null, key: string = crypto.randomUUID(), more = {}): Promise<Token> {
  const { status, body } = await setup.post('/v1/bind-tokens', {
    productId: PRODUCT,
    deviceName,
    key,
    ...more,
  });
  expect(status, JSON.stringify(body)).toBe(200);
  tokens.push(String(body.token));
  return { tokenId: String(body.tokenId), token: String(body.token) };
}

const read = (tokenId: string, station?: string): Promise<Ask> =>
  setup.get(`/v1/bind-tokens/${tokenId}`, station);
const bind = (tokenId: string, owner: string, key = 'bind'): Promise<Ask> =>
  setup.post(`/v1/bind-tokens/${tokenId}/bind`, { owner, key });
const ownerOf = async (deviceName: string): Promise<Record<string, unknown>> =>
  (await setup.get(`/v1/devices/${PRODUCT}/${deviceName}/owner`)).body;
const unbind = (deviceName: string, more = {}, station = 'S1'): Promise<Ask> =>
  setup.post(
    `/v1/devices/${PRODUCT}/${deviceName}/unbind`,
    { reason: 'end of the test', by: 'Li', ...more },
    station,
  );

const down = (name: string): string => `$thing/down/service/${PRODUCT}/${name}`;

async function connect(triple: LeasedTriple): Promise<Peer> {
  const peer = await connectPeer(setup.mqttPort, loginOf(PRODUCT, triple.deviceName, triple.deviceSecret));
  await peer.client.subscribeAsync(down(triple.deviceName), { qos: 1 });
  return peer;
}

/** Reports a token as a device does; returns the reply. */
async function report(peer: Peer, deviceName: string, token: string): Promise<Record<string, unknown>> {
  const reply = peer.next(down(deviceName));
  const message = { method: 'app_bind_token', clientToken: 'c-1', params: { token } };
  await peer.client.publishAsync(`$thing/up/service/${PRODUCT}/${deviceName}`, JSON.stringify(message));
  return reply;
}

async function refusalsOf(deviceName: string): Promise<unknown[]> {
  const { body } = await setup.get(`/v1/refusals?productId=${PRODUCT}&deviceName=${deviceName}`);
  return (body.refusals as { reason: string; detail: string }[]).map(
    ({ reason, detail }) => `${reason} ${detail}`,
  );
}

describe('a provisioning token', () => {
  it('goes from made over reported and bound to released, and tells the device twice', async () => {
    const triple = nextTriple();
    const name = triple.deviceName;
    const { tokenId, token } = await make(name);
    expect(token).toMatch(/^v3_[0-9a-f]{29}$/);
    expect((await read(tokenId)).body).toMatchObject({ state: 'made', reportedBy: null, owner: null });
    expect(await bind(tokenId, 'station:S1')).toMatchObject({ status: 409, body: { code: 'conflict' } });
    await using peer = await connect(triple);
    expect(await report(peer, name, token)).toEqual({
      method: 'app_bind_token_reply',
      clientToken: 'c-1',
      code: 0,
      status: 'success',
    });
    // A device repeats what was not answered.
    expect(await report(peer, name, token)).toMatchObject({ code: 0 });
    expect((await read(tokenId)).body).toMatchObject({
      state: 'reported',
      reportedBy: { productId: PRODUCT, deviceName: name },
    });
    for (const round of [1, 2])
      expect(await bind(tokenId, 'station:S1'), String(round)).toMatchObject({
        status: 200,
        body: { state: 'bound', owner: 'station:S1' },
      });
    expect(await peer.next(down(name))).toMatchObject({ method: 'bind_device' });
    expect(await ownerOf(name)).toMatchObject({
      owner: { owner: 'station:S1', station: 'S1', released: null },
    });
    expect(await setup.post(`/v1/bind-tokens/${tokenId}/withdraw`, {})).toMatchObject({ status: 409 });
    expect(await unbind(name, { owner: 'somebody' })).toMatchObject({
      status: 409,
      body: { details: { owner: 'station:S1' } },
    });
    expect((await unbind(name)).body).toEqual({ released: true, told: true });
    expect((await unbind(name)).body).toEqual({ released: false, told: true });
    expect(await peer.next(down(name))).toMatchObject({ method: 'unbind_device' });
    expect((await read(tokenId)).body).toMatchObject({ state: 'released' });
    expect(await ownerOf(name)).toMatchObject({
      owner: null,
      past: [{ owner: 'station:S1', released: { as: 'station', by: 'S1: Li', reason: 'end of the test' } }],
    });
    expect(await report(peer, name, token)).toMatchObject({ code: 406 });
    expect(await refusalsOf(name)).toEqual(['token-used app_bind_token']);
  });

  it('is the same for a repeated request, and of its station alone', async () => {
    const { deviceName } = nextTriple();
    const first = await make(deviceName, 'same');
    expect(await make(deviceName, 'same')).toEqual(first);
    const other = { productId: PRODUCT, deviceName: null, key: 'same' };
    expect(await setup.post('/v1/bind-tokens', other)).toMatchObject({ status: 409 });
    const atOther = await setup.post('/v1/bind-tokens', other, 'S2');
    expect(atOther.status).toBe(200);
    expect(atOther.body.token).not.toBe(first.token);
    expect(await read(first.tokenId, 'S2')).toMatchObject({ status: 404 });
    expect(
      await setup.post('/v1/bind-tokens', { productId: PRODUCT, deviceName, key: 'k' }, 'S2'),
    ).toMatchObject({ status: 403 });
    expect(await unbind(deviceName, {}, 'S2')).toMatchObject({ status: 403 });
    expect(
      await setup.post('/v1/bind-tokens', { productId: 'NOPRODUCT1', deviceName: null, key: 'k' }),
    ).toMatchObject({ status: 404 });
  });

  it('is refused when it is unknown, of another device, expired or withdrawn, with a reason', async () => {
    const [mine, other] = [nextTriple(), nextTriple()];
    await using peer = await connect(mine);
    const name = mine.deviceName;
    const ofOther = await make(other.deviceName);
    const expired = await make(name, 'expired', { lifeMs: 1000 });
    const withdrawn = await make(name, 'withdrawn');
    expect((await setup.post(`/v1/bind-tokens/${withdrawn.tokenId}/withdraw`, {})).body).toMatchObject({
      state: 'withdrawn',
    });
    nowMs += 1000;
    for (const token of [
      `v3_${'0'.repeat(29)}`,
      ofOther.token,
      expired.token,
      withdrawn.token,
      'x'.repeat(100),
    ])
      expect(await report(peer, name, token)).toMatchObject({ code: 406 });
    expect((await read(expired.tokenId)).body).toMatchObject({ state: 'expired' });
    expect((await read(ofOther.tokenId)).body).toMatchObject({
      state: 'made',
      refusedBy: { deviceName: name },
    });
    expect((await refusalsOf(name)).toSorted()).toEqual([
      'content-wrong app_bind_token',
      'token-expired app_bind_token',
      'token-of-another app_bind_token',
      'token-unknown app_bind_token',
      'token-used app_bind_token',
    ]);
  });

  it('of a product is for the first of two devices that race for it', async () => {
    const two = [nextTriple(), nextTriple()];
    const { tokenId, token } = await make(null);
    const peers = await Promise.all(two.map(connect));
    const replies = await Promise.all(peers.map((peer, i) => report(peer, two[i]?.deviceName ?? '', token)));
    expect(replies.map(({ code }) => code).toSorted()).toEqual([0, 406]);
    const winner = two[replies.findIndex(({ code }) => code === 0)];
    expect((await read(tokenId)).body).toMatchObject({ reportedBy: { deviceName: winner?.deviceName } });
    for (const peer of peers) await peer[Symbol.asyncDispose]();
  });

  it('does not bind a device that is bound, until it releases itself', async () => {
    const triple = nextTriple();
    const name = triple.deviceName;
    await using peer = await connect(triple);
    const first = await make(name);
    const second = await make(null);
    await report(peer, name, first.token);
    await bind(first.tokenId, 'customer');
    expect(await peer.next(down(name))).toMatchObject({ method: 'bind_device' });
    expect(await report(peer, name, second.token)).toMatchObject({ code: 406 });
    expect(await refusalsOf(name)).toEqual(['device-bound app_bind_token']);
    expect(
      await setup.post('/v1/bind-tokens', { productId: PRODUCT, deviceName: name, key: 'n' }),
    ).toMatchObject({ status: 409, body: { details: { owner: 'customer' } } });
    const reply = peer.next(down(name));
    await peer.client.publishAsync(
      `$thing/up/service/${PRODUCT}/${name}`,
      '{"method":"unbind_device","clientToken":"u"}',
    );
    expect(await reply).toMatchObject({ method: 'unbind_device_reply', code: 0 });
    expect(await ownerOf(name)).toMatchObject({ owner: null, past: [{ released: { as: 'device' } }] });
    expect(await report(peer, name, second.token)).toMatchObject({ code: 0 });
  });

  it('survives a restart of the registry between report and binding; a device that was away is told later', async () => {
    const triple = nextTriple();
    const name = triple.deviceName;
    const { tokenId, token } = await make(name);
    {
      await using peer = await connect(triple);
      await report(peer, name, token);
    }
    await setup.restart();
    expect((await bind(tokenId, 'station:S1')).body).toMatchObject({ state: 'bound' });
    expect((await unbind(name)).body).toEqual({ released: true, told: false });
    await using peer = await connect(triple);
    expect(await peer.next(down(name))).toMatchObject({ method: 'unbind_device' });
    expect((await unbind(name)).body).toEqual({ released: false, told: true });
  });

  it('binds a device that was released while it was away, and does not tell it of the release meanwhile', async () => {
    const triple = nextTriple();
    const name = triple.deviceName;
    const first = await make(name);
    {
      await using peer = await connect(triple);
      await report(peer, name, first.token);
    }
    await bind(first.tokenId, 'station:S1');
    expect((await unbind(name)).body).toEqual({ released: true, told: false });
    const second = await make(name);
    await using peer = await connect(triple);
    // The first message that it gets is the reply.
    expect(await report(peer, name, second.token)).toMatchObject({ method: 'app_bind_token_reply', code: 0 });
    expect((await bind(second.tokenId, 'station:S1')).body).toMatchObject({ state: 'bound' });
    expect(await peer.next(down(name))).toMatchObject({ method: 'bind_device' });
  });

  it('tells a device of its release when the token that was made since is withdrawn', async () => {
    const triple = nextTriple();
    const name = triple.deviceName;
    const first = await make(name);
    {
      await using peer = await connect(triple);
      await report(peer, name, first.token);
    }
    await bind(first.tokenId, 'station:S1');
    await unbind(name);
    const second = await make(name);
    await setup.post(`/v1/bind-tokens/${second.tokenId}/withdraw`, {});
    await using peer = await connect(triple);
    expect(await peer.next(down(name))).toMatchObject({ method: 'unbind_device' });
  });

  it('is in no file and no log of the registry', () => {
    const texts = tokens.map((token) => token.slice(3));
    const log = JSON.stringify(setup.tap.entries);
    const files = readdirSync(setup.dataDir).map((name) => join(setup.dataDir, name));
    const contents = files.flatMap((file) => {
      try {
        return [readFileSync(file).toString('latin1')];
      } catch {
        return [];
      }
    });
    expect(contents.some((content) => content.includes('bind_tokens'))).toBe(true);
    for (const token of texts) {
      expect(log).not.toContain(token);
      expect(contents.filter((content) => content.includes(token))).toEqual([]);
    }
  });
});

describe('events of a device', () => {
  it('are kept with their parameters and times, the newest of each device', async () => {
    const triple = nextTriple();
    const name = triple.deviceName;
    await using peer = await connect(triple);
    const up = `$thing/up/event/${PRODUCT}/${name}`;
    const one = { eventId: 'low_battery', type: 'alert', timestamp: 1_700_000_000_123, params: { level: 7 } };
    await peer.client.publishAsync(up, JSON.stringify({ method: 'event_post', clientToken: 'a', ...one }), {
      qos: 1,
    });
    const path = `/v1/devices/${PRODUCT}/${name}/events`;
    const { body } = await setup.get(path);
    expect(body.events).toEqual([
      {
        eventNumber: body.last,
        event: 'low_battery',
        type: 'alert',
        params: { level: 7 },
        deviceAtMs: 1_700_000_000_123,
        receivedAtMs: nowMs,
      },
    ]);
    for (let i = 0; i < 5; i++)
      await peer.client.publishAsync(
        up,
        JSON.stringify({
          method: 'events_post',
          events: Array.from({ length: 45 }, (_, n) => ({ eventId: `e${i * 45 + n}` })),
        }),
        { qos: 1 },
      );
    const after = (await setup.get(`${path}?since=${String(body.last)}`)).body.events as { event: string }[];
    expect(after).toHaveLength(200);
    expect(after.at(-1)).toMatchObject({ event: 'e224', type: '', params: {}, deviceAtMs: null });
  });
});
